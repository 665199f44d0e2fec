"""`python -m plumbline policy`: the least-privilege IAM policy that a live run of an environment needs.

It is made of the calls that read what the chosen sentences ask for, and of nothing else.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from plumbline.expectations.calls import calls_of
from plumbline.expectations.declared import is_declared
from plumbline.expectations.home import HELP, Home, home_of
from plumbline.expectations.runbook import Runbook
from plumbline.expectations.stack import Stack, Subject
from plumbline.github.checkout import Checkout, shown
from plumbline.kinds.call import Permission, anything_for, granted
from plumbline.kinds.kind import Wanted
from plumbline.suite.choices import choices, environments_of, stacks_of
from plumbline.suite.opening import need_environment, refusing
from plumbline.suite.run import Run
from plumbline.suite.sentences import all_functions
from plumbline.suite.subjects import examine
from plumbline.values.mistakes import did_you_mean


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("--stack", metavar="NAME", help="the stack, where several have the environment")
    parser.add_argument("--env", metavar="NAME", help="the environment, which must be said: NAME, STACK/NAME")
    parser.add_argument(
        "--invariant", action="append", metavar="ID", help="what only this one needs (repeatable)"
    )
    parser.add_argument("--window", action="store_true", help="with what a run with --window looks back on")
    parser.add_argument("--allow-writes", action="store_true", help="with what probes need to write")
    parser.add_argument("--allow-secret-reads", action="store_true", help="with what reads secrets")
    parser.add_argument("--drift", action="store_true", help="what plumbline drift needs, not a run")
    parser.add_argument("--stacks", metavar="DIR", help=HELP)


def run(arguments: argparse.Namespace) -> int:
    """Print the policy as JSON. Return 2 for an environment or invariant that cannot be examined live."""
    need_environment(arguments)
    home = home_of(arguments.stacks, Path.cwd())
    with refusing():
        stacks = stacks_of(home, choices(arguments.stack))
        [(name, [environment])] = environments_of(stacks, [arguments.env], None, live=True).items()
    stack = stacks[name]
    runbook = Runbook.of(stack, shown(home.runbooks))
    if mistake := _mistake(arguments, stack, environment, runbook):
        print(mistake, file=sys.stderr)
        return 2
    try:
        needed = (
            _of_drift(stack, environment)
            if arguments.drift
            else _needed(arguments, home, stack, environment, runbook)
        )
    except pytest.Collector.CollectError as refused:
        print(refused, file=sys.stderr)
        return 2
    if not needed:
        sentences = f"of {', '.join(arguments.invariant)} " if arguments.invariant else ""
        print(f"no sentence {sentences}asks an account for anything", file=sys.stderr)
        return 2
    granted_policy = policy(needed, writes=arguments.allow_writes, secrets=arguments.allow_secret_reads)
    print(json.dumps(granted_policy, indent=2))
    return 0


def _mistake(arguments: argparse.Namespace, stack: Stack, environment: str, runbook: Runbook) -> str:
    unknown = [name for name in arguments.invariant or [] if name not in runbook.invariants]
    if unknown:
        hint = did_you_mean(unknown[0], runbook.invariants)
        return f"no invariant {unknown[0]} in {runbook.path}{hint}"
    asks_more = arguments.window or arguments.allow_writes or arguments.allow_secret_reads
    if arguments.drift and (arguments.invariant or asks_more):
        return "--drift reads all that is declared, whatever sentences there are: give it alone"
    return stack.without_account(environment)


def _needed(
    arguments: argparse.Namespace, home: Home, stack: Stack, environment: str, runbook: Runbook
) -> dict[Subject, Wanted]:
    """Return what the chosen sentences read of each subject in a live run."""
    live = Run(
        stacks={stack.name: stack},
        runbooks={stack.name: runbook},
        environments={stack.name: [environment]},
        sources=("live",),
        terraform={},
        recorded={},
        concurrency=1,
        shared=Path(),
        checkouts={stack.name: (Checkout(stack.checkout(Path.cwd())),)},
        operations=arguments.window,
        writes=arguments.allow_writes,
        secrets=arguments.allow_secret_reads,
    )
    found: dict[Subject, frozenset[str]] = {}
    sentences = all_functions(home.sentences)
    for test, function in sentences.items():
        for it in examine(live, test, function):
            if it.id in (arguments.invariant or [it.id]):
                for argument, subject in it.arguments.items():
                    found[subject] = found.get(subject, frozenset()).union(it.reads[argument])
                for subject in it.subject.held_against:
                    found.setdefault(subject, frozenset())
    return dict(found)


def _of_drift(stack: Stack, environment: str) -> dict[Subject, Wanted]:
    """Return what is read to tell where code and account differ: everything of what Terraform declares."""
    return {it: None for it in stack.subjects(environment).values() if is_declared(it)}


_Condition = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
"""What narrows a statement: by operator, the values that keys must have."""


def policy(
    needed: Mapping[Subject, Wanted], *, writes: bool = False, secrets: bool = False
) -> dict[str, Any]:
    """Return the IAM policy document that allows what reading these attributes calls.

    With `writes` what probing calls, too, with `secrets` what reads secrets. Actions that read the same
    resources share a statement. Source: IAM JSON policy reference.
    """
    resources: dict[tuple[str, _Condition], set[str]] = {}
    for subject, wanted in needed.items():
        for it in calls_of(subject, wanted, writes=writes, secrets=secrets):
            resources.setdefault((it.call.permission, ()), set()).update(granted(it.call, it.names))
            for other in it.call.besides:
                only = _condition(other, it.names)
                resources.setdefault((other.action, only), set()).add(anything_for(other.on, it.names))
    statements: dict[tuple[tuple[str, ...], _Condition], list[str]] = {}
    for (allowed, only), arns in sorted(resources.items()):
        statements.setdefault((tuple(sorted(arns)), only), []).append(allowed)
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": actions,
                "Resource": list(arns),
                **({"Condition": {operator: dict(keys) for operator, keys in only}} if only else {}),
            }
            for (arns, only), actions in sorted(statements.items())
        ],
    }


def _condition(needed: Permission, names: Mapping[str, str]) -> _Condition:
    return tuple(
        (operator, tuple((key, anything_for(value, names)) for key, value in keys.items()))
        for operator, keys in needed.only.items()
    )
