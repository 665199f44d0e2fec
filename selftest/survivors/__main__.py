"""`python -m selftest.survivors [STACK ...]` sweeps stacks, by default all, and writes their lists."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter

from selftest.stacks.proven import STACKS, Proven
from selftest.stacks.registry import survivors
from selftest.survivors.kept import EQUIVALENT, FORMS, Kept, key, read, write
from selftest.survivors.sweep import SORTS, edits, hashes, swept


def sweep(proven: Proven) -> Kept:
    """Return the list of a stack made anew; what was reviewed keeps its reason."""
    before, kept = read(proven), Kept()
    for sort in SORTS:
        began, all_edits = time.monotonic(), edits(proven, sort)
        became = Counter[str]()
        for edit, outcome in swept(proven, all_edits, os.cpu_count() or 1):
            became[outcome.fate] += 1
            if outcome.fate == "equivalent":
                kept.reasons[key(edit)] = EQUIVALENT
            elif outcome.fate == "survives":
                reviewed = before.reasons.get(key(edit), "")
                kept.reasons[key(edit)] = "" if reviewed == EQUIVALENT else reviewed
        kept.swept |= hashes(proven, sort, all_edits)
        kept.became[sort] = dict(sorted(became.items()))
        print(f"{proven}, {sort}: {kept.became[sort]} in {time.monotonic() - began:.0f} s", flush=True)
    return kept


def main(names: list[str]) -> int:
    """Sweep, write, and return 1 where an edit survives without a reason."""
    lacking = 0
    for proven in STACKS:
        if names and proven.name not in names:
            continue
        kept = sweep(proven)
        write(proven, kept)
        print(f"{survivors(proven)}: {len(kept.reasons)} survive, {len(kept.holes)} of them through a hole")
        for edit in kept.unreasoned:
            print(f"  no reason: {edit}")
        lacking += len(kept.unreasoned)
    if lacking:
        print(f"{lacking} survive without a reason: mend what should notice them, or write {FORMS}.")
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
