"""Which values the AWS provider gives to arguments that nobody configures, where it does not compute them.

Blocks of which it plans none are among them as empty lists.

The record is what its plans have, by `selftest.terraform.record_defaults`, of the types that stacks are made
of.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path

from plumbline.terraform.values import Value

RECORD = Path(__file__).parent / "schemas" / "defaults.json"


def of(type: str) -> Mapping[str, Value] | None:
    """Return the defaults of a type, without one an argument is null; None where they are not recorded."""
    return _record().get(type)


@cache
def _record() -> dict[str, dict[str, Value]]:
    found: dict[str, dict[str, Value]] = json.loads(RECORD.read_text("utf-8"), parse_float=Decimal)
    return found
