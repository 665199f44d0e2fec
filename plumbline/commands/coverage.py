"""`python -m plumbline coverage`: what is asserted of each runbook, on which source; what is not, and why."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from plumbline.expectations.home import HELP, Home, home_of
from plumbline.expectations.invariant import SOURCES, Invariant
from plumbline.expectations.runbook import Runbook
from plumbline.expectations.stack import Stack
from plumbline.github.checkout import shown
from plumbline.kinds.registry import kinds
from plumbline.report.stack_page import page
from plumbline.sources.listed import unlisted
from plumbline.suite.finding import SOURCES as SOURCES_OF_RUNS
from plumbline.suite.run import Run
from plumbline.suite.sentences import Functions, all_functions
from plumbline.suite.subjects import Examination, NotAsked, considered
from plumbline.values.mistakes import DataError, did_you_mean

BEGINS, ENDS = (
    "<!-- coverage: python -m plumbline coverage --into README.md -->\n",
    "<!-- end of coverage -->",
)
ASKED_FOR = {"ops": " --window", "probe": " --allow-writes"}
"""The options without which a run leaves out these sorts of evidence, as the sources are marked."""
WHY_NOT = {"advisory": "advisory, switched off", "out of reach": "out of reach of every source"}
"""What may stand in the place of a test, and what that means."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("--stack", action="append", metavar="NAME", help="only this stack (repeatable)")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON instead of text")
    form.add_argument(
        "--into", type=Path, metavar="FILE", help="write it as Markdown between the markers in this file"
    )
    form.add_argument(
        "--pages", type=Path, metavar="DIR", help="write a page for each stack into this folder, as Markdown"
    )
    form.add_argument(
        "--not-asked",
        nargs="?",
        const="",
        metavar="WORD",
        help="print what is not asked, and why: of WORD, which is an id, a resource or a source",
    )
    parser.add_argument("--stacks", metavar="DIR", help=HELP)


def run(arguments: argparse.Namespace) -> int:
    """Print the coverage. Return 2 for a stack that does not exist, or data or a file that cannot be used."""
    home = home_of(arguments.stacks, Path.cwd())
    unknown = [name for name in arguments.stack or [] if name not in home.stacks]
    if unknown:
        place = shown(home.folder / "stacks")
        print(f"no stack {', '.join(unknown)} in {place}: {', '.join(home.stacks)}", file=sys.stderr)
        return 2
    sentences = all_functions(home.sentences)  # a sentence that no run would ask is refused here, too
    if arguments.not_asked is not None:
        return _tell_not_asked(home, sentences, arguments.stack or list(home.stacks), arguments.not_asked)
    try:
        coverage = {name: _coverage(home, name, sentences) for name in arguments.stack or home.stacks}
        if arguments.pages:
            _write_pages(home, sentences, arguments.stack or list(home.stacks), arguments.pages)
            return 0
        if arguments.into:
            _write_into(arguments.into, _markdown(coverage))
            return 0
    except DataError as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps(coverage, indent=2) if arguments.json else "\n\n".join(map(_text, coverage.items())))
    return 0


def _tell_not_asked(home: Home, sentences: Functions, names: list[str], word: str) -> int:
    """Print what a run on every source does not ask, and why. Return 2 where nothing is called `word`."""
    runs = [everything(home, name) for name in names]
    settled = [
        it for run in runs for test, function in sentences.items() for it in considered(run, test, function)
    ]
    not_asked = [it for it in settled if isinstance(it, NotAsked)]
    not_asked += [it for run in runs for it in _not_listed(run)]
    if found := [f"{it.what}: {it.reason}" for it in not_asked if word in it.what]:
        print("\n".join(dict.fromkeys(found)))
        return 0
    asked = [it for it in settled if isinstance(it, Examination)]
    if any(word in f"{it.id} {it.test_id}" for it in asked):
        print(f"everything is asked of {word}" if word else "everything is asked")
        return 0
    valid = {name for it in asked for name in (it.id, it.subject.key, it.subject.environment, it.source)}
    near = did_you_mean(word, sorted(valid))
    told = f"nothing is called {word!r}{near}: WORD is an id, a resource, an environment or a source"
    print(told, file=sys.stderr)
    return 2


def _not_listed(run: Run) -> Iterator[NotAsked]:
    """Yield the kinds of which no inventory lists what there is."""
    for name, stack in run.stacks.items():
        subjects = (it for environment in stack.environments for it in stack.subjects(environment).values())
        for lacking in unlisted(subjects, kinds().values()):
            told = "no inventory lists them: what the stack does not name of them is not examined"
            yield NotAsked(f"not listed: {lacking} of {name}", told)


def _write_pages(home: Home, sentences: Functions, names: list[str], folder: Path) -> None:
    """Write a page for each stack. Raises `DataError` for a folder that cannot be written into."""
    for name in names:
        run = replace(everything(home, name), operations=True, writes=True, secrets=True)
        told = page(run, name, sentences, folder)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{name}.md").write_text(told, encoding="utf-8")
        except OSError as error:
            raise DataError(f"{folder / name}.md cannot be written: {error.strerror}") from None


def everything(home: Home, name: str) -> Run:
    """Return a run that examines a stack in all its environments on every source."""
    stack = Stack(shown(home.stacks[name]))
    return Run(
        stacks={name: stack},
        runbooks={name: Runbook.of(stack, shown(home.runbooks))},
        environments={name: list(stack.environments)},
        sources=SOURCES_OF_RUNS,
        terraform={},
        recorded={},
        concurrency=1,
        shared=Path(),
    )


def _coverage(home: Home, name: str, sentences: Functions) -> dict[str, Any]:
    runbook = Runbook.of(Stack(shown(home.stacks[name])), shown(home.runbooks), sentences)
    invariants = runbook.invariants
    asserted = {key: _sources(it) for key, it in invariants.items() if it.tests and not it.advisory}
    return {
        "invariants": len(invariants),
        "on": {source: sum(source in it for it in asserted.values()) for source in _every_source()},
        "asserted": asserted,
        "advisory": {key: it.advisory for key, it in invariants.items() if it.advisory},
        "out of reach": {key: it.out_of_reach for key, it in invariants.items() if it.out_of_reach},
        "not asserted yet": {
            key: f"{it.section} {it.statement}"
            for key, it in invariants.items()
            if not it.tests and not it.advisory and not it.out_of_reach
        },
    }


def _every_source() -> list[str]:
    ordered = sorted(SOURCES.items(), key=lambda pair: pair[0] in ASKED_FOR)
    marked = (f"{source}{ASKED_FOR.get(sort, '')}" for sort, sources in ordered for source in sources)
    return list(dict.fromkeys(marked))


def _sources(invariant: Invariant) -> list[str]:
    """Return the sources that it is asserted on, in the order of all of them."""
    asked = {
        f"{source}{_mark(invariant, test)}" for test, sources in invariant.tests.items() for source in sources
    }
    return [source for source in _every_source() if source in asked]


def _mark(invariant: Invariant, test: str) -> str:
    sort = "ops" if invariant.operational(test) else "probe" if invariant.probes(test) else ""
    return ASKED_FOR.get(sort, "")


def _text(entry: tuple[str, dict[str, Any]]) -> str:
    name, coverage = entry
    missing = coverage["not asserted yet"]
    lines = [f"{name}: {len(coverage['asserted'])} of {coverage['invariants']} invariants asserted"]
    lines += [f"  on {source:<22}{number:>4}" for source, number in coverage["on"].items()]
    lines += [
        f"{said}: {key}: {reason}" for sort, said in WHY_NOT.items() for key, reason in coverage[sort].items()
    ]
    lines += ["", "not asserted yet:"] if missing else []
    width = max(map(len, missing), default=0)
    lines += [f"  {key:<{width}}  {_short(statement)}" for key, statement in missing.items()]
    return "\n".join(lines)


def _short(statement: str) -> str:
    return statement if len(statement) <= 90 else f"{statement[:87]}..."


def _markdown(coverage: dict[str, Any]) -> str:
    return "\n".join([*_table(coverage), "", *_reasons(coverage)]).strip() + "\n"


def _table(coverage: dict[str, Any]) -> Iterator[str]:
    groups = [*WHY_NOT, "not asserted yet"]
    yield _row("stack", "invariants", "asserted", *(f"`{source}`" for source in _every_source()), *groups)
    yield _row(*["---"] * (3 + len(_every_source()) + len(groups)))
    for name, it in coverage.items():
        left = (len(it[group]) for group in groups)
        yield _row(name, it["invariants"], len(it["asserted"]), *it["on"].values(), *left)


def _row(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def _reasons(coverage: dict[str, Any]) -> Iterator[str]:
    for it in coverage.values():
        for sort, said in WHY_NOT.items():
            yield from (f"- `{key}`, {said}: {reason}" for key, reason in it[sort].items())


def _write_into(path: Path, text: str) -> None:
    """Replace what stands between the markers. Raises `DataError` for a file that lacks them."""
    try:
        before, begins, rest = path.read_text(encoding="utf-8").partition(BEGINS)
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}") from None
    _, ends, after = rest.partition(ENDS)
    if not ends:
        raise DataError(f"{path} lacks the lines between which it is written: {BEGINS.strip()} and {ENDS}")
    path.write_text(f"{before}{begins}{text}{ends}{after}", encoding="utf-8")
