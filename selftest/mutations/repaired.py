"""A user with the AWS CLI and a shell, who types what the card of a failure says."""

from __future__ import annotations

import ast
import inspect
import logging
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest
from _pytest.assertion.rewrite import rewrite_asserts
from awscli.clidriver import create_clidriver
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

from plumbline.aws.session import ask_the_address_itself
from plumbline.expectations.invariant import LIVE
from plumbline.sources.source import Source
from plumbline.suite.explanation import Explanation
from plumbline.suite.found import completed
from plumbline.suite.record import Record
from plumbline.suite.subjects import Examination
from plumbline.values.unknown import Missing
from selftest.data.commands import typed
from selftest.mutations.suite import Suite
from selftest.stacks.proven import Proven

_PLAIN = re.compile(r"aws (?!.*(\$\(| > ))")
"""A line that the AWS CLI takes as it stands: nothing in it is a shell's."""


@dataclass(frozen=True)
class Shell:
    """Where somebody types: a folder, and an account behind an address."""

    folder: Path
    endpoint: str

    def type(self, line: str) -> str:
        """Type a line; return what went wrong, or nothing."""
        if _PLAIN.match(line):
            driver = create_clidriver()
            driver.session.register("before-call.s3-control", ask_the_address_itself)
            region = ["--region", "us-east-1"] if line.startswith("aws iam ") else []
            code, _, told = typed(driver, line, "--endpoint-url", self.endpoint, *region)
            return told.strip() if code else ""
        programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        ended = subprocess.run(
            ["bash", "-c", line],
            cwd=self.folder,
            env={**os.environ, "PATH": programs, "AWS_ENDPOINT_URL": self.endpoint},
            capture_output=True,
            text=True,
            check=False,
        )
        return ended.stderr.strip() if ended.returncode else ""


@contextmanager
def served() -> Iterator[str]:
    """Serve the moto of this process; the block gets its address."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


def advised(suite: Suite, invariant: str, evidence: Source, proven: Proven) -> list[str]:
    """Return what the cards of an invariant that fell say to type in an account, each line once, in order.

    The evidence stands for the deployed account: what moto shows by itself is mended in code.
    """
    lines: list[str] = []
    for test, examination in suite.examined.items():
        if suite.name(test) == invariant:
            lines += _advised(test, replace(examination, source=LIVE), evidence, proven)
    return list(dict.fromkeys(lines))


def _advised(test: str, examination: Examination, evidence: Source, proven: Proven) -> list[str]:
    record = Record(examination, {})
    try:
        models = {name: evidence.read(it) for name, it in examination.arguments.items()}
        whole = replace(examination, subject=completed(examination.subject, evidence.read))
        record = Record(whole, models)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("_pytest.assertion.util._reprcompare", record.note_comparison)
            _rewritten(examination.function)(**record.arguments())
        record.settle()
    except (AssertionError, Missing) as failure:
        return Explanation(record, proven.runbook, test).raised(failure).advice.remedy
    return []


@cache
def _rewritten(function: Callable[..., None]) -> Callable[..., None]:
    """Return a sentence as a run has it: its assertions tell what they compared."""
    file = Path(inspect.getfile(function))
    tree = ast.parse(file.read_bytes())
    rewrite_asserts(tree, file.read_bytes(), str(file))
    module = {"__name__": function.__module__, "__file__": str(file)}
    exec(compile(tree, str(file), "exec"), module)
    rewritten: Callable[..., None] = module[function.__name__]  # type: ignore[assignment]
    return rewritten
