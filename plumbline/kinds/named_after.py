"""What the name of a bucket ends in, where that is what another resource makes up."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from plumbline.kinds.facet import Facet, Fields
from plumbline.kinds.kind import NOT_IN_AWS
from plumbline.terraform.declared import Declaration
from plumbline.values.model import Text
from plumbline.values.unknown import Placeholder, Unknown

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.kinds.call import Asked

_MADE_UP = ("id", "hex", "dec", "b64_url", "b64_std", "result")
"""The attributes that a random resource makes up. Source: documentation of the provider hashicorp/random."""


class NamedAfter(Facet):
    """What is made up of its name."""

    arguments: ClassVar = {"named_after": "bucket"}

    named_after: list[Text] = []
    """The addresses of the random resources that its name ends in the value of."""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {"named_after": lambda: _ends_in(declaration)}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {"named_after": NOT_IN_AWS}


def _ends_in(declaration: Declaration) -> list[str]:
    """Return what a name ends in. Raises `Undetermined` where that is not known, as in a plan."""
    from plumbline.terraform.filled_in import filled_in

    bucket, configuration = declaration.resource, declaration.configuration
    name = bucket.values.get("bucket")
    made_up = [it for it in configuration.resources if it.type.startswith("random_")]
    if isinstance(name, Unknown):
        text = filled_in(configuration, name, lambda it: it.at(bucket.address).values["bucket"])
        ends = {it.address: [f"<{it.address}.{attribute}>" for attribute in _MADE_UP] for it in made_up}
    else:
        text = "" if isinstance(name, Placeholder) else str(name or "")
        ends = {
            it.address: [value for key in _MADE_UP if isinstance(value := it.values.get(key), str) and value]
            for it in made_up
        }
    return [address for address, some in ends.items() if text.endswith(tuple(some))]
