"""Templates of IAM policies: what they allow once they are filled in, and what of it is too much."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from plumbline.policy.decision import decide
from plumbline.policy.document import Policy, Statement
from plumbline.policy.grants import dynamodb_wildcards
from plumbline.policy.matching import arn_glob
from plumbline.values.unknown import Undetermined

_PLACEHOLDER = re.compile(
    r"\$\{(?!aws:)[^}]*\}|\{\{[^}]*\}\}|<[^<>]*>|\$[A-Za-z_]\w*|%[A-Z_]\w*%|@[A-Z_]\w*@|#\{[^}]*\}#?"
)
"""What is filled in before the template is used: `${account}`, `{{ account }}`, `<account>`, `$ACCOUNT`,
`%ACCOUNT%`, `@ACCOUNT@`, `#{account}#`.

`${aws:username}` is a variable of IAM itself.
"""


_MARK = "filled-in"
_ANY_ARN = f"arn:aws:{_MARK}:::{_MARK}"


def too_wide(document: str, where: str) -> list[str]:
    """Return what a template grants that no role needs: every action, or a whole service on everything.

    Source: IAM User Guide, "Apply least-privilege permissions". Raises `ReadError` for what is no policy.
    """
    policy = _filled_in(document, where)
    found = [*dynamodb_wildcards(policy), *(told for each in policy.statements for told in _all_of(each))]
    return list(dict.fromkeys(found))


def refused(document: str, actions: Sequence[str], resource: str, where: str) -> list[str]:
    """Return which of the actions on a resource a template does not allow, however it is filled in.

    Raises `Undetermined` where an action or a condition is a placeholder, and `ReadError` for no policy.
    """
    policy = Policy.read(_PLACEHOLDER.sub("*", document), where)
    if any(_MARK in it for each in _filled_in(document, where).statements for it in each.actions):
        raise Undetermined(f"{where}: which actions it allows is filled in later")
    decisions = {action: decide([policy], action, resource) for action in actions}
    return [action for action, decision in decisions.items() if decision != "allowed"]


def _filled_in(document: str, where: str) -> Policy:
    """Return a template with a mark for each placeholder; one that is a whole text may be an action.

    It is a policy of a role, once it is filled in: what IAM refuses of such is refused.
    """
    whole = re.sub(rf'"(?:{_PLACEHOLDER.pattern})"', f'"{_MARK}:{_MARK}"', document)
    return Policy.read(_as_if_filled_in(_PLACEHOLDER.sub(_MARK, whole)), where, "identity")


def _as_if_filled_in(document: str) -> object:
    """Return a document in which what is filled in later may stand: any ARN, and no id."""
    try:
        told = json.loads(document)
    except (ValueError, RecursionError):
        return document  # which tells what is wrong with it
    statements = told.get("Statement") if isinstance(told, dict) else None
    for it in statements if isinstance(statements, list) else [statements]:
        if not isinstance(it, dict):
            continue
        if _MARK in str(it.get("Sid")):
            del it["Sid"]
        for element in {"Resource", "NotResource"} & it.keys():
            places = it[element] if isinstance(it[element], list) else [it[element]]
            it[element] = [_ANY_ARN if place == f"{_MARK}:{_MARK}" else place for place in places]
    return told


def _all_of(statement: Statement) -> Iterator[str]:
    if statement.effect != "Allow":
        return
    places = statement.resources or [f"all but {', '.join(statement.not_resources)}"]
    everything = [it for it in places if it.startswith("all but ") or _is_everything(it)]
    actions = statement.actions or [f"all but {', '.join(statement.not_actions)}"]
    for action in actions:
        service, _, name = action.partition(":")
        if action.startswith("all but ") or not service.strip("*?"):
            yield from (f"{action} on {place}" for place in places)
        elif not name.strip("*?"):
            yield from (f"{action} on {place}" for place in everything)


def _is_everything(pattern: str) -> bool:
    """Whether a pattern covers whatever resource of some service, account and region."""
    given = dict(enumerate(pattern.split(":", 5)))
    place = [part if not {"*", "?"} & {*part} else "any" for part in (given.get(n, "*") for n in range(1, 5))]
    matches = arn_glob(pattern)
    whatever = (f"arn:{':'.join(place)}:{resource}" for resource in ("\0", "\0/\0", "\0:\0"))
    return any(map(matches, whatever)) or not pattern.strip("*?")
