"""What CloudWatch knows by an id that AWS chose, found by what it is called."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Self

from pydantic import model_validator

from plumbline.kinds.registry import kinds
from plumbline.terraform.declared import known
from plumbline.values.mistakes import did_you_mean
from plumbline.values.model import Model
from plumbline.values.unknown import NoData

if TYPE_CHECKING:
    from plumbline.kinds.call import Asked, Call

_ID = "id"


class Identified(Model):
    """The resource that metrics are of: that of a kind which is called as the entry is."""

    kind: str
    """Its noun: `distribution`."""
    dimension: str
    """The dimension of each of the metrics that has its id: `DistributionId`."""
    published_if: dict[str, Any] = {}
    """Values of its fields without which nothing is published: `additional_metrics: Enabled`."""

    @model_validator(mode="after")
    def _is_known_by_an_id(self) -> Self:
        identified = {
            noun: it for noun, it in kinds().items() if it.terraform_type and _ID in it.model_fields
        }
        if self.kind not in identified:
            near = did_you_mean(self.kind, identified)
            raise ValueError(
                f"{self.kind!r} is no kind with an id{near}; valid: {', '.join(sorted(identified))}"
            )
        for name in self.published_if:
            if name not in (fields := identified[self.kind].model_fields):
                raise ValueError(f"a {self.kind} has no field {name!r}{did_you_mean(name, fields)}")
        return self

    def calls(self) -> Iterator[Call]:
        """Yield the calls that tell the id, and whether anything is published."""
        yield from kinds()[self.kind].calls_for(self._wanted)

    def dimensions(self, asked: Asked) -> dict[str, str]:
        """Return the dimension that it gives to each of the metrics.

        Raises `NoData` where nothing is published of it, and what reading it raises: `Missing`, too.
        """
        found = kinds()[self.kind].from_aws(asked.aws, asked.name, self._wanted)
        for name, value in self.published_if.items():
            if (told := known(getattr(found, name))) != value:
                only = f"what is measured is published only where {name} is {value}, and it is {told}"
                raise NoData(f"CloudWatch has nothing of {asked.name}: {only}")
        return {self.dimension: str(known(getattr(found, _ID)))}

    @property
    def _wanted(self) -> frozenset[str]:
        return frozenset({_ID, *self.published_if})
