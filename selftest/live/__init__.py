"""Live runs of the suite, as their users start them, against the applied environments.

`faults` breaks one thing of an account; `endpoint` stands in front of an account, records what it is asked,
and can answer in its place as AWS does on a bad day.
"""
