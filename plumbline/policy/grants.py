"""What policies grant of DynamoDB too widely, and where else than in their own account and region."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from plumbline.policy.context import Context
from plumbline.policy.document import Policy, Principal, Statement
from plumbline.policy.matching import arn_glob, glob, refuse, undecided
from plumbline.values.unknown import Placeholder

WITHOUT_RESOURCE = frozenset(
    {
        "dynamodb:describeendpoints",
        "dynamodb:describelimits",
        "dynamodb:describereservedcapacity",
        "dynamodb:describereservedcapacityofferings",
        "dynamodb:getabacstatus",
        "dynamodb:injecterror",
        "dynamodb:listbackups",
        "dynamodb:listcontributorinsights",
        "dynamodb:listglobaltables",
        "dynamodb:liststreams",
        "dynamodb:listtables",
        "dynamodb:purchasereservedcapacityofferings",
        "dynamodb:updateabacstatus",
    }
)
"""The actions that take no resource but `*`, in lower case. Source: service authorization reference."""


def dynamodb_wildcards(policy: Policy) -> Iterator[str]:
    """Yield what an Allow statement grants of every table, or of every action: `dynamodb:* on ...`."""
    for statement in policy.statements:
        if statement.effect == "Allow":
            yield from _wildcards(statement)


def dynamodb_elsewhere(policy: Policy, account: str, region: str) -> Iterator[str]:
    """Yield the DynamoDB ARNs of a policy that are not all of this account and region.

    A Deny on such an ARN keeps its holder out of it, wherever that is.
    """
    for statement in policy.statements:
        named = statement.resources if statement.effect == "Allow" else []
        for pattern in [*named, *statement.not_resources]:
            parts = pattern.split(":")
            if len(parts) > 2 and parts[2] == "dynamodb" and parts[3:5] != [region, account]:
                yield pattern


def dynamodb_denied(
    policy: Policy, principal: Principal | None, places: Sequence[str], context: Context
) -> list[str]:
    """Return the actions that a policy denies a principal on some of these places, as it writes them.

    Raises `Undetermined` where it denies nothing for certain, and a denial hangs on what is not known.
    Without a principal every denial is about whoever asks.
    """
    found: list[str] = []
    doubts: list[Placeholder | str] = []
    for statement in policy.statements:
        actions = [*_granted(statement)] if statement.effect == "Deny" else []
        match = statement.concerns(places, principal, context) if actions else False
        if match is True:
            found += actions
        else:
            doubts += undecided([match])
    if not found:
        refuse(doubts)
    return found


def _wildcards(statement: Statement) -> Iterator[str]:
    if statement.not_resources:
        everywhere = places = [f"all but {', '.join(statement.not_resources)}"]
    else:
        places = [pattern for pattern in statement.resources if _is_of_dynamodb(pattern)]
        everywhere = [pattern for pattern in places if _is_every_table(pattern)]
    for action in _granted(statement):
        if _is_every_action(action):
            yield from (f"{action} on {place}" for place in places)
        elif action.lower() not in WITHOUT_RESOURCE:
            yield from (f"{action} on {place}" for place in everywhere)


def _granted(statement: Statement) -> Iterator[str]:
    """Yield the actions of DynamoDB that a statement grants or denies, as it writes them."""
    for pattern in statement.actions:
        if glob(pattern.lower().partition(":")[0])("dynamodb"):
            yield pattern
    excepted = statement.not_actions
    if excepted and not any(glob(it.lower())("dynamodb:*") for it in excepted):
        yield f"all but {', '.join(excepted)}"


def _is_every_action(action: str) -> bool:
    return action.startswith("all but ") or not action.rpartition(":")[2].strip("*?")


def _is_of_dynamodb(pattern: str) -> bool:
    """Return whether a pattern of ARNs can name a resource of DynamoDB."""
    parts = pattern.split(":")
    return len(parts) < 3 or glob(parts[2])("dynamodb")


def _is_every_table(pattern: str) -> bool:
    """Return whether a pattern covers every table, or every index, of some account and region."""
    given = dict(enumerate(pattern.split(":")))
    place = [part if not {"*", "?"} & {*part} else "any" for part in (given.get(n, "*") for n in (1, 3, 4))]
    partition, region, account = place
    names = ("table/\0", "table/\0/index/\0")
    return any(arn_glob(pattern)(f"arn:{partition}:dynamodb:{region}:{account}:{name}") for name in names)
