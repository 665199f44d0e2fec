"""Policy documents: read from JSON, compared by meaning, written back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, NoReturn, Self, TypeAlias

from pydantic import WrapValidator

from plumbline.policy.conditions import condition_holds, is_operator
from plumbline.policy.context import Context
from plumbline.policy.matching import (
    Match,
    action_matches,
    every,
    exception_covers,
    opposite,
    principal_matches,
    resource_matches,
    some,
)
from plumbline.values.model import Model, Text, keep_placeholder
from plumbline.values.unknown import Placeholder, ReadError

Principal: TypeAlias = tuple[str, str]
"""Who asks, by type and name: `("Service", "s3.amazonaws.com")`, `("AWS", "arn:aws:iam::...:role/x")`."""


Sort: TypeAlias = Literal["identity", "trust", "resource"]
"""What a document is a policy of: of a role, user or group, of who may assume a role, of a resource.

Source: IAM User Guide, "IAM JSON policy element reference".
"""


class Statement(Model):
    """One statement: whom it allows or denies which actions on which resources, and under what conditions.

    Source: IAM User Guide, "IAM JSON policy elements reference".
    """

    effect: Literal["Allow", "Deny"]
    actions: list[Text] = []
    not_actions: list[Text] = []
    resources: list[Text] = []
    not_resources: list[Text] = []
    principals: dict[str, list[Text]] = {}
    """Names by type: AWS, Service, Federated, CanonicalUser. Everybody is `{"AWS": ["*"]}`."""
    not_principals: dict[str, list[Text]] = {}
    conditions: dict[str, dict[str, list[Text]]] = {}
    """What each key is compared with, by operator: `{"Bool": {"aws:SecureTransport": ["true"]}}`."""

    def applies(self, action: str, resource: str, principal: Principal | None, context: Context) -> Match:
        """Return whether the statement is about this request.

        Where the resource has wildcards of its own, an Allow must cover all of it, a Deny any part of it.
        Without a principal it is taken to be about whoever asks.
        """
        asker = True if principal is None else self._is_about(principal)
        return every([self._names(action), self._covers(resource), asker, *self._conditions(context)])

    def concerns(self, places: Sequence[str], principal: Principal | None, context: Context) -> Match:
        """Return whether the statement is about this principal on one of these places, whatever it does."""
        asker = True if principal is None else self._is_about(principal)
        return every([some(map(self._covers, places)), asker, *self._conditions(context)])

    def _names(self, action: str) -> Match:
        if self.not_actions:
            return opposite(some(action_matches(pattern, action) for pattern in self.not_actions))
        return some(action_matches(pattern, action) for pattern in self.actions)

    def _covers(self, resource: str) -> Match:
        if self.not_resources:
            denies = self.effect == "Deny"
            excepted = [exception_covers(it, resource, in_part=not denies) for it in self.not_resources]
            return opposite(some(excepted))
        if not self.resources:  # a trust policy names none: it belongs to one
            return True
        in_part = self.effect == "Deny"
        return some(resource_matches(pattern, resource, in_part=in_part) for pattern in self.resources)

    def _is_about(self, principal: Principal) -> Match:
        type_, name = principal
        if self.not_principals:
            listed = [principal_matches(entry, name) for entry in self.not_principals.get(type_, [])]
            if type_ == "AWS" and listed.count(True) == 1:
                return f"NotPrincipal names {name} or its account, and not both"
            return opposite(some(listed))
        if not self.principals:  # a policy of a role's own: about that role
            return True
        named = [principal_matches(entry, name) for entry in self.principals.get(type_, [])]
        everybody = [principal_matches(entry, "*") for entry in self.principals.get("AWS", [])]
        return some([*named, *everybody])

    def _conditions(self, context: Context) -> Iterator[Match]:
        for operator, keys in self.conditions.items():
            for key, values in keys.items():
                yield condition_holds(operator, key, values, context)


class Policy(Model):
    """A policy document. Two are equal if they differ in the order of lists or in single-value lists only."""

    statements: list[Statement] = []

    @classmethod
    def read(cls, document: object, where: str, of: Sort | None = None) -> Self:
        """Return the document, given as JSON text or as a mapping; `of` says what it is a policy of.

        Raises `ReadError` for what is no policy document, saying where it stands and what is wrong with it.
        """
        try:
            return cls(statements=sorted(_statements(document, of), key=str))
        except (ValueError, RecursionError) as error:
            message = f"{where}: no IAM policy document: {error}"
            advice = "aws accessanalyzer validate-policy says what IAM thinks of it."
            raise ReadError(message, cause=message, advice=advice) from None

    def as_json(self) -> str:
        """Return the document as AWS takes it. Raises `Undetermined` where something in it is not known."""
        document = {"Version": "2012-10-17", "Statement": [_written(it) for it in self.statements]}
        return json.dumps(document, default=_refused)


Document = Annotated[Policy, WrapValidator(keep_placeholder)]
"""A policy inside a list or mapping that the evidence may not give."""


_ELEMENTS = {
    "Action": "actions",
    "NotAction": "not_actions",
    "Resource": "resources",
    "NotResource": "not_resources",
}
_PRINCIPALS = {"Principal": "principals", "NotPrincipal": "not_principals"}
_OTHERS = {"Effect", "Sid", "Condition"}
_VERSIONS = ("2012-10-17", "2008-10-17")
_ALTERNATIVES = (("Action", "NotAction"), ("Resource", "NotResource"), ("Principal", "NotPrincipal"))
_DEMANDED: dict[Sort | None, tuple[tuple[str, str], ...]] = {
    None: (),
    "identity": _ALTERNATIVES[1:2],
    "trust": (("Principal", "Principal"),),
    "resource": _ALTERNATIVES[1:],
}
_FORBIDDEN: dict[Sort | None, set[str]] = {
    None: set(),
    "identity": {*_PRINCIPALS},
    "trust": {"Resource", "NotResource", "NotPrincipal"},
    "resource": set(),
}
_SAID_OF: dict[Sort | None, str] = {
    "identity": "a policy of a role, user or group",
    "trust": "a trust policy",
}


def _statements(document: object, of: Sort | None) -> list[Statement]:
    mapping = json.loads(document) if isinstance(document, str) else document
    if not isinstance(mapping, Mapping):
        raise ValueError(f"it is {mapping!r}, not an object")
    for element in mapping.keys() - {"Version", "Id", "Statement"}:
        raise ValueError(f"it has the element {element!r}, which IAM does not know")
    if mapping.get("Version", _VERSIONS[0]) not in _VERSIONS:
        raise ValueError(f"its Version is {mapping['Version']!r}, and IAM knows {' and '.join(_VERSIONS)}")
    if mapping.get("Statement") is None:
        raise ValueError("it has no Statement")
    given = _listed(mapping["Statement"])
    if of in ("identity", "trust"):
        _refuse_sids([it.get("Sid") for it in given if isinstance(it, Mapping)])
    return [_statement(each, f"statement {n}", of) for n, each in enumerate(given, 1)]


def _refuse_sids(sids: list[Any]) -> None:
    """Raise `ValueError` for what IAM takes for no id.

    Source: IAM User Guide, "IAM JSON policy elements: Sid".
    """
    for sid in sids:
        if sid and not (isinstance(sid, str) and re.fullmatch("[A-Za-z0-9]*", sid)):
            raise ValueError(f"the Sid {sid!r} has more in it than letters and digits")
        if sid and sids.count(sid) > 1:
            raise ValueError(f"two statements have the Sid {sid!r}")


def _statement(given: Any, which: str, of: Sort | None) -> Statement:
    given = _object(given, which)
    for element in given.keys() - _ELEMENTS.keys() - _PRINCIPALS.keys() - _OTHERS:
        raise ValueError(f"{which} has the element {element!r}, which IAM does not know")
    if given.get("Effect") not in ("Allow", "Deny"):
        raise ValueError(f"{which} has the Effect {given.get('Effect')!r}, which is neither Allow nor Deny")
    for one, other in _ALTERNATIVES:
        if one in given and other in given:
            raise ValueError(f"{which} has both {one} and {other}")
    for one, other in (_ALTERNATIVES[0], *_DEMANDED[of]):
        if not any(_says_any(name, given.get(name)) for name in (one, other)):
            raise ValueError(f"{which} has neither {one} nor {other}")
    for element in _FORBIDDEN[of] & given.keys():
        raise ValueError(f"{which} has a {element}, which {_SAID_OF[of]} must not have")
    fields: dict[str, Any] = {field: _texts(given.get(name), which) for name, field in _ELEMENTS.items()}
    fields |= {field: _who(given.get(name), which) for name, field in _PRINCIPALS.items()}
    for element, field in _PRINCIPALS.items():
        if element in given and not any(fields[field].values()):
            raise ValueError(f"{which} has a {element} that names nobody")
    _refuse_malformed(fields, which, of)
    conditions = _object(given.get("Condition") or {}, which)
    for operator in conditions:
        if not is_operator(operator):
            raise ValueError(f"{which} has the condition operator {operator!r}, which IAM does not know")
    fields["conditions"] = {operator: _lists(keys, which) for operator, keys in conditions.items()}
    return Statement(effect=given["Effect"], **fields)


def _refuse_malformed(fields: Mapping[str, Any], which: str, of: Sort | None) -> None:
    """Raise `ValueError` for an action without its service, and for what is no ARN in a role's policy."""
    for action in (*fields["actions"], *fields["not_actions"]):
        if action != "*" and ":" not in action:
            raise ValueError(f"{which} has the action {action!r}, which does not name its service")
    for resource in (*fields["resources"], *fields["not_resources"]) if of == "identity" else ():
        if resource != "*" and not resource.startswith(("arn:", "${")):
            raise ValueError(f"{which} has the resource {resource!r}, which is neither an ARN nor *")


def _who(given: Any, which: str) -> dict[str, list[str]]:
    return {"AWS": ["*"]} if given == "*" else _lists(given or {}, which)


def _lists(given: Any, which: str) -> dict[str, list[str]]:
    return {name: _texts(values, which) for name, values in _object(given, which).items()}


def _object(given: Any, which: str) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise ValueError(f"{which} has {given!r} where an object must stand")
    return given


def _texts(given: Any, which: str) -> list[str]:
    """Return the texts of an element, each once and sorted: IAM takes them as a set."""
    texts = [_text(each) for each in _listed(given)]
    if not all(isinstance(text, str) for text in texts):
        raise ValueError(f"{which} has {given!r} where a text or a list of texts must stand")
    return sorted(set(texts))


def _text(given: Any) -> Any:
    """Return a value as IAM reads it: `true` and `5` under a condition are texts too."""
    if isinstance(given, bool):
        return str(given).lower()
    return str(given) if isinstance(given, int) else given


def _says_any(element: str, given: Any) -> bool:
    """Return whether an element names anything; of principals, of whatever sort they are."""
    if element in _PRINCIPALS and isinstance(given, Mapping):
        return any(map(_listed, given.values()))
    return bool(_listed(given))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _refused(value: Placeholder) -> NoReturn:
    value.refuse()


def _written(statement: Statement) -> dict[str, Any]:
    fields = {**_ELEMENTS, **_PRINCIPALS, "Condition": "conditions"}
    given = {element: getattr(statement, field) for element, field in fields.items()}
    return {"Effect": statement.effect, **{element: value for element, value in given.items() if value}}
