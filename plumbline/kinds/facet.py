"""A facet: what AWS reads of a resource by a call of its own, with everything about it stated once."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from plumbline.aws.fact import Fact
from plumbline.kinds.call import Asked, Call, step_into
from plumbline.terraform.declared import Beside, Declaration
from plumbline.values.model import Model
from plumbline.values.unknown import Placeholder, Undetermined

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

NOT_DECLARED = "Terraform does not declare this"
NOT_DESCRIBED = "the AWS API does not describe this"

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
    further_types: ClassVar[tuple[str, ...]] = ()
    """The Terraform types of what else it reads of a declaration, that `beside` does not name."""
    arguments: ClassVar[Mapping[str, str]] = {}
    """The argument or block that an attribute is declared in, where neither its name nor `in_terraform` says
    so."""
    in_terraform: ClassVar[Mapping[str, str | Placeholder]] = {}
    """Where the source gives a field: an argument, through its blocks, as in `rule.status`. What is unset
    leaves the field at its default; a placeholder says why the source never gives it."""
    in_answer: ClassVar[Mapping[str, str | Placeholder]] = {}
    """Where the answer to `call` gives a field, as in `Rules[0].Status`. A step that may be absent ends in
    `?`: the field is then at its default."""
    follows: ClassVar[tuple[str, ...]] = ()
    """Fields of other facets that AWS wants to be there before this one is requested."""
    seen_through: ClassVar[tuple[str, ...]] = ()
    """The nouns of other resources that it is read through: where moto lacks one of these, it cannot say."""
    seen_besides: ClassVar[tuple[str, ...]] = ()
    """The Terraform types of what else it is read through, and moto is not given."""

    name: str
    """The resource's."""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        """Return the fields as Terraform declares them; those of `in_terraform` unless a facet knows better.

        Raises `Undetermined` where the source does not give them, and `ReadError` for what is malformed.
        """
        if not cls.in_terraform:
            raise Undetermined(NOT_DECLARED)
        found = {
            name: path if isinstance(path, Placeholder) else declaration.at(*path.split("."))
            for name, path in cls.in_terraform.items()
        }
        return {name: value for name, value in found.items() if value is not None}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        """Return the fields as the answer describes them; those of `in_answer` unless a facet knows better.

        What the answer lacks may end in a KeyError or the like: it is told as an answer that is not AWS's.
        """
        if not cls.in_answer:
            raise Undetermined(NOT_DESCRIBED)
        found = {
            name: path if isinstance(path, Placeholder) else step_into(answer, path)
            for name, path in cls.in_answer.items()
        }
        return {name: value for name, value in found.items() if value is not None}

    @classmethod
    def within(cls, values: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Return what the resource's own arguments say of the facet, put as the one `beside` it would say it.

        None where they say nothing. Raises `Undetermined` where nobody knows what they say.
        """
        return None

    def requested(self) -> Requests:
        """Yield what makes moto hold these fields, in order; what comes back is the answer."""
        yield from ()

    @classmethod
    def is_from_outside(cls) -> bool:
        """Return whether it comes from outside this package."""
        return not cls.__module__.startswith(f"{__package__}.")

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


def argument_of(facet: type[Facet], attribute: str) -> str:
    """Return the argument or block that an attribute of a facet is declared in."""
    path = facet.in_terraform.get(attribute, attribute)
    told = attribute if isinstance(path, Placeholder) else path.partition(".")[0]
    return facet.arguments.get(attribute, told)


@functools.cache
def own_fields(facet: type[Facet]) -> tuple[str, ...]:
    """Return the fields that a facet itself declares, in order."""
    annotated = inspect.get_annotations(facet)
    return tuple(name for name in facet.model_fields if name in annotated)
