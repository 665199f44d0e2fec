"""The tools themselves, as far as CI has them, find what is wrong and nothing where nothing is."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from plumbline.github.checkout import Checkout
from plumbline.kinds.tool_run import ToolRun
from plumbline.values.unknown import ReadError
from selftest.hostile.sandbox import needs_sandbox
from selftest.tools.places import REAL, needs_terraform, needs_tools

pytestmark = pytest.mark.heavy
BUCKET = 'resource "aws_s3_bucket" "b" {\n  bucket = "b"\n}\n'
PROVIDER = 'provider "aws" {\n  region = "eu-west-3"\n}\n\n'
HOOKS = (
    "repos:\n- repo: local\n  hooks:\n"
    "  - {id: no-todo, name: nothing is left to do, language: pygrep, entry: TODO, types: [text], "
    "exclude: '^[.]pre-commit'}\n"
)


def checkout(folder: Path, files: Mapping[str, str]) -> Checkout:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    path = os.pathsep.join(filter(None, (REAL, os.environ["PATH"])))
    plugins = os.environ.get("TF_PLUGIN_DIR")
    return Checkout(folder, runs_scripts=True, programs=path, providers=Path(plugins) if plugins else None)


def findings(name: str, held: Checkout) -> list[str]:
    return [*ToolRun.from_repository(held, name).findings]


@needs_terraform
@pytest.mark.parametrize(
    ("text", "found"),
    [
        (BUCKET, []),
        (BUCKET.replace("bucket =", "bucket="), ["live/main.tf: not in the canonical format"]),
        ("x = 1\ny  = 2\n", ["live/main.tf: not in the canonical format"]),
    ],
)
def test_terraform_formats(folder: Path, text: str, found: list[str]) -> None:
    held = checkout(folder, {"live/main.tf": text, "live/notes.md": "a  =  b"})
    assert findings("terraform fmt", held) == found


@needs_terraform
def test_terraform_formats_nothing_that_it_cannot_read(folder: Path) -> None:
    with pytest.raises(ReadError, match=r"main\.tf line 1"):
        findings("terraform fmt", checkout(folder, {"main.tf": "resource {"}))


@needs_sandbox
@needs_terraform
def test_terraform_validates_with_the_modules_beside_it(folder: Path) -> None:
    files = {
        "live/main.tf": PROVIDER + 'module "m" {\n  source = "../m"\n}\n\n' + BUCKET,
        "m/main.tf": BUCKET,
    }
    held = checkout(folder, files)
    assert findings("terraform validate in live", held) == []
    wrong = checkout(folder, {"m/main.tf": BUCKET.replace("bucket =", "buckets =")})
    told = findings("terraform validate in live", wrong)
    assert told[0].startswith("m/main.tf:2 Unsupported argument"), told


@needs_sandbox
@needs_terraform
def test_terraform_validates_with_providers_that_only_root_may_look_up(folder: Path) -> None:
    given, plugins = Path(os.environ["TF_PLUGIN_DIR"]), folder / "plugins"
    for package in given.glob("*/*/*/*/*"):
        linked = plugins / package.relative_to(given)
        linked.parent.mkdir(parents=True, exist_ok=True)
        linked.symlink_to(package.resolve())
    plugins.chmod(0o700)
    held = checkout(folder / "checkout", {"main.tf": PROVIDER + BUCKET})
    assert findings("terraform validate", replace(held, providers=plugins)) == []


@needs_sandbox
@needs_terraform
def test_what_terraform_cannot_initialise_is_an_error(folder: Path) -> None:
    held = checkout(folder, {"main.tf": 'resource "nobodys_thing" "x" {\n  length = 1\n}\n'})
    with pytest.raises(ReadError, match=r"provider registry\.terraform\.io/hashicorp/nobodys"):
        findings("terraform validate", held)


@needs_sandbox
@needs_tools
def test_checkov_finds_what_its_configuration_does_not_leave_out(folder: Path) -> None:
    held = checkout(folder, {"live/main.tf": BUCKET, "ci/checkov.yaml": "check: [CKV2_AWS_6]\n"})
    assert findings("checkov with ci/checkov.yaml", held) == [
        "live/main.tf:1 CKV2_AWS_6: Ensure that S3 bucket has a Public Access block"
    ]
    other = checkout(folder, {"ci/checkov.yaml": "check: [CKV_AWS_20]\nsoft-fail: true\n"})
    assert findings("checkov in live with ci/checkov.yaml", other) == []


@needs_sandbox
@needs_tools
@pytest.mark.parametrize("files", [{"notes.md": "nothing"}, {"main.tf": 'resource "aws_s3_bucket" {\n'}])
def test_checkov_that_looked_at_nothing_is_an_error(folder: Path, files: dict[str, str]) -> None:
    with pytest.raises(ReadError, match=r"checkov in \. ends with"):
        findings("checkov", checkout(folder, files))


@needs_sandbox
@needs_tools
def test_pre_commit_runs_its_hooks_on_all_files(folder: Path) -> None:
    held = checkout(folder, {".pre-commit-config.yaml": HOOKS, "main.tf": "locals {}\n# TODO it\n"})
    assert findings("pre-commit", held) == ["main.tf:2:# TODO it (no-todo)"]
    (folder / "main.tf").write_text("locals {}\n")
    assert findings("pre-commit", held) == []


@needs_sandbox
@needs_tools
def test_pre_commit_without_its_hooks_is_an_error(folder: Path) -> None:
    elsewhere = "repos:\n- repo: https://example.com/hooks\n  rev: v1\n  hooks:\n  - id: x\n"
    with pytest.raises(ReadError, match=r"pre-commit in \. ends with"):
        findings("pre-commit", checkout(folder, {".pre-commit-config.yaml": elsewhere, "main.tf": ""}))
