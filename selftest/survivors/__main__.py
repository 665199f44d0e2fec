"""Sweeps stacks, by default all, and writes their lists: `python -m selftest.survivors [STACK ...]`."""

from __future__ import annotations

import argparse
import math
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable

from selftest.stacks.proven import STACKS, Proven
from selftest.stacks.registry import survivors
from selftest.survivors.kept import EQUIVALENT, FORMS, Kept, key, read, write
from selftest.survivors.outcome import Outcome
from selftest.survivors.sweep import SORTS, Edit, edits, hashes, swept


def sweep(proven: Proven, changed_alone: bool, until: float = math.inf) -> Kept:
    """Return the list of a stack made anew; what was reviewed keeps its reason.

    With `changed_alone` what is the same as before keeps what became of it, whatever tests do by now. What
    was not tried whole at a time of the monotonic clock is left for another sweep.
    """
    before, kept, left = read(proven), Kept(), Counter[str]()
    for sort in SORTS:
        began, every = time.monotonic(), edits(proven, sort)
        now = hashes(proven, sort, every)
        same = {part for part, it in now.items() if changed_alone and before.swept.get(part) == it}
        _keep(kept, before, [it for it in every if it.part in same])
        waiting = Counter(it.part for it in every if it.part not in same)
        tried = [it for it in every if it.part in waiting]
        found: dict[str, list[tuple[Edit, Outcome]]] = {}
        for edit, outcome in swept(proven, tried, os.cpu_count() or 1) if tried else ():
            found.setdefault(edit.part, []).append((edit, outcome))
            if time.monotonic() > until:
                break
        whole = {part: became for part, became in found.items() if len(became) == waiting.pop(part)}
        for edit, outcome in (it for became in whole.values() for it in became):
            _became(kept, before, edit, outcome)
        kept.swept |= {part: it for part, it in now.items() if part not in waiting}
        left.update(waiting)
        print(f"{proven}, {sort}: {len(tried)} edits in {time.monotonic() - began:.0f} s", flush=True)
    if left:
        kept.not_swept = f"{left.total():,} edits of {len(left)} files and requests wait for a sweep"
    return kept


def _became(kept: Kept, before: Kept, edit: Edit, outcome: Outcome) -> None:
    """Note what became of an edit; one that survives keeps the reason that it was given before."""
    kept.became.setdefault(edit.part, Counter())[outcome.fate] += 1
    if outcome.fate == "equivalent":
        kept.reasons[key(edit)] = EQUIVALENT
    elif outcome.fate == "survives":
        reviewed = before.reasons.get(key(edit), "")
        kept.reasons[key(edit)] = "" if reviewed == EQUIVALENT else reviewed


def _keep(kept: Kept, before: Kept, same: Iterable[Edit]) -> None:
    """Let edits of what has not changed be what they were."""
    for edit in same:
        if edit.part in before.became:
            kept.became[edit.part] = before.became[edit.part]
        if (reason := before.reasons.get(key(edit))) is not None:
            kept.reasons[key(edit)] = reason


def main() -> int:
    """Sweep, write, and return 1 where an edit survives without a reason."""
    parser = argparse.ArgumentParser(
        prog="python -m selftest.survivors", description=(__doc__ or "").partition(":")[0]
    )
    parser.add_argument("stacks", nargs="*", metavar="STACK")
    parser.add_argument("--changed", action="store_true", help="only files and requests that changed since")
    parser.add_argument("--minutes", type=float, default=math.inf, help="leave what is not done by then")
    asked = parser.parse_args()
    until = time.monotonic() + asked.minutes * 60
    known = [it.name for it in STACKS]
    if unknown := [it for it in asked.stacks if it not in known]:
        parser.error(f"unknown stack {unknown[0]!r}; valid: {', '.join(known)}")
    lacking = 0
    for proven in STACKS:
        if asked.stacks and proven.name not in asked.stacks:
            continue
        kept = sweep(proven, asked.changed, until)
        write(proven, kept)
        counts = ", ".join(f"{kept.counted(fate)} {fate}" for fate in ("red", "refused", "open", "survives"))
        print(f"{survivors(proven)}: {counts}, {len(kept.holes)} of them through a hole")
        for edit in kept.unreasoned:
            print(f"  no reason: {edit}")
        lacking += len(kept.unreasoned)
    if lacking:
        print(f"{lacking} survive without a reason: mend what should notice them, or write {FORMS}.")
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
