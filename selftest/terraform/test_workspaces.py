"""The workspace is the one that Terraform would take."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from plumbline.terraform.workspaces import selected
from plumbline.values.files import Tree
from selftest.terraform import oracle
from selftest.terraform.test_command import resources

MAIN = 'resource "terraform_data" "t" {\n  input = terraform.workspace\n}\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "main.tf").write_text(MAIN, "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("variables", "held", "name"),
    [
        ({}, None, "default"),
        ({}, "staging", "staging"),
        ({}, "staging\n", "staging"),
        ({}, "", "default"),
        ({"TF_WORKSPACE": "prod"}, "staging", "prod"),
        ({"TF_WORKSPACE": ""}, "staging", "staging"),
        ({"TF_DATA_DIR": "elsewhere"}, "staging", "default"),
    ],
)
def test_what_the_environment_says_comes_before_what_was_selected(
    root: Path, variables: dict[str, str], held: str | None, name: str
) -> None:
    if held is not None:
        (root / ".terraform").mkdir()
        (root / ".terraform" / "environment").write_text(held, "utf-8")
    assert selected(root, variables, Tree(root)) == name


@pytest.mark.parametrize(
    ("held", "why"),
    [
        ("link", "The file is a link that leads out of"),
        ("/dev/zero", "The file is a link that leads out of"),
        ("fifo", "it is no regular file"),
        ("bytes", "The file is not valid UTF-8"),
    ],
)
def test_a_file_that_is_not_read_is_told_and_stands_for_no_workspace(
    root: Path, tmp_path_factory: pytest.TempPathFactory, held: str, why: str
) -> None:
    place = root / ".terraform" / "environment"
    place.parent.mkdir()
    if held == "fifo":
        os.mkfifo(place)
    elif held == "bytes":
        place.write_bytes(b"\xff")
    else:
        secret = tmp_path_factory.mktemp("home") / "credentials"
        secret.write_text("SEKRIT")
        place.symlink_to(secret if held == "link" else held)
    told = resources("--terraform", root)
    assert told.returncode == 1
    assert why in told.stderr
    assert "SEKRIT" not in told.stdout + told.stderr


@pytest.mark.heavy
@pytest.mark.skipif(not oracle.is_available(), reason="needs terraform, and TF_PLUGIN_DIR for its provider")
def test_it_is_the_one_that_terraform_selected(root: Path) -> None:
    oracle.run(root, "workspace", "new", "staging")
    assert oracle.run(root, "workspace", "show").stdout.strip() == "staging"
    assert selected(root, {}, Tree(root)) == "staging"
    oracle.run(root, "workspace", "select", "default")
    assert selected(root, {}, Tree(root)) == "default"


@pytest.mark.parametrize(("given", "name"), [([], "qa"), (["--workspace", "prod"], "prod")])
def test_the_command_takes_it(
    root: Path, monkeypatch: pytest.MonkeyPatch, given: list[str], name: str
) -> None:
    monkeypatch.setitem(os.environ, "TF_WORKSPACE", "qa")
    assert f'"{name}"' in resources("--terraform", root, *given).stdout
