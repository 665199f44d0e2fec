"""Runs the real Terraform on configurations and expressions, so that its answers can be recorded."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selftest.terraform.mirror import plugins

ERROR = "<error>"  # what stands where Terraform refuses an expression


def is_available() -> bool:
    """Whether Terraform and a directory of its plugins are here."""
    return shutil.which("terraform") is not None and bool(os.environ.get("TF_PLUGIN_DIR"))


def run(directory: Path, *arguments: str, sent: Path | None = None) -> subprocess.CompletedProcess[str]:
    """One Terraform command in a directory, offline and without colours."""
    environment = {
        **os.environ,
        "TF_IN_AUTOMATION": "1",
        "CHECKPOINT_DISABLE": "1",
        "TF_CLI_ARGS": "-no-color",
    }
    if sent is not None:
        environment["TF_LOG_SDK_PROTO_DATA_DIR"] = str(sent)
    command = ["terraform", *arguments]
    return subprocess.run(
        command, cwd=directory, env=environment, capture_output=True, text=True, check=False
    )


@contextmanager
def copied(source: Path) -> Iterator[Path]:
    """A directory with the content of another, to run Terraform in."""
    with tempfile.TemporaryDirectory() as place:
        directory = Path(place) / source.name
        shutil.copytree(source, directory)
        yield directory


def plan(directory: Path, *arguments: str, sent: Path | None = None) -> dict[str, Any]:
    """The plan of a directory as JSON, or the diagnostics as `{"errors": [...]}`.

    What Terraform sends to the provider goes to files in the directory `sent`.
    """
    initialised = run(directory, "init", f"-plugin-dir={plugins()}", "-json")
    if initialised.returncode:
        return {"errors": _logged(initialised.stdout)}
    options = ("-input=false", "-refresh=false", "-parallelism=1", "-out=plan.bin", "-json")
    planned = run(directory, "plan", *options, *arguments, sent=sent)
    if planned.returncode:
        return {"errors": _logged(planned.stdout)}
    shown = run(directory, "show", "-json", "plan.bin")
    result: dict[str, Any] = json.loads(shown.stdout)
    return result


def _logged(output: str) -> list[dict[str, Any]]:
    """The errors in a command's JSON output; those without a place only if there are no others."""
    entries = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    errors = [_place(e["diagnostic"]) for e in entries if e.get("diagnostic", {}).get("severity") == "error"]
    return [error for error in errors if error["line"]] or errors


def _place(diagnostic: dict[str, Any]) -> dict[str, Any]:
    start = diagnostic.get("range", {}).get("start", {})
    return {
        "summary": diagnostic["summary"],
        "detail": diagnostic.get("detail", ""),
        "file": diagnostic.get("range", {}).get("filename"),
        "line": start.get("line"),
        "column": start.get("column"),
    }


def outputs(expressions: Sequence[str], prelude: str = "") -> str:
    """A configuration with one output for each expression; a refused one gives `<error>`."""
    blocks = (
        f'output "e{i}" {{\n  value = {{ v = try({e}, "{ERROR}") }}\n}}\n' for i, e in enumerate(expressions)
    )
    return prelude + "".join(blocks)


def values(expressions: Sequence[str], files: Path) -> list[dict[str, Any]]:
    """What Terraform gives for each expression, with its type; the files lie in the module's directory."""
    with copied(files) as directory:
        kept = _valid(expressions, directory)
        (directory / "main.tf").write_text(outputs(kept), "utf-8")
        planned = plan(directory)
        if "errors" in planned:
            raise RuntimeError(planned["errors"])
        found = planned["planned_values"]["outputs"]
    results = dict(zip(kept, (found[f"e{i}"] for i in range(len(kept))), strict=True))
    return [_recorded(expression, results.get(expression)) for expression in expressions]


def _valid(expressions: Sequence[str], directory: Path) -> list[str]:
    """The expressions without those that Terraform refuses before it evaluates anything."""
    kept = list(dict.fromkeys(expressions))
    for _ in range(20):
        (directory / "main.tf").write_text(outputs(kept), "utf-8")
        planned = plan(directory)
        errors = planned.get("errors", ())
        if not errors:
            return kept
        refused = {kept[_index(error)] for error in errors}
        kept = [expression for expression in kept if expression not in refused]
    raise RuntimeError("Terraform keeps refusing the expressions")


def _index(error: dict[str, Any]) -> int:
    """Which output an error is about; an infinite value is only refused when the plan is written."""
    if error["line"]:
        return (int(error["line"]) - 1) // 3
    named = re.search(r'output value "e(\d+)"', error["detail"])
    if named is None:
        raise RuntimeError(error)
    return int(named[1])


def _recorded(expression: str, output: dict[str, Any] | None) -> dict[str, Any]:
    if output is not None and "value" not in output:
        return {"expression": expression, "unknown": True}
    if output is None or output["value"].get("v") == ERROR:
        return {"expression": expression, "error": True}
    kind = output["type"][1]["v"] if isinstance(output["type"], list) else output["type"]
    return {"expression": expression, "value": output["value"].get("v"), "type": kind}
