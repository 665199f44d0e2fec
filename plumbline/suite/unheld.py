"""What an evidence file holds nothing of, though it holds the source: a run on it asks nothing there."""

from __future__ import annotations

from collections.abc import Iterator

from plumbline.suite.run import Run
from plumbline.suite.sentences import Functions
from plumbline.suite.subjects import UNHELD, NotAsked, considered
from plumbline.values.shown import some

_MOST_NAMED = 3


def unheld(run: Run, functions: Functions) -> Iterator[str]:
    """Yield in words what would be asked, were it in the file: `evidence of shop/sit/orders/hcl`.

    What was taken out of the file, and what the run that wrote it had left out (`-k`), look the same.
    """
    found = [
        it.what.split()[-1]
        for test, function in functions.items()
        for it in considered(run, test, function)
        if isinstance(it, NotAsked) and it.reason in UNHELD
    ]
    names = list(dict.fromkeys(found))
    if names:
        yield f"evidence of {some(names, _MOST_NAMED)}"
