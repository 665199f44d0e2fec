"""The IAM actions that AWS knows, so that a permission which does not exist is refused where it is stated.

Source: service authorization reference, "Actions, resources, and condition keys for AWS services". The table
is made by `python -m selftest.policy.record_actions`.
"""

from __future__ import annotations

import functools
import gzip
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from plumbline.values.mistakes import did_you_mean

TABLE = Path(__file__).parent / "iam_actions.txt.gz"
"""A line for each service: its prefix and its actions; those that change nothing begin with a `-`."""

_READING = re.compile(
    r"(Admin|Batch|Transact)?(Check|Describe|Estimate|Filter|Get|Head|List|Lookup|Query|Scan|Search|Select|Simulate"
    r"|StartQuery|StopQuery|Test|Validate|View)(?=[A-Z]|$)"
)
"""How operations that change nothing are called; all others do until somebody has looked at them."""


@functools.cache
def _actions() -> Mapping[str, Mapping[str, bool]]:
    """Return whether each action only reads, by service prefix and action."""
    lines = (line.split() for line in gzip.decompress(TABLE.read_bytes()).decode().splitlines())
    return {
        service: {name.removeprefix("-"): name.startswith("-") for name in names} for service, *names in lines
    }


def services() -> Collection[str]:
    """Return the prefixes of all services, as actions begin with them: `dynamodb`."""
    return _actions().keys()


def actions(service: str) -> Collection[str]:
    """Return the names of a service's actions; none for a service that AWS does not know."""
    return _actions().get(service, {}).keys()


def unpermitted(action: str, *, reads: bool) -> Iterator[str]:
    """Yield why an action can be no permission of a call: it is unknown, or more than the call `reads`."""
    try:
        if not only_reads(action) and reads:
            yield f"{action} does more than read"
    except ValueError as told:
        yield str(told)


def changing(operation: str, permission: str) -> Iterator[str]:
    """Yield why an operation is no read, whatever permission is stated for it.

    Of what it does its own action tells, where there is one: under the prefix of its service, or of the
    permission where IAM calls the service otherwise (`elasticloadbalancing:` of `elbv2:`). Its name tells,
    too: AWS counts `sqs:ReceiveMessage` among the reads, and it hides the message from everybody else.
    """
    service, _, name = operation.partition(":")
    own = (f"{it}:{name}" for it in {service: 0, permission.partition(":")[0]: 0} if name in actions(it))
    if not _READING.match(name) or not all(map(only_reads, own)):
        yield f"{operation} does more than read"


def only_reads(action: str) -> bool:
    """Return whether an action such as `s3:GetBucketTagging` only reads or lists.

    Raises `ValueError` for an action that AWS does not know; the message has the nearest one.
    """
    service, _, name = action.partition(":")
    known = _actions().get(service)
    if known is None:
        raise ValueError(
            f"no IAM action {action}: there is no service {service}{did_you_mean(service, _actions())}"
        )
    if name not in known:
        raise ValueError(f"no IAM action {action}{did_you_mean(name, known, f'{service}:')}")
    return known[name]
