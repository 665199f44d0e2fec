"""What files of a checkout hold and are called, and whether a lock file holds for its root."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from plumbline.github.checkout import Checkout
from plumbline.kinds.checkout_files import CheckoutFiles, Looked
from plumbline.kinds.provider_lock import ProviderLock
from plumbline.kinds.repository import RepositoryFile
from plumbline.values.unknown import Missing, ReadError, Undetermined
from selftest.mutations.edits import track


def checkout(folder: Path, files: Mapping[str, str]) -> Checkout:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    track(folder)
    return Checkout(folder)


def file_of(folder: Path, name: str, text: str) -> RepositoryFile:
    return RepositoryFile.from_repository(checkout(folder, {name: text}), name)


@pytest.mark.parametrize(
    ("name", "text", "format_", "mistake"),
    [
        (".tflint.hcl", 'plugin "aws" {\n  enabled = true\n}\n', "HCL", None),
        (".tflint.hcl", 'plugin "aws" {\n  enabled = \n}\n', "HCL", ".tflint.hcl:2"),
        ("backend.hcl", 'bucket = "x"\n', "HCL", None),
        ("terraform.tfvars.example", "# nothing yet\n", "HCL", None),
        ("main.tf", 'resource "x" {\n', "HCL", "main.tf"),
        (".pre-commit-config.yaml", "repos:\n- repo: local\n", "YAML", None),
        (".pre-commit-config.yaml", "repos:\n- repo: [local\n", "YAML", ".pre-commit-config.yaml:3"),
        ("several.yml", "a: 1\n---\nb: 2\n", "YAML", None),
        ("a.yaml", "", "YAML", "a.yaml: it says nothing"),
        ("a.yaml", "---\n# nothing yet\n", "YAML", "a.yaml: it says nothing"),
        ("a.yaml", "[]\n", "YAML", None),
        ("a.yaml", "one word\n", "YAML", None),
        ("a.yaml", "\tb: 1\n", "YAML", "a.yaml:1"),
        ("a.json", '{"a": 1}', "JSON", None),
        ("a.json", '{"a": 1,\n}', "JSON", "a.json:"),
        ("a.json", "[" * 100_000, "JSON", "a.json"),
        ("a.yaml", "[" * 100_000, "YAML", "a.yaml"),
        ("a.hcl", "a = " + "[" * 100_000, "HCL", "a.hcl"),
        ("notes.md", "# Notes", "something else", None),
    ],
)
def test_what_a_file_of_data_holds_and_its_first_mistake(
    tmp_path: Path, name: str, text: str, format_: str, mistake: str | None
) -> None:
    file = file_of(tmp_path, name, text)
    assert file.format == format_
    assert (file.mistake is None) is (mistake is None), file.mistake
    assert mistake is None or mistake in str(file.mistake)


def test_what_a_file_gives_a_value(tmp_path: Path) -> None:
    file = file_of(tmp_path, "backend.hcl", 'bucket = "b"\nencrypt = true\nmap = { a = [1] }\nx = var.y\n')
    assert file.settings.items() >= {"bucket": "b", "encrypt": True, "map": {"a": [1]}}.items()
    with pytest.raises(Undetermined, match="x is no constant"):
        assert file.settings.items() >= {"x": "y"}.items()
    assert file_of(tmp_path, "a.json", '{"bucket": "b"}').settings == {"bucket": "b"}
    assert file_of(tmp_path, "a.yaml", "a: &a [1]\nb: [*a, *a]\n").settings == {}


@pytest.mark.parametrize(
    ("patterns", "found"),
    [
        (["terraform.tfvars"], ["live/terraform.tfvars"]),
        (["live/t*.tfvars"], ["live/terraform.tfvars"]),
        (["*.tfvars"], ["live/dev.tfvars", "live/terraform.tfvars"]),
        (["tfplan", "*.tfstate*"], ["old/terraform.tfstate.backup"]),
        (["terraform.tfvars.example"], ["terraform.tfvars.example"]),
        (["TERRAFORM.TFVARS"], []),
    ],
)
def test_what_git_tracks_under_a_name_or_a_path(
    tmp_path: Path, patterns: list[str], found: list[str]
) -> None:
    names = [
        "live/dev.tfvars",
        "live/terraform.tfvars",
        "old/terraform.tfstate.backup",
        "terraform.tfvars.example",
    ]
    held = checkout(tmp_path, dict.fromkeys(names, ""))
    (tmp_path / "tfplan").write_text("there, and not tracked")
    assert CheckoutFiles.asked_of_repository(held, ".", Looked(names=patterns)).tracked == found


def test_what_is_tracked_where_no_git_is_is_not_known(tmp_path: Path) -> None:
    found = CheckoutFiles.asked_of_repository(Checkout(tmp_path), ".", Looked(names=["tfplan"]))
    with pytest.raises(Undetermined, match="what is tracked is not known"):
        assert found.tracked == []


VERSIONED = Looked(holding="*.tf", beside=["versions.tf"])


@pytest.mark.parametrize(
    ("files", "lacking"),
    [
        ({"modules/a/main.tf": "", "modules/a/versions.tf": ""}, []),
        ({"modules/a/main.tf": "", "modules/b/versions.tf": ""}, ["modules/a: no versions.tf"]),
        ({"modules/a/inner/x.tf": "", "modules/a/versions.tf": ""}, ["modules/a/inner: no versions.tf"]),
        ({"modules/a/versions.tf": "", "live/main.tf": "", "modules/notes.md": ""}, []),
    ],
)
def test_what_folders_lack_that_must_lie_in_each(
    tmp_path: Path, files: dict[str, str], lacking: list[str]
) -> None:
    held = checkout(tmp_path, files)
    assert CheckoutFiles.asked_of_repository(held, "modules", VERSIONED).lacking == lacking


def test_where_no_folder_is_meant_nothing_is_known(tmp_path: Path) -> None:
    held = checkout(tmp_path, {"modules/notes.md": ""})
    for asked in (VERSIONED, Looked(holding="*.md"), None):
        with pytest.raises(Undetermined):
            assert CheckoutFiles.asked_of_repository(held, "modules", asked).lacking == []


WORDS = Looked(files=["backend.hcl", "notes.txt"], words=["YOUR_ID", "ACCOUNT_ID"])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('bucket = "state-1"\n', []),
        ('# of YOUR_ID\nbucket = "state-1"\n', []),
        ('bucket = "state-1"\ntags = { a = ["x-YOUR_ID"] }\n', ["live/backend.hcl:2 YOUR_ID"]),
        ('bucket = "YOUR_ID-ACCOUNT_ID"\n', ["live/backend.hcl:1 YOUR_ID", "live/backend.hcl:1 ACCOUNT_ID"]),
    ],
)
def test_a_word_is_found_in_the_values_of_hcl(
    tmp_path: Path, text: str, found: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    files = {"live/backend.hcl": text, "notes.txt": "nothing"}
    assert CheckoutFiles.asked_of_repository(checkout(tmp_path, files), ".", WORDS).words_left == found


def test_a_word_is_found_in_the_lines_of_any_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files = {"a/backend.hcl": "", "notes.txt": "\n# YOUR_ID\n"}
    held = CheckoutFiles.asked_of_repository(checkout(tmp_path, files), ".", WORDS)
    assert held.words_left == ["notes.txt:2 YOUR_ID"]


def test_where_no_file_is_called_so_nothing_is_known_to_hold(tmp_path: Path) -> None:
    files = CheckoutFiles.asked_of_repository(checkout(tmp_path, {"backend.hcl": ""}), ".", WORDS)
    with pytest.raises(Undetermined, match=r"no file is called notes.txt"):
        assert files.words_left == []


def test_a_file_that_does_not_parse_is_an_error(tmp_path: Path) -> None:
    held = checkout(tmp_path, {"backend.hcl": "a = ", "notes.txt": ""})
    files = CheckoutFiles.asked_of_repository(held, ".", WORDS)
    with pytest.raises(ReadError, match=r"backend.hcl:1"):
        assert files.words_left == []


def test_a_folder_that_is_not_there_is_missing(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="folder live"):
        CheckoutFiles.asked_of_repository(Checkout(tmp_path), "live", WORDS)


ROOT = 'terraform {\n required_providers {\n aws = { source = "hashicorp/aws", version = "%s" }\n }\n}\n'
LOCK = 'provider "registry.terraform.io/hashicorp/aws" {\n version = "%s"\n hashes = ["h1:x"]\n}\n'
FILE = "live/.terraform.lock.hcl"


AWS, RANDOM = "registry.terraform.io/hashicorp/aws", "registry.terraform.io/hashicorp/random"
RESOURCES = 'resource "aws_s3_bucket" "b" {}\nresource "random_id" "x" {}\n'
CALL = 'module "m" {\n source = "./m"\n}\n'


@pytest.mark.parametrize(
    ("root", "lock", "told"),
    [
        (ROOT % "~> 5.0", LOCK % "5.100.0", []),
        (ROOT % "~> 5.0", LOCK % "4.67.0", [f"{AWS} 4.67.0, and ~> 5.0 is asked for"]),
        (ROOT % "~> 5.0", "", [AWS]),
        (ROOT % "~> 5.0", (LOCK % "5.1.0").replace('"h1:x"', ""), [f"{AWS} 5.1.0, without a checksum"]),
        (ROOT % "~> 5.0", (LOCK % "5.1.0").replace("hashes", "#"), [f"{AWS} 5.1.0, without a checksum"]),
        (ROOT % "~> 5.0", (LOCK % "5.1.0").replace("h1:x", "${x}"), [f"{AWS} 5.1.0, without a checksum"]),
        (ROOT % "~> 5.0", LOCK % "5.0.0-beta1", [f"{AWS} 5.0.0-beta1, and ~> 5.0 is asked for"]),
        (RESOURCES, LOCK % "5.1.0", [RANDOM]),
        ('resource "terraform_data" "x" {}\n', "", []),
        (CALL + ROOT % ">= 5.0", LOCK % "5.1.0", [f"{AWS} 5.1.0, and >= 5.0, ~> 5.31 is asked for"]),
    ],
)
def test_a_lock_file_names_a_version_that_fits_of_each_provider(
    tmp_path: Path, root: str, lock: str, told: list[str]
) -> None:
    held = checkout(tmp_path, {"live/main.tf": root, FILE: lock, "live/m/main.tf": ROOT % "~> 5.31"})
    found = ProviderLock.from_repository(held, FILE)
    assert found.unlocked == told
    assert found.tracked is True


@pytest.mark.skipif(
    shutil.which("terraform") is None or "TF_PLUGIN_DIR" not in os.environ,
    reason="needs terraform, and TF_PLUGIN_DIR for its provider",
)
def test_the_lock_file_that_terraform_writes_holds(tmp_path: Path) -> None:
    held = checkout(tmp_path, {"live/main.tf": ROOT % "~> 5.0"})
    command = [
        "terraform",
        f"-chdir={tmp_path / 'live'}",
        "init",
        f"-plugin-dir={os.environ['TF_PLUGIN_DIR']}",
    ]
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "CHECKPOINT_DISABLE": "1"}
    subprocess.run(command, env=environment, check=True, capture_output=True)
    found = ProviderLock.from_repository(held, FILE)
    assert found.unlocked == []
    assert found.tracked is False


def test_what_a_module_of_elsewhere_asks_for_is_not_known(tmp_path: Path) -> None:
    files = {"live/main.tf": 'module "vpc" {\n source = "a/vpc/aws"\n}\n', FILE: LOCK % "5.1.0"}
    with pytest.raises(Undetermined, match="what it asks of providers is not read"):
        assert ProviderLock.from_repository(checkout(tmp_path, files), FILE).unlocked == []


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({FILE: LOCK % "5.1.0"}, "holds no Terraform code"),
        ({FILE: "provider {", "live/main.tf": ROOT % ">= 5.0"}, "lock.hcl:1"),
        ({FILE: LOCK % "5.1.0", "live/main.tf": ROOT % "5.x"}, "not a version constraint"),
    ],
)
def test_what_cannot_be_read_is_an_error(tmp_path: Path, files: dict[str, str], told: str) -> None:
    with pytest.raises(ReadError, match=told):
        assert ProviderLock.from_repository(checkout(tmp_path, files), FILE).unlocked == []


def test_a_lock_file_that_is_not_there_is_missing(tmp_path: Path) -> None:
    with pytest.raises(Missing):
        ProviderLock.from_repository(checkout(tmp_path, {"live/main.tf": ""}), FILE)
