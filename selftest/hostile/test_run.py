"""A run over what is hostile: no report does anything where it is shown, no command more than it says."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from plumbline.__main__ import main
from plumbline.kinds.lock_table import Lock, LockTable
from selftest.front_door import REPOSITORY, SuiteRun, neutral_variables, run_suite
from selftest.input.test_small_stacks import MAIN, RUNBOOK, STACK, small
from selftest.input.tree import Tree

__all__ = ["small"]
OF_TABLES = "inventories:\n  all-tables: {name: tables, asks: {of: tables}}\n"
NAMED = """\
  small-02:
    test: inventory.named
    of: [all-tables]
    section: '1'
    statement: Every table is named.
    quantified: every
    severity: P1
    evidence: [hcl, aws]
    remedy:
      source:
      - 'name {unnamed} under tables'
      - 'terraform plan -var ''tables=["{unnamed}"]'''
      - 'aws dynamodb describe-table --table-name {unnamed} --region {unnamed_region}'
      account: ['aws dynamodb describe-table --table-name {unnamed} --region {unnamed_region}']
"""
NAMES = [
    "$(touch PWNED)",
    "`touch PWNED`",
    "a; touch PWNED #",
    "'; touch PWNED; '",
    '\\"; touch PWNED; \\"',
    "a\\n::error file=x.tf,line=1::INJECTED\\ntouch PWNED\\n",
    "##[add-mask]INJECTED",
    "::stop-commands::INJECTED",
    "\\u001b[2J\\u001b]52;c;cm0gLXJmIH4=\\u0007",
    "x\\n````\\n</details>\\n\\n# INJECTED",
    "\\u202egnp.exe",
    "@here <!channel>",
    "</script><script>alert(1)</script>",
    "b" * 30_000,
]
"""Names of tables as Terraform writes them."""
FOLDER = "q; touch PWNED #"


@pytest.fixture
def hostile(small: Tree) -> Tree:
    """The small stack with an inventory, and Terraform of somebody who means no good."""
    small.edit(STACK, "tables:\n", f"{OF_TABLES}tables:\n")
    (small.path / RUNBOOK).write_text((small.path / RUNBOOK).read_text() + NAMED)
    main = (small.path / MAIN).read_text().replace("true", "false")
    tables = [
        f'resource "aws_dynamodb_table" "t{number}" {{\n  name = "{name.replace("${", "$${")}"\n'
        '  billing_mode = "PAY_PER_REQUEST"\n  hash_key = "id"\n'
        '  attribute {\n    name = "id"\n    type = "S"\n  }\n}\n'
        for number, name in enumerate(NAMES)
    ]
    for folder in (small.path / "terraform/small", small.path / FOLDER):
        (folder / "data").mkdir(parents=True, exist_ok=True)
        (folder / "data/main.tf").write_text(main + "".join(tables))
    return small


def reported(
    tree: Tree, folder: Path, *arguments: str, stack: str = "small", **variables: str
) -> tuple[SuiteRun, dict[str, str]]:
    """Run with every report, and return what each file holds."""
    folder = folder / "told"
    folder.mkdir()
    files = {
        "html": folder / "page.html",
        "incident": folder / "incident.txt",
        "health-check": folder / "health.txt",
        "sarif": folder / "sarif.json",
        "save-evidence": folder / "evidence.json",
    }
    options = [f"--{name}={path}" for name, path in files.items()]
    summary = folder / "summary.md"
    given = neutral_variables() | {"GITHUB_STEP_SUMMARY": str(summary)} | variables
    run = run_suite(
        *(f"--stack={stack}", "-v", "-rA", f"--alluredir={folder / 'allure'}", *options, *arguments),
        variables=given,
        tree=tree.path,
    )
    assert "Traceback" not in run.output
    assert all(path.exists() for path in files.values()), run.output
    held = {name: path.read_text(encoding="utf-8") for name, path in files.items()}
    held |= {str(it): it.read_text(encoding="utf-8") for it in (folder / "allure").iterdir()}
    return run, held | ({"summary": summary.read_text(encoding="utf-8")} if summary.exists() else {})


def commands(held: dict[str, str]) -> Iterator[str]:
    """Yield every command that the page and the incident text give."""
    [findings] = re.findall(r'id="findings">(.*?)</script>', held["html"], re.DOTALL)
    for it in json.loads(findings):
        yield from it.get("remedy", [])
        yield it["again"]
    yield from re.findall(r"^- (.*)$", held["incident"].partition("Next Steps:")[2], re.MULTILINE)


def paste(command: str, folder: Path) -> None:
    """Run a command in a shell where every program that ours name does nothing."""
    programs = folder / "programs"
    programs.mkdir(parents=True, exist_ok=True)
    for name in ("aws", "terraform", "pytest", "yamllint", "name", "python"):
        (programs / name).write_text("#!/bin/sh\n")
        (programs / name).chmod(0o755)
    words = ["bash", "--noprofile", "--norc", "-c", command]
    shell = {"PATH": f"{programs}:/usr/bin:/bin", "HOME": str(folder)}
    (folder / "here").mkdir(exist_ok=True)
    subprocess.run(words, cwd=folder / "here", env=shell, capture_output=True, timeout=20, check=False)


@pytest.mark.parametrize("given", [[], [f"--terraform={FOLDER}"]], ids=["own", "elsewhere"])
def test_a_pasted_command_does_nothing_else(hostile: Tree, tmp_path: Path, given: list[str]) -> None:
    run, held = reported(hostile, tmp_path, *given)
    assert run.exit_code == 1, run.output
    typed = list(commands(held))
    assert sum("describe-table" in it for it in typed) >= 1
    for it in dict.fromkeys(typed):
        assert it.isprintable(), it
        paste(it, tmp_path / "shell")
    assert list((tmp_path / "shell/here").iterdir()) == []


def test_a_root_that_does_not_parse_is_told_with_a_command_that_does_nothing_else(
    hostile: Tree, tmp_path: Path
) -> None:
    (hostile.path / FOLDER / "data/main.tf").write_text('resource "a" {')
    run, held = reported(hostile, tmp_path, f"--terraform={FOLDER}", "--source=hcl")
    assert f"terraform -chdir='{FOLDER}/data' validate" in run.output
    for it in commands(held):
        paste(it, tmp_path / "shell")
    assert list((tmp_path / "shell/here").iterdir()) == []


def test_no_report_shows_what_would_do_something_there(hostile: Tree, tmp_path: Path) -> None:
    run, held = reported(hostile, tmp_path, GITHUB_ACTIONS="true")
    for name, it in {"terminal": run.output, **held}.items():
        assert not {"\x1b", "\x07", "\u202e"} & set(it), name
    assert len(run.output) < 400_000
    assert all(len(it) < 400_000 for name, it in held.items() if name != "save-evidence"), {
        name: len(it) for name, it in held.items()
    }
    assert "<script>alert" not in held["html"]
    assert not re.search("@here|<!channel>", held["incident"])
    assert not re.search(r"^# INJECTED", held["summary"], re.MULTILINE)


def test_what_a_command_prints_as_json_is_no_command_of_a_runner(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "main.tf").write_text('resource "terraform_data" "x" {\n  input = "##[add-mask]x"\n}\n')
    assert main(["resources", "--terraform", str(tmp_path), "--json"]) == 0
    printed = capsys.readouterr().out
    assert "##[" not in printed
    assert json.loads(printed)["resources"][0]["values"] == {"input": "##[add-mask]x"}


def test_what_a_command_prints_as_a_table_is_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main_tf = 'resource "terraform_data" "x" {\n  for_each = toset(["##[add-mask]x", "a\\u001b[2J"])\n}\n'
    (tmp_path / "a\n::error::INJECTED\x1b[2J.tf").write_text(main_tf)
    assert main(["resources", "--terraform", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert "terraform_data.x" in printed
    assert "##[" not in printed
    assert "\x1b" not in printed
    assert not any(it.lstrip().startswith("::") for it in printed.splitlines())


def test_the_runner_takes_no_name_for_a_command(hostile: Tree, tmp_path: Path) -> None:
    run, _ = reported(hostile, tmp_path, GITHUB_ACTIONS="true")
    printed = run.printed.splitlines()
    [token] = re.findall(r"^::stop-commands::([0-9a-f]{32})$", run.printed, re.MULTILINE)
    end = printed.index(f"::{token}::")
    after = [it for it in printed[end + 1 :] if it.lstrip().startswith("::") or "##[" in it]
    assert after
    assert all(re.match(r"::(error|warning|notice) ", it) for it in after), after
    assert not any(it.lstrip().startswith("::error file=x.tf") for it in printed)


def test_a_folder_whose_name_is_no_text_is_examined_and_told(hostile: Tree, tmp_path: Path) -> None:
    odd = os.fsdecode(b"byte\xff")
    shutil.copytree(hostile.path / FOLDER, hostile.path / odd)
    run, held = reported(hostile, tmp_path, f"--terraform={odd}")
    assert run.exit_code == 1
    assert "examined: Terraform in byte\\udcff: data" in run.printed
    assert "byte\\udcff" in held["html"].replace("\\\\", "\\")


@pytest.mark.parametrize("id_", ["$(touch PWNED)", "abc\ncurl x | sh #", "", "0a1b2c3d"])
def test_what_is_no_lock_id_is_left_out(id_: str) -> None:
    lock = Lock(id=id_, who="x", operation="OperationTypeApply", minutes=90)
    assert LockTable(name="locks", locks={"a": lock}).named_in_remedies() == {}
    known: Any = lock.model_copy(update={"id": "0a1b2c3d-1111-2222-3333-444455556666"})
    assert LockTable(name="locks", locks={"a": known}).named_in_remedies() == {"lock_id": known.id}


def test_a_command_imports_nothing_of_the_folder_that_it_is_typed_in(tmp_path: Path) -> None:
    for name in ("argparse", "pkgutil", "pydantic", "yaml", "plumbline_kinds"):
        (tmp_path / f"{name}.py").write_text(f"open('OWNED-{name}', 'w').close()\n")
    words = [sys.executable, "-m", "plumbline", "kinds", "table"]
    given = neutral_variables() | {"PYTHONPATH": str(REPOSITORY)}
    ended = subprocess.run(words, cwd=tmp_path, env=given, capture_output=True, text=True, check=True)
    assert "table" in ended.stdout
    assert not [*tmp_path.glob("OWNED-*")]
