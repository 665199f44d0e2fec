"""A page of a stack, in Markdown: what is asserted of it, of what and on what, and what its YAML assumes."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from plumbline.expectations.invariant import Invariant
from plumbline.expectations.runbook import Runbook
from plumbline.expectations.stack import Stack
from plumbline.report.markdown import code, prose, row
from plumbline.suite.run import Run
from plumbline.suite.sentences import Functions
from plumbline.suite.subjects import Examination, considered
from plumbline.values.shown import some

_ASSUMED = re.compile(r"(?:^|\s)#\s*assumed\b[:,]?\s*(?P<what>.*)$")
_MOST_NAMED = 6
"""How many resources are named of an invariant."""
_MARGIN = 60
"""How much of a line is repeated before what is assumed of it."""


def page(run: Run, name: str, sentences: Functions, folder: Path) -> str:
    """Return the page of a stack, to lie in `folder`; `run` asks on every source all that can be asked."""
    stack, runbook = run.stacks[name], run.runbooks[name]
    address = Path(os.path.relpath(stack.path, folder)).as_posix()
    asked = [
        it
        for test, function in sentences.items()
        for it in considered(run, test, function)
        if isinstance(it, Examination)
    ]
    lines = [
        "<!-- Written by `python -m plumbline coverage --pages DIR`: do not edit it. -->",
        f"# {name}: {stack.title}",
        "",
        f"What [{stack.path.name}]({address}) expects of it, after *{runbook.source}*.",
        *_environments(stack),
        *_asserted(runbook, asked),
        *_not_asserted(runbook),
        *_assumed([stack.path, *_files(runbook.path)]),
    ]
    return "\n".join(lines) + "\n"


def _environments(stack: Stack) -> Iterator[str]:
    yield from ("", "## Environments", "")
    yield from _table(
        ["environment", "account", "region", "production"],
        (
            [code(name), it.account or "not given", it.region or stack.region, _said(it.production)]
            for name, it in stack.environments.items()
        ),
    )


def _said(production: bool | None) -> str:
    return "not said" if production is None else "yes" if production else "no"


def _asserted(runbook: Runbook, asked: Iterable[Examination]) -> Iterator[str]:
    """Yield the invariants by section of the runbook, with the resources that each is asked of."""
    by_id: dict[str, list[Examination]] = {}
    for it in asked:
        by_id.setdefault(it.id, []).append(it)
    sections: dict[str, list[str]] = {}
    for identifier in runbook.invariants:
        if identifier in by_id:
            sections.setdefault(runbook.invariants[identifier].section, []).append(identifier)
    yield from ("", "## What is asserted")
    for section, identifiers in sections.items():
        yield from ("", f"### {runbook.titled(section)}", "")
        rows = (_row(it, runbook.invariants[it], by_id[it]) for it in identifiers)
        yield from _table(["invariant", "severity", "says", "of", "on"], rows)


def _row(identifier: str, invariant: Invariant, asked: list[Examination]) -> list[str]:
    subjects = list(dict.fromkeys(it.subject.key for it in asked))
    sources = list(dict.fromkeys(source for of in invariant.tests.values() for source in of))
    told = {
        it.source: " --window" if it.operational else " --allow-writes" if it.probes else "" for it in asked
    }
    on = ", ".join(code(f"{it}{told[it]}") for it in sources if it in told)
    of = some(map(code, subjects), _MOST_NAMED)
    return [code(identifier), invariant.severity, prose(invariant.statement), of, on]


def _not_asserted(runbook: Runbook) -> Iterator[str]:
    left = {key: it for key, it in runbook.invariants.items() if it.advisory or not it.tests}
    if left:
        yield from ("", "## What is not asserted", "")
        rows = ([code(key), prose(it.statement), prose(_why_not(it))] for key, it in left.items())
        yield from _table(["invariant", "says", "why not"], rows)


def _why_not(invariant: Invariant) -> str:
    if invariant.advisory:
        return f"advisory, switched off: {invariant.advisory}"
    return f"out of reach: {invariant.out_of_reach}" if invariant.out_of_reach else "not asserted yet"


def _assumed(files: Iterable[Path]) -> Iterator[str]:
    """Yield what a comment marks as assumed, with the line that it stands in."""
    found = [
        [code(f"{path.name}:{number}"), code(_before(line)), prose(assumed["what"])]
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (assumed := _ASSUMED.search(line))
    ]
    if found:
        yield from (
            "",
            "## What is assumed",
            "",
            "The runbook does not say it; its owner can change it there.",
            "",
        )
        yield from _table(["where", "what", "how"], found)


def _before(line: str) -> str:
    told = _ASSUMED.sub("", line).strip()
    return told if len(told) <= _MARGIN else f"{told[:_MARGIN]}…"


def _files(runbook: Path) -> list[Path]:
    return sorted(runbook.glob("*.yaml")) if runbook.is_dir() else [runbook]


def _table(heads: list[str], rows: Iterable[list[str]]) -> Iterator[str]:
    yield row(*heads)
    yield row(*["---"] * len(heads))
    yield from (row(*cells) for cells in rows)
