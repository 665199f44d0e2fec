"""What no test notices: every single edit of conforming evidence, and those that turn nothing red.

A mutation is thought of by whoever wrote a test. Here the edits are made by rule, of the reference Terraform
and of the requests that the account is made by. What survives is listed with its reason in
`selftest/stacks/<stack>/survivors.yaml`, and made anew by `make survivors`.
"""
