"""How the resources of a kind are listed in an account."""

from __future__ import annotations

from dataclasses import dataclass

from plumbline.kinds.call import Call


@dataclass(frozen=True)
class Listed:
    """The call that lists a kind's resources, and where its answer has their names."""

    call: Call
    names: str
    """JMESPath: `MetricAlarms[].AlarmName`."""
