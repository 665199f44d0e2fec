"""Policy documents: read from JSON, compared by meaning, written back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import WrapValidator

from plumbline.policy.matching import (
    Match,
    action_matches,
    condition_holds,
    every,
    exception_covers,
    opposite,
    principal_matches,
    resource_matches,
    some,
)
from plumbline.values.model import Model, Text, keep_placeholder
from plumbline.values.unknown import ReadError

Principal: TypeAlias = tuple[str, str]
"""Who asks, by type and name: `("Service", "s3.amazonaws.com")`, `("AWS", "arn:aws:iam::...:role/x")`."""


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

    def applies(
        self, action: str, resource: str, principal: Principal | None, context: Mapping[str, str]
    ) -> Match:
        """Return whether the statement is about this request.

        Where the resource has wildcards of its own, an Allow must cover all of it, a Deny any part of it.
        Without a principal it is taken to be about whoever asks.
        """
        asker = True if principal is None else self._is_about(principal)
        return every([self._names(action), self._covers(resource), asker, *self._conditions(context)])

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

    def _conditions(self, context: Mapping[str, str]) -> Iterator[Match]:
        known = {key.lower(): value for key, value in context.items()}
        for operator, keys in self.conditions.items():
            for key, values in keys.items():
                yield condition_holds(operator, key, values, known.get(key.lower()))


class Policy(Model):
    """A policy document. Two are equal if they differ in the order of lists or in single-value lists only."""

    statements: list[Statement] = []

    @classmethod
    def read(cls, document: object, where: str) -> Self:
        """Return the document, given as JSON text or as a mapping.

        Raises `ReadError` for what is no policy document, saying where it stands and what is wrong with it.
        """
        try:
            return cls(statements=sorted(_statements(document), key=str))
        except ValueError as error:
            message = f"{where}: no IAM policy document: {error}"
            advice = "aws accessanalyzer validate-policy says what IAM thinks of it."
            raise ReadError(message, cause=message, advice=advice) from None

    def as_json(self) -> str:
        """Return the document as AWS takes it."""
        return json.dumps({"Version": "2012-10-17", "Statement": [_written(it) for it in self.statements]})


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


def _statements(document: object) -> list[Statement]:
    mapping = json.loads(document) if isinstance(document, str) else document
    if not isinstance(mapping, Mapping):
        raise ValueError(f"it is {mapping!r}, not an object")
    return [_statement(each, f"statement {n}") for n, each in enumerate(_listed(mapping.get("Statement")), 1)]


def _statement(given: Any, which: str) -> Statement:
    given = _object(given, which)
    for element in given.keys() - _ELEMENTS.keys() - _PRINCIPALS.keys() - _OTHERS:
        raise ValueError(f"{which} has the element {element!r}, which IAM does not know")
    if given.get("Effect") not in ("Allow", "Deny"):
        raise ValueError(f"{which} has the Effect {given.get('Effect')!r}, which is neither Allow nor Deny")
    for one, other in (("Action", "NotAction"), ("Resource", "NotResource"), ("Principal", "NotPrincipal")):
        if one in given and other in given:
            raise ValueError(f"{which} has both {one} and {other}")
    if not {"Action", "NotAction"} & given.keys():
        raise ValueError(f"{which} has neither Action nor NotAction")
    fields: dict[str, Any] = {field: _texts(given.get(name), which) for name, field in _ELEMENTS.items()}
    fields |= {field: _who(given.get(name), which) for name, field in _PRINCIPALS.items()}
    conditions = _object(given.get("Condition") or {}, which)
    fields["conditions"] = {operator: _lists(keys, which) for operator, keys in conditions.items()}
    return Statement(effect=given["Effect"], **fields)


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


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _written(statement: Statement) -> dict[str, Any]:
    fields = {**_ELEMENTS, **_PRINCIPALS, "Condition": "conditions"}
    given = {element: getattr(statement, field) for element, field in fields.items()}
    return {"Effect": statement.effect, **{element: value for element, value in given.items() if value}}
