"""What a root says of the modules that it calls, and what all code of an environment says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from plumbline.kinds.terraform import Root
from plumbline.kinds.terraform_modules import Modules
from plumbline.terraform.evaluation import evaluate
from plumbline.terraform.model import Configuration, together, unread
from plumbline.values.files import Tree
from plumbline.values.unknown import ReadError, Undetermined

VERSIONS = (
    'terraform {\n required_version = ">= 1.6"\n required_providers {\n aws = { version = "%s" }\n }\n}\n'
)
NETWORK = 'module "network" {\n source = "../modules/network"\n %s\n}\n'
KEY = 'variable "key" {\n type = string\n default = null\n}\n'


def written(folder: Path, files: Mapping[str, str]) -> Path:
    """Write the files of a checkout, and return its root `live`."""
    (folder / ".git").mkdir()
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder / "live"


def root_of(folder: Path, files: Mapping[str, str]) -> Root:
    return Root.find(evaluate(written(folder, files)), "live", "here")


def test_outputs_and_the_keys_of_those_that_are_maps(tmp_path: Path) -> None:
    root = root_of(
        tmp_path,
        {
            "live/main.tf": 'resource "aws_s3_bucket" "b" {\n for_each = toset(["raw", "gold"])\n'
            ' bucket = "x-${each.key}"\n}\n'
            'output "buckets" {\n value = { for k, b in aws_s3_bucket.b : k => b.id }\n}\n'
            'output "later" {\n value = jsondecode(aws_s3_bucket.b["raw"].arn)\n}\n'
            'output "name" {\n value = "x"\n}\n'
        },
    )
    assert root.outputs == ["buckets", "later", "name"]
    assert root.output_keys["buckets"] == ["gold", "raw"]
    assert "name" not in root.output_keys
    with pytest.raises(Undetermined, match="known only after apply"):
        assert root.output_keys.items() >= {"later": ["a"]}.items()


@pytest.mark.parametrize(
    ("argument", "declared", "told"),
    [
        ('key = "alias/x"', KEY, []),
        ("key = aws_kms_key.it.arn", KEY, []),
        ("", KEY, ["passes no key"]),
        ("key = null", KEY, ["passes no key"]),
        ("", "", ["modules/network declares no variable key"]),
    ],
)
def test_a_module_declares_a_variable_and_is_given_it(
    tmp_path: Path, argument: str, declared: str, told: list[str]
) -> None:
    resource = 'resource "aws_kms_key" "it" {}\n' if "aws_kms" in argument else ""
    files = {
        "live/main.tf": NETWORK % argument + resource,
        "modules/network/main.tf": declared or "locals {}\n",
    }
    found = root_of(tmp_path, files).not_passed({"modules/network": ["key"]})
    assert len(found) == len(told)
    assert all(end in it for it, end in zip(found, told, strict=True)), found


def test_a_module_that_is_not_called_is_given_nothing(tmp_path: Path) -> None:
    files = {"live/main.tf": NETWORK % "", "modules/network/main.tf": "locals {}\n"}
    assert root_of(tmp_path, files).not_passed({"modules/other": ["key"]}) == ["modules/other is not called"]


def test_what_modules_of_modules_are_given_counts(tmp_path: Path) -> None:
    files = {
        "live/main.tf": NETWORK % "",
        "modules/network/main.tf": 'module "inner" {\n source = "./inner"\n}\n',
        "modules/network/inner/main.tf": KEY,
    }
    [told] = root_of(tmp_path, files).not_passed({"network/inner": ["key"]})
    assert "modules/network/main.tf:1 module.inner" in told


@pytest.mark.parametrize(
    "source", ["terraform-aws-modules/vpc/aws", "git::https://example.com/vpc.git", "../../outside"]
)
def test_a_module_of_elsewhere_is_told(tmp_path: Path, source: str) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "main.tf").write_text("locals {}\n")
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    files = {"live/main.tf": f'module "vpc" {{\n source = "{source}"\n count = 0\n}}\n'}
    [told] = root_of(checkout, files).modules_elsewhere
    assert told.endswith(f'live/main.tf:1 module.vpc ("{source}")')


def test_modules_of_the_checkout_are_none_of_elsewhere(tmp_path: Path) -> None:
    files = {"live/main.tf": NETWORK % "", "modules/network/main.tf": "locals {}\n"}
    assert root_of(tmp_path, files).modules_elsewhere == []


@pytest.mark.parametrize(
    ("own", "inner", "agree"),
    [
        (">= 5.0", "~> 5.31", True),
        (">= 6.0", "~> 5.31", False),
        ("5.31.0", "!= 5.31.0", False),
        ("~> 5.31.0", "> 5.31.7", True),
    ],
)
def test_constraints_of_a_root_agree_where_one_version_fulfils_all(
    tmp_path: Path, own: str, inner: str, agree: bool
) -> None:
    files = {"live/main.tf": VERSIONS % own + NETWORK % "", "modules/network/main.tf": VERSIONS % inner}
    told = root_of(tmp_path, files).disagreeing_providers
    assert bool(told) is not agree
    assert agree or told[0].startswith(f"registry.terraform.io/hashicorp/aws: {own} in ")


def test_a_configuration_of_a_provider_may_ask_for_another_version(tmp_path: Path) -> None:
    asked = 'provider "aws" {\n alias = "dr"\n version = "~> 4.0"\n}\n'
    told = root_of(tmp_path, {"live/main.tf": VERSIONS % ">= 5.0" + asked}).disagreeing_providers
    assert told
    assert told[0].startswith("registry.terraform.io/hashicorp/aws: >= 5.0, ~> 4.0 in ")


def test_what_a_module_of_elsewhere_asks_for_is_not_known(tmp_path: Path) -> None:
    files = {"live/main.tf": VERSIONS % ">= 5.0" + 'module "vpc" {\n source = "a/vpc/aws"\n}\n'}
    with pytest.raises(Undetermined, match="what it asks of providers is not read"):
        assert root_of(tmp_path, files).disagreeing_providers == []


def test_what_is_no_constraint_is_an_error(tmp_path: Path) -> None:
    files = {"live/main.tf": NETWORK % "", "modules/network/main.tf": VERSIONS % "5.x"}
    with pytest.raises(ReadError, match=r"'5.x' is not a version constraint"):
        assert root_of(tmp_path, files).disagreeing_providers == []


BUCKET = 'resource "aws_s3_bucket" "b" {\n bucket = "b"\n}\n'


def modules_of(folder: Path, *paths: str, others: tuple[Configuration, ...] = ()) -> Any:
    roots = (Configuration(folder / it, "hcl", (), tree=Tree.around(folder)) for it in paths)
    every = (*roots, *others)
    return Modules.across(together(lambda: every), "modules", None)


def test_every_folder_that_states_no_version_is_told(tmp_path: Path) -> None:
    written(
        tmp_path,
        {
            "live/main.tf": VERSIONS % ">= 5.0" + NETWORK % "",
            "modules/network/main.tf": BUCKET,
            "modules/unused/main.tf": "locals {}\n",
        },
    )
    found = modules_of(tmp_path, "live", "modules/unused")
    assert [Path(it).name for it in found.without_required_version] == ["network", "unused"]


@pytest.mark.parametrize(
    ("code", "is_told"),
    [
        (VERSIONS % ">= 5.0", False),
        (VERSIONS % "~> 5.0", False),
        (VERSIONS % "5.31.0", False),
        (VERSIONS % ">= 4.0", True),
        (VERSIONS % "> 4.67.0", True),
        (VERSIONS % "!= 5.1.0", True),
        (VERSIONS % "~> 4.0, >= 5.0", True),
        (BUCKET, True),
        ('provider "aws" {}\n', True),
        ('provider "aws" {\n version = "~> 5.0"\n}\n', False),
        ('provider "aws" {\n version = "~> 4.0"\n}\n', True),
        (VERSIONS % ">= 4.0" + 'provider "aws" {\n alias = "dr"\n version = "~> 5.1"\n}\n', False),
        ('resource "terraform_data" "it" {}\n', False),
        ("locals {}\n", False),
        ('terraform {\n required_providers {\n amazon = {\n source = "hashicorp/aws"\n }\n }\n}\n', True),
        ('terraform {\n required_providers {\n aws = {\n source = "other/aws"\n }\n }\n}\n', False),
    ],
)
def test_a_module_that_uses_a_provider_asks_for_a_version_of_it(
    tmp_path: Path, code: str, is_told: bool
) -> None:
    written(tmp_path, {"live/main.tf": code})
    told = modules_of(tmp_path, "live").asking_for_less({"hashicorp/aws": "5.0"})
    assert bool(told) is is_told


def test_a_root_that_is_not_read_leaves_open_what_is_not_told(tmp_path: Path) -> None:
    written(tmp_path, {"live/main.tf": VERSIONS % ">= 5.0", "old/main.tf": BUCKET})
    unknown = unread("root data, which is not given,")
    held = modules_of(tmp_path, "live", others=(unknown,))
    with pytest.raises(Undetermined, match="root data, which is not given, may hold more"):
        assert held.without_required_version == []
    with pytest.raises(Undetermined, match="root data, which is not given, may hold more"):
        assert held.asking_for_less({"hashicorp/aws": "5.0"}) == []
    assert modules_of(tmp_path, "old", others=(unknown,)).without_required_version != []


def test_a_plan_does_not_say_it(tmp_path: Path) -> None:
    with pytest.raises(Undetermined, match="only Terraform source says this"):
        modules_of(tmp_path, others=(Configuration(tmp_path, "plan", ()),))
