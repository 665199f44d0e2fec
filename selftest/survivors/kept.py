"""The list of what survives, as it lies beside a stack: every edit with its reason, and what was swept."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import yaml

from selftest.stacks.proven import Proven
from selftest.stacks.registry import survivors
from selftest.survivors.sweep import Edit

COMMAND = "make survivors"
EQUIVALENT = "equivalent: every root evaluates to the same resources, outputs and backend"
"""The reason that the sweep itself gives, and nobody has to review."""
REASON = re.compile(r"no sentence speaks of it \(.+\)|equivalent: .+|hole: .+")
FORMS = '"no sentence speaks of it (SECTION, and what was looked up)" or "equivalent: WHY"'
_SEPARATOR, _BESIDE = "; ", ", "
_HEAD = """\
# Every single edit of the reference Terraform, and of the account made of it, that turns nothing red.
# Made by `{command}`, which keeps the reasons and fails for an edit without one. A reason is
# {forms};
# "hole: ID ..." is a sentence that should fall and does not, and is to be mended.
"""


def key(edit: Edit) -> str:
    """Return what an edit is called in the list."""
    return f"{edit.place}: {edit.way}"


@dataclass
class Kept:
    """The list of a stack."""

    swept: dict[str, str] = field(default_factory=dict)
    """The hash of each part: of a file, and of the requests of an operation."""
    became: dict[str, dict[str, int]] = field(default_factory=dict)
    """How many edits of each part came to what."""
    reasons: dict[str, str] = field(default_factory=dict)
    """Why each edit may survive, by its key; empty where nobody has said so."""
    not_swept: str = ""
    """What was not tried yet: of the parts that have no hash; empty where all was swept."""

    def counted(self, fate: str) -> int:
        """Return how many edits came to that, of all parts."""
        return sum(counts.get(fate, 0) for counts in self.became.values())

    @property
    def unreasoned(self) -> list[str]:
        """The edits without a reason of a form that is one."""
        return [edit for edit, reason in self.reasons.items() if not REASON.fullmatch(reason)]

    @property
    def holes(self) -> list[str]:
        """The edits that a sentence should notice."""
        return [edit for edit, reason in self.reasons.items() if reason.startswith("hole: ")]


def read(proven: Proven) -> Kept:
    """Return a stack's list; an empty one where there is none."""
    if not survivors(proven).is_file():
        return Kept()
    found = yaml.load(survivors(proven).read_text(), yaml.CSafeLoader)
    reasons = {
        f"{place}: {way}": group["reason"]
        for group in found["survivors"]
        for place, ways in (edit.split(": ", 1) for edit in group["edits"])
        for way in ways.split(_SEPARATOR)
    }
    kept = Kept(reasons=reasons, not_swept=found.get("not_swept", ""))
    for part, told in found["swept"].items():
        kept.swept[part], *counts = told.split(_BESIDE)
        if counts:
            kept.became[part] = {fate: int(many) for many, fate in (it.split() for it in counts)}
    return kept


def write(proven: Proven, kept: Kept) -> None:
    """Write a stack's list: what has no reason first, and what has the same one together."""
    groups: dict[str, dict[str, list[str]]] = {}
    for edit, reason in sorted(kept.reasons.items(), key=lambda it: (bool(it[1]), it[1] == EQUIVALENT)):
        place, _, way = edit.partition(": ")
        groups.setdefault(reason, {}).setdefault(place, []).append(way)
    listed = [
        {"reason": reason, "edits": [f"{place}: {_SEPARATOR.join(ways)}" for place, ways in places.items()]}
        for reason, places in groups.items()
    ]
    head = _HEAD.format(command=COMMAND, forms=FORMS)
    lacking = {"not_swept": kept.not_swept} if kept.not_swept else {}
    data = {**lacking, "swept": {part: _told(kept, part) for part in kept.swept}, "survivors": listed}
    written = yaml.dump(data, Dumper=yaml.CSafeDumper, sort_keys=False, width=10**6, allow_unicode=True)
    survivors(proven).write_text(head + written)


def _told(kept: Kept, part: str) -> str:
    counts = sorted(kept.became.get(part, {}).items())
    return _BESIDE.join([kept.swept[part], *(f"{many} {fate}" for fate, many in counts)])
