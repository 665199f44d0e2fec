"""What a policy says for certain, where it names things by what AWS, or apply, has still to choose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from plumbline.policy.document import Policy, Statement
from plumbline.values.unknown import Identity, Placeholder, Spelled

_SYMBOL = re.compile(r"\{([^{}]*)\}")
_NAMES_ONE = re.compile(r".*\.(?:\w+_)?(?:arn|bucket|id|name)")
"""The attributes of a resource that name it, or something of its own, and never anything more."""


def told_apart(policy: Policy) -> tuple[Policy, list[Placeholder]]:
    """Return what a policy says for certain, in texts, and what it hangs on besides.

    A name that is still to be chosen is no wildcard, whatever it will be.
    """
    doubts: list[Placeholder] = []
    statements = [_told(it, doubts) for it in policy.statements]
    return Policy(statements=[it for it in statements if it is not None]), doubts


def _told(statement: Statement, doubts: list[Placeholder]) -> Statement | None:
    """Return a statement in texts; None where it says nothing for certain."""
    of_actions = [it for it in (*statement.actions, *statement.not_actions) if isinstance(it, Placeholder)]
    resources, excepted = _texts(statement.resources), _texts(statement.not_resources)
    unknown = [it for it in (*resources, *excepted) if isinstance(it, Placeholder)]
    doubts += [*of_actions, *unknown]
    named = [it for it in resources if isinstance(it, str)]
    nothing_else = statement.resources and not named
    if of_actions or nothing_else or any(isinstance(it, Placeholder) for it in excepted):
        return None
    return statement.model_copy(update={"resources": named, "not_resources": excepted})


def _texts(names: Sequence[Any]) -> list[Any]:
    return [_text(it) for it in names]


def _text(name: Any) -> Any:
    """Return a name as a text that no pattern is mistaken for; as it is where that may be a wildcard."""
    if isinstance(name, Identity):
        return f"{{{name.origin}}}"
    if isinstance(name, Spelled) and all(map(_NAMES_ONE.fullmatch, _SYMBOL.findall(name.text))):
        return name.text
    return name
