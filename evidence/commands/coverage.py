"""`python -m evidence coverage`: what the suite asserts of each runbook, and what it does not assert yet."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from evidence.data import DataError
from evidence.runbook import Runbook
from evidence.stack import Stack


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("--stack", action="append", metavar="NAME", help="only this stack (repeatable)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")
    parser.add_argument(
        "--fixtures", type=Path, default=Path("fixtures"), help="where stacks/ and runbooks/ lie"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the coverage. Return 2 for a stack that does not exist or data that cannot be used."""
    found = {path.stem: path for path in sorted((arguments.fixtures / "stacks").glob("*.yaml"))}
    unknown = [name for name in arguments.stack or [] if name not in found]
    if unknown or not found:
        print(f"no stack {', '.join(unknown)} in {arguments.fixtures}: {', '.join(found)}", file=sys.stderr)
        return 2
    try:
        coverage = {name: _coverage(arguments.fixtures, found[name]) for name in arguments.stack or found}
    except DataError as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps(coverage, indent=2) if arguments.json else "\n\n".join(map(_text, coverage.items())))
    return 0


def _coverage(fixtures: Path, path: Path) -> dict[str, Any]:
    runbook = Runbook(fixtures / "runbooks" / path.name, Stack(path))
    invariants = runbook.invariants
    asserted = {key: it for key, it in invariants.items() if it.tests and not it.advisory}
    return {
        "invariants": len(invariants),
        "asserted": {
            key: sorted({source for sources in it.tests.values() for source in sources})
            for key, it in asserted.items()
        },
        "advisory": {key: it.advisory for key, it in invariants.items() if it.advisory},
        "not asserted yet": {
            key: f"{it.section} {it.statement}"
            for key, it in invariants.items()
            if not it.tests and not it.advisory
        },
    }


def _text(entry: tuple[str, dict[str, Any]]) -> str:
    name, coverage = entry
    asserted, missing = coverage["asserted"], coverage["not asserted yet"]
    lines = [f"{name}: {len(asserted)} of {coverage['invariants']} invariants asserted"]
    sources = ("hcl", "plan", "state", "moto", "live")
    lines += [f"  on {source:<6}{sum(source in it for it in asserted.values()):>4}" for source in sources]
    lines += [f"advisory, switched off: {key}: {reason}" for key, reason in coverage["advisory"].items()]
    lines += ["", "not asserted yet:"] if missing else []
    lines += [f"  {key:<14}{_short(statement)}" for key, statement in missing.items()]
    return "\n".join(lines)


def _short(statement: str) -> str:
    return statement if len(statement) <= 90 else f"{statement[:87]}..."
