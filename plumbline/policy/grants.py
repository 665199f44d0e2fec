"""What policies grant of DynamoDB too widely, and where else than in their own account and region."""

from __future__ import annotations

from collections.abc import Iterator

from plumbline.policy.document import Policy, Statement
from plumbline.policy.matching import arn_glob, glob

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
    """Yield the DynamoDB ARNs of a policy that are not all of this account and region."""
    for statement in policy.statements:
        for pattern in [*statement.resources, *statement.not_resources]:
            parts = pattern.split(":")
            if len(parts) > 2 and parts[2] == "dynamodb" and parts[3:5] != [region, account]:
                yield pattern


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
    """Yield the actions of DynamoDB that a statement grants, as it writes them."""
    for pattern in statement.actions:
        if glob(pattern.lower().partition(":")[0]).fullmatch("dynamodb"):
            yield pattern
    excepted = statement.not_actions
    if excepted and not any(glob(it.lower()).fullmatch("dynamodb:*") for it in excepted):
        yield f"all but {', '.join(excepted)}"


def _is_every_action(action: str) -> bool:
    return action.startswith("all but ") or not action.rpartition(":")[2].strip("*?")


def _is_of_dynamodb(pattern: str) -> bool:
    """Return whether a pattern of ARNs can name a resource of DynamoDB."""
    parts = pattern.split(":")
    return len(parts) < 3 or bool(glob(parts[2]).fullmatch("dynamodb"))


def _is_every_table(pattern: str) -> bool:
    """Return whether a pattern covers every table, or every index, of some account and region."""
    given = dict(enumerate(pattern.split(":")))
    place = [part if not {"*", "?"} & {*part} else "any" for part in (given.get(n, "*") for n in (1, 3, 4))]
    partition, region, account = place
    names = ("table/\0", "table/\0/index/\0")
    return any(
        arn_glob(pattern).fullmatch(f"arn:{partition}:dynamodb:{region}:{account}:{name}") for name in names
    )
