"""Files outside of what is examined are not read: not by functions of Terraform, and not over links."""

from pathlib import Path

import pytest

from plumbline.github.checkout import Checkout
from plumbline.kinds.repository import RepositoryFile
from plumbline.values.unknown import Undetermined
from selftest.front_door import SuiteRun
from selftest.input.tree import DYNAMODB, Tree

MAIN = f"{DYNAMODB}/main.tf"
TAGS = "tags                        = local.tags"
PLANTED = "aws_secret_access_key = PLANTED"


@pytest.fixture
def secret(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that whoever runs the suite can read, and that lies elsewhere."""
    file = tmp_path_factory.mktemp("home") / "credentials"
    file.write_text(PLANTED)
    return file


def run_with(tree: Tree, folder: Path, owner: str, *more: str) -> tuple[SuiteRun, str]:
    """Return a run with a component in the tags of the tables, and all that it wrote."""
    tree.edit(MAIN, TAGS, f"tags = merge(local.tags, {{ Component = {owner} }})")
    formats = [f"--{it}={folder / it}" for it in ("html", "sarif", "incident", "save-evidence")]
    run = tree.run("--env=dev", "--source=hcl", "tests/dynamodb", "-v", *formats, *more)
    files = [it for it in folder.rglob("*") if it.is_file()]
    return run, run.output + "".join(it.read_text(errors="replace") for it in files)


@pytest.mark.parametrize(
    "owner",
    [
        'file("SECRET")',
        'filebase64("SECRET")',
        'trimspace(templatefile("SECRET", {}))',
        'fileexists("SECRET") ? "there" : "not there"',
        'join(",", fileset(dirname("SECRET"), "*"))',
        'sha256(file("SECRET"))',
        'file("link")',
        'file("folder/credentials")',
        'file("../../../../../../../../../../../proc/self/environ")',
    ],
)
def test_terraform_reads_nothing_outside_of_the_checkout(
    tree: Tree, tmp_path_factory: pytest.TempPathFactory, secret: Path, owner: str
) -> None:
    (tree.path / DYNAMODB / "link").symlink_to(secret)
    (tree.path / DYNAMODB / "folder").symlink_to(secret.parent, target_is_directory=True)
    run, written = run_with(tree, tmp_path_factory.mktemp("out"), owner.replace("SECRET", str(secret)))
    assert "PLANTED" not in written
    assert "UExBTlRFRA" not in written
    assert not run.those("failed", "error")
    told = [it.message for it in run.those("skipped") if it.invariant == "bbws-ddb-17"]
    assert told
    assert all("outside of the checkout, which is read with --allow-outside-files alone" in it for it in told)


def test_it_does_where_that_is_asked_for(
    tree: Tree, tmp_path_factory: pytest.TempPathFactory, secret: Path
) -> None:
    owner = f'substr(file("{secret}"), 0, 3)'
    run, _ = run_with(tree, tmp_path_factory.mktemp("out"), owner, "--allow-outside-files")
    assert {it.invariant for it in run.those("failed")} == {"bbws-ddb-17"}
    assert '"aws"' in run.printed
    assert "--allow-outside-files" in run.printed


def test_what_lies_beside_the_root_in_the_checkout_is_read(
    tree: Tree, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (tree.path / "terraform/bbws/owner.txt").write_text("Somebody")
    (tree.path / "terraform/bbws/dynamodb/link").symlink_to("../owner.txt")
    run, _ = run_with(tree, tmp_path_factory.mktemp("out"), 'file("link")')
    assert '"Somebody"' in run.printed


def test_a_link_out_of_a_checkout_is_not_followed(tmp_path: Path, secret: Path) -> None:
    (tmp_path / "a.html").symlink_to(secret)
    with pytest.raises(Undetermined, match=r"a\.html leads out of the checkout, and is not followed"):
        RepositoryFile.from_repository(Checkout(tmp_path), "a.html")
    (tmp_path / "b.html").write_text("<html>")
    (tmp_path / "c.html").symlink_to("b.html")
    assert RepositoryFile.from_repository(Checkout(tmp_path), "c.html").format == "HTML document"
