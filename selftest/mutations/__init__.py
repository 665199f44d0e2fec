"""For every invariant and source, a change of conforming evidence that turns exactly this invariant red.

The mutations themselves are data of a stack, and lie under its name in selftest/stacks. Evidence is changed
as it changes in reality: on hcl by editing the Terraform source, on plan and state by editing their JSON, on
moto and live through the AWS API. To be quick, the suite's tests are called in this process.
"""
