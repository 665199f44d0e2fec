"""What the tools print that examine Terraform code, read as what each of them found: file, line and rule.

Each reader raises `Garbled` for what its tool does not print when it has done its work: that nothing was
found is believed only of a tool that says what it looked at.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from plumbline.github.tool import Told
from plumbline.values.json_source import data_of

_HOOK = re.compile(r"^(?P<name>.*?)(?<!\.)\.{3,}(?:\([^()]*\))?(?P<outcome>Passed|Failed|Skipped)\s*$")
_HOOK_ID = re.compile(r"^- hook id: (?P<id>.+)$")
_AT_A_LINE = re.compile(r"^\S+:\d+")
_MOST_LINES = 20
"""How many places of one hook are told."""


@dataclass(frozen=True)
class Found:
    """Something that a tool found."""

    file: str
    """Relative to the folder that it looked at; empty where it names none."""
    told: str
    """The line, where it names one, and the rule."""

    def below(self, folder: PurePosixPath) -> str:
        """Return it with the file as it is called above a folder."""
        return posixpath.normpath(folder / self.file) + self.told if self.file else self.told.lstrip()


class Garbled(ValueError):
    """A tool did not end as one does that has done its work."""


def formatted(told: Told) -> list[Found]:
    """Read `terraform fmt -check`: a file on each line. Source: Terraform CLI, "Command: fmt"."""
    files = told.output.split("\n")[:-1]
    if told.status not in (0, 3) or bool(files) is not (told.status == 3):
        raise Garbled
    return [Found(it, ": not in the canonical format") for it in files]


def validated(told: Told) -> list[Found]:
    """Read `terraform validate -json`. Source: Terraform CLI, "Command: validate", "JSON Output Format"."""
    found = _json(told.output)
    if told.status not in (0, 1) or not isinstance(found.get("valid"), bool):
        raise Garbled
    errors = [it for it in found.get("diagnostics", []) if it["severity"] == "error"]
    if found["valid"] is bool(errors):
        raise Garbled
    return [_found(it.get("range"), it["summary"]) for it in errors]


def linted(told: Told) -> list[Found]:
    """Read `tflint --format=json`. Source: TFLint's user guide, "Exit Statuses"."""
    found = _json(told.output)
    if told.status not in (0, 2) or found.get("errors") or not isinstance(found.get("issues"), list):
        raise Garbled
    if bool(found["issues"]) is not (told.status == 2):
        raise Garbled
    return [_found(it.get("range"), f"{it['rule']['name']}: {it['message']}") for it in found["issues"]]


def scanned_by_trivy(told: Told) -> list[Found]:
    """Read `trivy config --format json`. Source: Trivy's documentation, "Reporting", "JSON"."""
    results = _json(told.output).get("Results")
    if told.status != 0 or not results:
        raise Garbled  # with no result it looked at nothing
    return [
        Found(result["Target"], f":{_first_line(it)} {it['ID']}: {it['Title']}")
        for result in results
        for it in result.get("Misconfigurations") or ()
        if it.get("Status", "FAIL") == "FAIL"
    ]


def scanned_by_checkov(told: Told) -> list[Found]:
    """Read `checkov -o json`: a report, or one for each sort of file. Source: Checkov's CLI reference."""
    try:
        reports = data_of(told.output)
    except ValueError:
        raise Garbled from None
    listed = reports if isinstance(reports, list) else [reports]
    if told.status not in (0, 1) or not listed or not all("results" in it for it in listed):
        raise Garbled  # without results it looked at nothing
    if any(it["summary"]["parsing_errors"] for it in listed):
        raise Garbled
    return [
        Found(
            it["file_path"].lstrip("/"),
            f":{it['file_line_range'][0]} {it['check_id']}: {it['check_name']}",
        )
        for report in listed
        for it in report["results"]["failed_checks"]
    ]


def hooked(told: Told) -> list[Found]:
    """Read `pre-commit run`: hooks that failed, with the places that they name."""
    hooks = [*_hooks(told.output.splitlines())]
    outcomes = {outcome for outcome, _, _ in hooks}
    if told.status not in (0, 1) or not outcomes & {"Passed", "Failed"}:
        raise Garbled
    if ("Failed" in outcomes) is not (told.status == 1):
        raise Garbled
    failed = [(name, places) for outcome, name, places in hooks if outcome == "Failed"]
    return [
        Found(*it) for name, places in failed for it in ([_placed(it, name) for it in places] or [("", name)])
    ]


def _placed(line: str, hook: str) -> tuple[str, str]:
    file, _, rest = line.partition(":")
    return file, f":{rest} ({hook})"


def _hooks(lines: list[str]) -> Iterator[tuple[str, str, list[str]]]:
    """Yield how each hook ended, its id or name, and the lines it printed that name a place."""
    starts = [number for number, line in enumerate(lines) if _HOOK.match(line)]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=False):
        match = _HOOK.match(lines[start])
        assert match
        printed = lines[start + 1 : end]
        named = next((it["id"] for it in map(_HOOK_ID.match, printed) if it), match["name"])
        yield match["outcome"], named, [it for it in printed if _AT_A_LINE.match(it)][:_MOST_LINES]


def _json(text: str) -> dict[str, Any]:
    try:
        found = data_of(text)
    except ValueError:
        raise Garbled from None
    if not isinstance(found, dict):
        raise Garbled
    return found


def _found(span: dict[str, Any] | None, told: str) -> Found:
    if not span or not span.get("filename"):
        return Found("", told)
    return Found(span["filename"], f":{span['start']['line']} {told}")


def _first_line(misconfiguration: dict[str, Any]) -> int:
    """Return the line at which something is; what is missing has none, and stands at the first."""
    return int((misconfiguration.get("CauseMetadata") or {}).get("StartLine") or 1)
