"""What lies outside of the examined checkout is not read, whatever names it or leads to it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from plumbline.github.checkout import Checkout
from plumbline.github.commit import commit_of
from plumbline.terraform.evaluation import evaluate
from plumbline.terraform.model import TerraformError
from plumbline.values.files import EVERYWHERE, Tree
from plumbline.values.unknown import ReadError, Unknown
from selftest.input.test_small_stacks import MAIN, small
from selftest.input.tree import Tree as SuiteTree

__all__ = ["small"]
PLANTED = "PLANTED-IN-A-FILE"
FUNCTIONS = [
    'file("%s")',
    'filebase64("%s")',
    'filemd5("%s")',
    'filesha1("%s")',
    'filebase64sha256("%s")',
    'templatefile("%s", {})',
    'tostring(fileexists("%s"))',
    '"x${file("%s")}"',
    'try(file("%s"), "none")',
]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with a root and a module beside it, a secret above it, and links that lead there."""
    (tmp_path / "secret").write_text(PLANTED)
    for folder in (".git", "roots/data", "modules/m", "shared"):
        (tmp_path / "checkout" / folder).mkdir(parents=True)
    (tmp_path / "checkout/.git/config").write_text(PLANTED)
    (tmp_path / "checkout/shared/policy.json").write_text("ours")
    (tmp_path / "checkout/roots/data/link").symlink_to(tmp_path / "secret")
    (tmp_path / "checkout/roots/data/folder").symlink_to(tmp_path)
    (tmp_path / "checkout/roots/data/inside").symlink_to("../../shared/policy.json")
    return tmp_path / "checkout"


def output(checkout: Path, expression: str, tree: Tree | None = None) -> object:
    """Return what an expression gives in the root of the checkout."""
    (checkout / "roots/data/main.tf").write_text(f'output "it" {{\n  value = {expression}\n}}\n')
    return evaluate(checkout / "roots/data", tree=tree).outputs["it"]


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize(
    "path", ["../../../secret", "link", "folder/secret", "../../.git/config", "absolute"]
)
def test_no_function_reads_it(checkout: Path, function: str, path: str) -> None:
    given = str(checkout.parent / "secret") if path == "absolute" else path
    value = output(checkout, function % given)
    assert isinstance(value, Unknown)
    assert PLANTED not in repr(value)
    assert "outside of" in value.origin
    assert "--allow-outside-files" in value.origin


@pytest.mark.parametrize("folder", ["../../..", "folder", "/", "../../.git", "~"])
def test_no_folder_elsewhere_is_listed(checkout: Path, folder: str) -> None:
    assert isinstance(output(checkout, f'fileset("{folder}", "**")'), Unknown)


def test_the_home_is_not_read(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(checkout.parent))
    assert isinstance(output(checkout, 'file(pathexpand("~/secret"))'), Unknown)
    assert isinstance(output(checkout, 'file("~/secret")'), Unknown)


def test_a_home_that_is_a_checkout_is_not_all_examined(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "work").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Tree.around(tmp_path / "work").folder == tmp_path / "work"


@pytest.mark.parametrize(
    "path", ["../../shared/policy.json", "inside", "${path.module}/../../shared/policy.json"]
)
def test_what_the_same_checkout_holds_is_read(checkout: Path, path: str) -> None:
    assert output(checkout, f'file("{path}")') == "ours"


def test_a_module_of_the_same_checkout_reads_its_own_files(checkout: Path) -> None:
    (checkout / "modules/m/own.txt").write_text("ours")
    (checkout / "modules/m/main.tf").write_text(
        'output "it" {\n  value = file("${path.module}/own.txt")\n}\n'
    )
    (checkout / "roots/data/calls.tf").write_text('module "m" {\n  source = "../../modules/m"\n}\n')
    assert output(checkout, "module.m.it") == "ours"


MODULES = {
    "beside": "../../../secrets",
    "a link": "./folder/secrets",
    "of Git": "../../.git/m",
    "installed": "example.com/a/b/c",
}
"""How a root calls a module that lies outside of the checkout."""


@pytest.mark.parametrize("source", MODULES.values(), ids=MODULES)
def test_no_module_elsewhere_is_read(checkout: Path, source: str) -> None:
    for folder in (checkout.parent / "secrets", checkout / ".git/m"):
        folder.mkdir()
        (folder / "main.tf").write_text(f'output "it" {{\n  value = "{PLANTED}"\n}}\n')
    modules = checkout / "roots/data/.terraform/modules"
    modules.mkdir(parents=True)
    elsewhere = {"Key": "m", "Source": source, "Dir": str(checkout.parent / "secrets")}
    (modules / "modules.json").write_text(json.dumps({"Modules": [elsewhere]}))
    (checkout / "roots/data/calls.tf").write_text(f'module "m" {{\n  source = "{source}"\n}}\n')
    value = output(checkout, "module.m.it")
    assert isinstance(value, Unknown)
    assert "lies outside of" in value.origin
    assert "--allow-outside-files" in value.origin
    [told] = evaluate(checkout / "roots/data").not_evaluated
    assert "lies outside of" in told
    assert output(checkout, "module.m.it", EVERYWHERE) == PLANTED


def test_a_module_that_git_does_not_keep_is_read_where_terraform_put_it(checkout: Path) -> None:
    installed = checkout / "roots/data/.terraform/modules/m"
    installed.mkdir(parents=True)
    (installed / "main.tf").write_text('output "it" {\n  value = "ours"\n}\n')
    place = {"Key": "m", "Source": "example.com/a/b/c", "Dir": ".terraform/modules/m"}
    (installed.parent / "modules.json").write_text(json.dumps({"Modules": [place]}))
    (checkout / "roots/data/calls.tf").write_text('module "m" {\n  source = "example.com/a/b/c"\n}\n')
    assert output(checkout, "module.m.it") == "ours"


def test_all_is_read_where_that_is_asked_for(checkout: Path) -> None:
    assert output(checkout, 'file("../../../secret")', EVERYWHERE) == PLANTED


@pytest.mark.parametrize("name", ["more.tf", "terraform.tfvars", "x.auto.tfvars"])
def test_no_link_to_source_elsewhere_is_followed(checkout: Path, name: str) -> None:
    (checkout.parent / "elsewhere").write_text(f'x = "{PLANTED}"\n')
    (checkout / "roots/data" / name).symlink_to(checkout.parent / "elsewhere")
    with pytest.raises(TerraformError, match=rf"{name}:1:1: The file is a link that leads out of") as told:
        output(checkout, "1")
    assert PLANTED not in str(told.value)


def test_no_link_of_a_repository_is_followed_out_of_it(checkout: Path) -> None:
    with pytest.raises(ReadError, match="link is a link that leads out of the checkout"):
        Checkout(checkout).find("roots/data/link", "file")
    with pytest.raises(ReadError, match="secret is a link that leads out of the checkout"):
        Checkout(checkout).find("roots/data/folder/secret", "file")
    assert Checkout(checkout).find("roots/data/inside", "file").read_text() == "ours"


@pytest.mark.parametrize("option", [[], ["--allow-outside-files"]], ids=["as it is", "allowed"])
def test_a_run_tells_what_it_did_not_read(
    small: SuiteTree, tmp_path_factory: pytest.TempPathFactory, option: list[str]
) -> None:
    secret = tmp_path_factory.mktemp("elsewhere") / "secret"
    secret.write_text(PLANTED)
    small.edit(MAIN, "= true", f'= file("{os.path.relpath(secret, (small.path / MAIN).parent)}") == ""')
    run = small.run("--stack=small", "--source=hcl", "-v", *option)
    assert PLANTED not in run.output
    if option:
        assert run.exit_code == 1, run.output
        assert " --allow-outside-files " in run.output
    else:
        assert "not read:" in run.output
        assert "lies outside of" in run.output
        assert {it.verdict for it in run.outcomes.values()} == {"skipped"}


def test_no_workflow_that_is_a_link_is_followed_out_of_the_repository(checkout: Path) -> None:
    from plumbline.github.workflows import document

    (checkout.parent / "w.yml").write_text(f"on: {PLANTED}\n")
    (checkout / "w.yml").symlink_to(checkout.parent / "w.yml")
    with pytest.raises(ReadError, match=r"w.yml is a link that leads out of the checkout"):
        document(Checkout(checkout), checkout / "w.yml")


@pytest.mark.parametrize("said", ["\x1b[2J::error::INJECTED", "SEKRIT", "0" * 39, ""])
def test_what_git_keeps_of_a_checkout_is_a_commit_or_nothing(tmp_path: Path, said: str) -> None:
    git = tmp_path / ".git"
    git.mkdir()
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    (git / "packed-refs").write_text(f"{said} refs/heads/main\n")
    assert commit_of(tmp_path) == ""
    (git / "packed-refs").write_text(f"# pack-refs with: peeled\n{'0' * 40} refs/heads/main\n")
    assert commit_of(tmp_path) == "0" * 40
