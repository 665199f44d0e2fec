"""What applying a Terraform root again would change, as a plan says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from plumbline.kinds.kind import Kind, Wanted
from plumbline.values.model import Text
from plumbline.values.unknown import Undetermined

if TYPE_CHECKING:
    from plumbline.terraform.model import Configuration


class RootPlan(Kind):
    """The plan of one Terraform root. Its name is that of the root."""

    noun = "root_plan"
    plural = "root_plans"

    changes: list[Text] = []
    """What applying it would change: `update aws_s3_bucket.raw`, `delete output url`."""
    drift: list[Text] = []
    """What is otherwise in the account than when it was applied last, of what the code gives."""

    @classmethod
    def find(cls, configuration: Configuration, name: str, where: str, wanted: Wanted = None) -> Self:
        """Return what a plan says. Raises `Undetermined` for source and a state, which plan nothing.

        A plan of new code is meant to change something: whether one is of what is applied already its reader
        alone can say. Of one that is not complete there may be more.
        """
        planned = configuration.planned
        if planned is None:
            raise Undetermined("only a plan says what applying would change: --plan FILE --applied")
        if configuration.not_evaluated:
            raise Undetermined(f"there may be more: {', '.join(configuration.not_evaluated)}")
        if planned.changes and not planned.of_what_is_applied:
            raise Undetermined(
                f"it changes {len(planned.changes)} things, which may be meant: --applied says that it is of "
                "code that is applied already"
            )
        fields = {"name": name, "changes": [*planned.changes], "drift": [*planned.drift]}
        return cls.of(str(configuration.file), fields)
