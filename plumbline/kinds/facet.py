"""A facet: what AWS reads of a resource by a call of its own, with everything about it stated once."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from plumbline.aws.fact import Fact
from plumbline.kinds.call import Asked, Call
from plumbline.terraform.declared import Beside, Declaration
from plumbline.values.model import Model
from plumbline.values.unknown import Undetermined

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

Fields = Mapping[str, Any]
"""The values of a facet's fields: each is a value, a placeholder, or a function that gives one of these."""


@dataclass(frozen=True)
class Request:
    """A call that makes a setting in moto."""

    operation: str
    parameters: Mapping[str, Any]


Requests = Generator[Request, dict[str, Any], None]
"""What is requested one after the other; each gets the answer to the one before it."""


def request(operation: str, **parameters: Any) -> Request:
    """Return the request with these parameters: `request("s3:PutBucketTagging", Bucket=..., Tagging=...)`."""
    return Request(operation, parameters)


@dataclass(frozen=True)
class Found:
    """What the calls of a facet gave: its fields, and the call that they came from."""

    fields: Fields | Fact
    """Also a fact, or with facts in it, that are still on their way."""
    where: str
    places: Mapping[str, str] = field(default_factory=dict)
    """The calls of single fields, where those are others."""


class Facet(Model):
    """A part of a named resource. Its fields are attributes of the resource, and keys of its YAML."""

    extends: ClassVar[str] = ""
    """The noun of the kind that it extends, where it comes from outside this package."""
    call: ClassVar[Call | None] = None
    """The call that reads it, where that is one."""
    further_calls: ClassVar[tuple[Call, ...]] = ()
    """The other calls that `read` makes."""
    beside: ClassVar[Beside | None] = None
    """The Terraform resources that declare it, where it is not the resource itself that does."""
    arguments: ClassVar[Mapping[str, str]] = {}
    """The argument or block that a field is declared in, where that has another name."""
    follows: ClassVar[tuple[str, ...]] = ()
    """Fields of other facets that AWS wants to be there before this one is requested."""

    name: str
    """The resource's."""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        """Return the fields as Terraform declares them.

        Raises `Undetermined` where the source does not give them, and `ReadError` for what is malformed.
        """
        raise Undetermined("Terraform does not declare this")

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        """Return the fields as the answer to `call` describes them.

        What the answer lacks may end in a KeyError or the like: it is told as an answer that is not AWS's.
        """
        raise Undetermined("the AWS API does not describe this")

    def requested(self) -> Requests:
        """Yield what makes moto hold these fields, in order; what comes back is the answer."""
        yield from ()

    @classmethod
    def calls(cls) -> tuple[Call, ...]:
        """Return all calls that it is read with."""
        return (*([cls.call] if cls.call else []), *cls.further_calls)

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start what reads the facet in an account. Raises what `described` raises, and `Missing`."""
        if cls.call is None:
            return Found(cls.described({}, asked), "")
        reply = asked.ask(cls.call)
        return Found(
            reply.at("@").map(lambda answer: _checked(cls.described(answer, asked), reply.call)), reply.call
        )


def _checked(fields: Fields, call: str) -> Fields:
    """Return the fields so that a function which cannot make its value of the answer says so of the call."""
    return {name: _made(value, call) if callable(value) else value for name, value in fields.items()}


def _made(value: Callable[[], Any], call: str) -> Fact:
    return Fact(lambda: None, call).map(lambda _: value())


def own_fields(facet: type[Facet]) -> tuple[str, ...]:
    """Return the fields that a facet itself declares, in order."""
    annotated = inspect.get_annotations(facet)
    return tuple(name for name in facet.model_fields if name in annotated)
