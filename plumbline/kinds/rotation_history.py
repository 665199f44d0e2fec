"""When a key of KMS was last given new key material."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Found
from plumbline.kinds.kind import Kind
from plumbline.kinds.kms import ANY_KEY, DESCRIBE, STATUS, id_in, period_of
from plumbline.terraform.declared import known
from plumbline.values.model import Model
from plumbline.values.unknown import Undetermined

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

_ROTATIONS = Call("kms:ListKeyRotations", {"KeyId": "{id}"}, of="{name}", on=ANY_KEY)


class RotationLimits(Model):
    """What can be expected of a key's rotation besides the fields."""

    most_days_late: Annotated[int, Field(ge=0)]
    """How many days after its period a rotation may come."""


class RotationHistory(Kind):
    """The rotations of a key of KMS. Its name is an alias of the key, or its id.

    Source: KMS API Reference, ListKeyRotations: the completed rotations of all key material.
    """

    noun = "rotation_history"
    plural = "rotation_histories"
    limits = RotationLimits
    remedy_names = ("key_id",)
    call = _ROTATIONS
    further_calls = (DESCRIBE, STATUS)

    arn: str = ""
    """The key's."""
    days_since_rotation: int = 0
    """The full days since the newest rotation, or since the key was created where there was none."""
    rotation_period_in_days: int | None = None
    """How often KMS rotates it by itself; None where it does not."""

    @property
    def days_late(self) -> int:
        """How many days more than its period the key material is old; 0 where it is younger.

        Raises `Undetermined` for a key that is not rotated by itself: it has no period.
        """
        period = known(self.rotation_period_in_days)
        if period is None:
            raise Undetermined(f"{self.name} is not rotated by itself: there is no period to be late for")
        return max(0, int(known(self.days_since_rotation)) - int(period))

    def named_in_remedies(self) -> dict[str, str]:
        """Return the id of the key: most commands take no alias for it."""
        return id_in(self.arn)

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to list the rotations, once it is known which key this is."""
        key = asked.ask(DESCRIBE).answer["KeyMetadata"]
        made: datetime = key["CreationDate"]
        rotations = asked.ask(_ROTATIONS, id=key["KeyId"])
        status = asked.ask(STATUS, id=key["KeyId"])
        fields = {
            "arn": key["Arn"],
            "days_since_rotation": rotations.at("@").map(lambda answer: _days_since(answer, made, asked)),
            "rotation_period_in_days": status.at("@").map(period_of),
        }
        return Found(fields, rotations.call, {"rotation_period_in_days": status.call})


def _days_since(answer: Answer, made: datetime, asked: Asked) -> int:
    newest = max([made, *(it["RotationDate"] for it in answer["Rotations"])])
    return int((asked.window.end - newest) / timedelta(days=1))
