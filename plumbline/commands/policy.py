"""`python -m plumbline policy`: the least-privilege IAM policy that a live run of an environment needs.

It is made of the operations that the readers of the environment's resources declare, and of nothing else.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from plumbline.expectations.stack import Stack, Subject
from plumbline.kinds.call import granted, names_of
from plumbline.values.data import DataError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("--stack", required=True, metavar="NAME")
    parser.add_argument("--env", required=True, metavar="NAME")
    parser.add_argument("--allow-writes", action="store_true", help="with what probes need to write")
    parser.add_argument("--fixtures", type=Path, default=Path("fixtures"), help="where stacks/ lies")


def run(arguments: argparse.Namespace) -> int:
    """Print the policy as JSON. Return 2 for an environment that does not exist or has no account."""
    path = arguments.fixtures / "stacks" / f"{arguments.stack}.yaml"
    try:
        stack = Stack(path)
    except DataError as error:
        print(error, file=sys.stderr)
        return 2
    if arguments.env not in stack.environments:
        print(f"no environment {arguments.env} in {path}: {', '.join(stack.environments)}", file=sys.stderr)
        return 2
    if lacking := stack.without_account(arguments.env):
        print(lacking, file=sys.stderr)
        return 2
    subjects = stack.subjects(arguments.env).values()
    print(json.dumps(policy(subjects, writes=arguments.allow_writes), indent=2))
    return 0


def policy(subjects: Iterable[Subject], *, writes: bool = False) -> dict[str, Any]:
    """Return the IAM policy document that allows what reading these subjects calls; with `writes`, probing.

    Actions that read the same resources share a statement. Source: IAM JSON policy reference.
    """
    resources: dict[str, set[str]] = {}
    for subject in subjects:
        names = {**subject.placeholders, "region": subject.region}
        names |= names_of(subject.name, subject.kind.holder(subject.name))
        for call in (*subject.kind.calls_for(), *(subject.kind.writes if writes else ())):
            resources.setdefault(call.permission, set()).update(granted(call, names))
    statements: dict[tuple[str, ...], list[str]] = {}
    for allowed, arns in sorted(resources.items()):
        statements.setdefault(tuple(sorted(arns)), []).append(allowed)
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": actions, "Resource": list(arns)}
            for arns, actions in sorted(statements.items())
        ],
    }
