"""A tool's findings are told with file, line and rule, and one that did not do its work is never green."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path

import pytest

from plumbline.github import tool
from plumbline.github.checkout import Checkout
from plumbline.kinds.tool_run import ToolRun
from plumbline.values.unknown import Missing, ReadError, Undetermined
from selftest.hostile.sandbox import needs_sandbox
from selftest.tools.places import STUBS

CLEAN = 'resource "aws_s3_bucket" "b" {\n  bucket = "b"\n}\n'
PUBLIC = 'resource "aws_s3_bucket" "b" {\n  bucket = "b"\n  acl    = "public-read"\n}\n'


def checkout(folder: Path, files: Mapping[str, str], *, runs: bool = True, programs: str = STUBS) -> Checkout:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return Checkout(folder, runs_scripts=runs, programs=programs, providers=Path(STUBS))


def findings(name: str, held: Checkout) -> list[str]:
    """Return what a tool finds. Raises why nothing is known."""
    found = ToolRun.from_repository(held, name).findings
    assert found is not None
    return [*found]


@needs_sandbox
@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("terraform fmt in live", CLEAN, []),
        ("terraform fmt in live", "locals {} \n", ["live/main.tf: not in the canonical format"]),
        ("terraform validate in live", CLEAN, []),
        (
            "terraform validate in live",
            "locals {}\nno_such_argument = 1\n",
            ["live/main.tf:2 Unsupported argument"],
        ),
        ("tflint in live with .tflint.hcl", CLEAN, []),
        (
            "tflint in live with .tflint.hcl",
            PUBLIC,
            ["live/main.tf:3 no_public_acl: everybody may read"],
        ),
        ("trivy", CLEAN, []),
        ("trivy", PUBLIC, ["live/main.tf:3 AVD-AWS-0092: Public access"]),
        ("checkov in live", CLEAN, []),
        ("checkov", PUBLIC, ["live/main.tf:3 CKV_AWS_20: READ"]),
        ("pre-commit", CLEAN, []),
        ("pre-commit", "<<<<<<< x\n", ["live/main.tf:1:<<<<<<< x (check-merge-conflict)"]),
    ],
)
def test_what_a_tool_finds(folder: Path, name: str, text: str, found: list[str]) -> None:
    assert findings(name, checkout(folder, {"live/main.tf": text, ".tflint.hcl": ""})) == found


def test_only_formatting_is_looked_at_unless_scripts_may_be_run(tmp_path: Path) -> None:
    held = checkout(tmp_path, {"main.tf": CLEAN}, runs=False)
    assert findings("terraform fmt", held) == []
    for name in ("terraform validate", "tflint", "trivy", "checkov", "pre-commit"):
        with pytest.raises(Undetermined, match="would have to be run, and nothing is without --run-scripts"):
            findings(name, held)


@pytest.mark.parametrize("name", ["terraform fmt", "tflint", "trivy", "checkov", "pre-commit"])
def test_a_tool_that_is_not_installed_leaves_it_open(tmp_path: Path, name: str) -> None:
    held = checkout(tmp_path, {"main.tf": CLEAN}, programs=str(tmp_path))
    with pytest.raises(Undetermined, match=r"there is no [\w-]+ here: install it"):
        findings(name, held)


def test_validation_without_providers_is_open(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(CLEAN)
    with pytest.raises(Undetermined, match=r"none are given: TF_PLUGIN_DIR=DIR"):
        findings("terraform validate", Checkout(tmp_path, runs_scripts=True, programs=STUBS))


def programs(folder: Path, name: str, script: str) -> str:
    """Write a program, and return the folder that it lies in."""
    place = folder / "programs"
    place.mkdir()
    (place / name).write_text(f"#!/bin/sh\n{script}\n")
    (place / name).chmod(0o755)
    return str(place)


@needs_sandbox
@pytest.mark.parametrize(
    "script", ["exit 0", "echo '{}'", "echo all is well", "exit 139", "echo []", "echo '{"]
)
@pytest.mark.parametrize("name", ["terraform validate", "tflint", "trivy", "checkov", "pre-commit"])
def test_a_tool_that_crashes_or_prints_something_else_is_an_error(
    folder: Path, name: str, script: str
) -> None:
    program = name.partition(" ")[0]
    held = checkout(folder / "it", {"main.tf": CLEAN}, programs=programs(folder, program, script))
    with pytest.raises(ReadError, match="and not as where it has looked") as told:
        findings(name, held)
    assert "cd . && " in told.value.advice


@pytest.mark.parametrize(
    "script", ["exit 3", "echo main.tf", "exit 2", "exit 139", "echo broken >&2; exit 1"]
)
def test_formatting_that_crashes_is_an_error(tmp_path: Path, script: str) -> None:
    held = checkout(tmp_path / "it", {"main.tf": CLEAN}, programs=programs(tmp_path, "terraform", script))
    with pytest.raises(ReadError, match=r"terraform fmt in \. ends with"):
        findings("terraform fmt", held)


def test_what_is_to_be_typed_goes_to_the_folder_whatever_it_is_called(tmp_path: Path) -> None:
    folder = "a; touch PWNED #/live"
    held = checkout(
        tmp_path / "it", {f"{folder}/main.tf": CLEAN}, programs=programs(tmp_path, "terraform", "exit 2")
    )
    with pytest.raises(ReadError) as raised:
        findings("terraform fmt in live", held)
    typed = raised.value.advice.removeprefix("See what it says: ")
    assert shlex.split(typed) == ["cd", folder, "&&", "terraform", "fmt", "-recursive", "-check"]


@needs_sandbox
@pytest.mark.parametrize(
    ("name", "output", "status"),
    [
        ("tflint", '{"issues":[],"errors":[{"message":"plugin aws not found"}]}', 1),
        ("tflint", '{"issues":[],"errors":[]}', 2),
        ("trivy", '{"SchemaVersion":2}', 0),
        ("checkov", '{"passed":0,"failed":0,"resource_count":0}', 0),
        ("checkov", '{"results":{"failed_checks":[]},"summary":{"parsing_errors":1}}', 0),
        ("pre-commit", "a hook.......(no files to check)Skipped", 0),
        ("pre-commit", "a hook...........................Passed", 1),
        ("terraform validate", '{"valid":true,"diagnostics":[{"severity":"error","summary":"x"}]}', 0),
    ],
)
def test_a_tool_that_looked_at_nothing_or_contradicts_itself_is_an_error(
    folder: Path, name: str, output: str, status: int
) -> None:
    script = f"[ \"$1\" = init ] || {{ echo '{output}'; exit {status}; }}"
    held = checkout(
        folder / "it", {"main.tf": CLEAN}, programs=programs(folder, name.partition(" ")[0], script)
    )
    with pytest.raises(ReadError, match="and not as where it has looked"):
        findings(name, held)


@needs_sandbox
def test_a_tool_that_does_not_end_is_ended(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tool, "PATIENCE_SECONDS", 1)
    held = checkout(folder / "it", {"main.tf": CLEAN}, programs=programs(folder, "tflint", "sleep 60"))
    with pytest.raises(Undetermined, match="tflint does not end within 1 s"):
        findings("tflint", held)


@needs_sandbox
def test_a_tool_changes_nothing_and_sees_nothing_else(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "planted")
    (folder / "secret").write_text("planted")
    script = f"echo changed >main.tf; touch {folder}/it/new; env >&2; cat {folder}/secret >&2; exit 9"
    held = checkout(folder / "it", {"main.tf": CLEAN}, programs=programs(folder, "tflint", script))
    with pytest.raises(ReadError) as told:
        findings("tflint", held)
    assert "planted" not in told.value.message
    assert (folder / "it" / "main.tf").read_text() == CLEAN
    assert not (folder / "it" / "new").exists()


def test_a_folder_or_a_configuration_that_is_not_there_is_missing(tmp_path: Path) -> None:
    held = checkout(tmp_path, {"live/main.tf": CLEAN})
    with pytest.raises(Missing, match="folder data"):
        findings("tflint in data", held)
    with pytest.raises(Missing, match=r"file .tflint.hcl"):
        findings("tflint in live with .tflint.hcl", held)


def test_formatting_of_a_folder_without_code_is_open(tmp_path: Path) -> None:
    with pytest.raises(Undetermined, match="would look at nothing"):
        findings("terraform fmt", checkout(tmp_path, {"notes.md": ""}))
