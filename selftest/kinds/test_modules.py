"""What a root says of the modules that it calls, and what all code of an environment says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from plumbline.kinds.terraform import Root
from plumbline.kinds.terraform_modules import Modules, OfModules
from plumbline.terraform.evaluation import evaluate
from plumbline.terraform.model import Configuration, together, unread
from plumbline.values.files import Tree
from plumbline.values.some_of import SomeOf
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


def modules_of(
    folder: Path, *paths: str, others: tuple[Configuration, ...] = (), asked: OfModules | None = None
) -> Any:
    roots = (Configuration(folder / it, "hcl", (), tree=Tree.around(folder)) for it in paths)
    every = (*roots, *others)
    return Modules.across(together(lambda: every), "modules", asked)


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


BELOW = OfModules(below="modules")
CALLING = NETWORK % "" + 'terraform {\n required_providers {\n random = { version = "1.0.0" }\n }\n}\n'
RANDOM = 'terraform {\n required_providers {\n random = {\n source = "hashicorp/random"\n %s\n }\n }\n}\n'


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (VERSIONS % "~> 5.0", []),
        (VERSIONS % ">= 5.0, < 6.0.0", []),
        (VERSIONS % ">= 5.0.0, < 6", []),
        (VERSIONS % "~> 5.1", ["hashicorp/aws ~> 5.1"]),
        (VERSIONS % ">= 5.0", ["hashicorp/aws >= 5.0"]),
        (VERSIONS % "~> 5.0, != 5.3.1", ["hashicorp/aws ~> 5.0, != 5.3.1"]),
        (VERSIONS % "~> 5.0.0", ["hashicorp/aws ~> 5.0.0"]),
        (BUCKET, ["hashicorp/aws of any version"]),
        ("locals {}\n", ["hashicorp/aws is not required"]),
        ('terraform {\n required_providers {\n aws = { source = "other/aws", version = "~> 5.0" }\n }\n}\n',
         ["hashicorp/aws is not required"]),
    ],
)  # fmt: skip
def test_a_module_requires_a_provider_used_or_not(tmp_path: Path, code: str, told: list[str]) -> None:
    written(tmp_path, {"live/main.tf": CALLING, "modules/network/main.tf": code})
    found = modules_of(tmp_path, "live", asked=BELOW).requiring_otherwise({"hashicorp/aws": "~> 5.0"})
    assert [it.partition(": ")[2] for it in found] == told


def test_a_module_that_nothing_calls_is_a_module(tmp_path: Path) -> None:
    files = {"live/main.tf": NETWORK % "", "modules/network/main.tf": RANDOM % 'version = "~> 3.1"'}
    written(tmp_path, files | {"modules/unused/main.tf": RANDOM % ""})
    wanted = {"hashicorp/random": "~> 3.1"}
    [told] = modules_of(tmp_path, "live", "modules/unused", asked=BELOW).requiring_otherwise(wanted)
    assert told.endswith("unused: hashicorp/random of any version")


def test_code_below_a_folder_that_is_not_there_is_not_known(tmp_path: Path) -> None:
    written(tmp_path, {"live/main.tf": BUCKET})
    with pytest.raises(Undetermined, match="no Terraform code lies below modules"):
        modules_of(tmp_path, "live", asked=BELOW)


def test_a_root_that_is_not_read_leaves_open_what_modules_require(tmp_path: Path) -> None:
    written(tmp_path, {"live/main.tf": NETWORK % "", "modules/network/main.tf": VERSIONS % "~> 5.0"})
    held = modules_of(tmp_path, "live", others=(unread("root data, which is not given,"),), asked=BELOW)
    with pytest.raises(Undetermined, match="may hold more"):
        assert held.requiring_otherwise({"hashicorp/aws": "~> 5.0"}) == []
    assert held.requiring_otherwise({"hashicorp/aws": "~> 4.0"}) != []


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (BUCKET, []),
        ('resource "terraform_data" "x" {}\ndata "terraform_remote_state" "x" {}\n', []),
        ('resource "random_id" "x" {}\ndata "aws_region" "x" {}\n', []),
        ('resource "aws_api_gateway_method_request" "x" {}\n', ["aws_api_gateway_method_request"]),
        ('data "aws_s3_bucket_versioning" "x" {}\n', ["data.aws_s3_bucket_versioning"]),
        ('resource "random_ids" "x" {}\n', ["random_ids"]),
        ('resource "terraform_nothing" "x" {}\n', ["terraform_nothing"]),
        ('resource "aws_nothing" "x" {\n provider = aws.dr\n}\n', ["aws_nothing"]),
    ],
)
def test_a_type_is_told_that_its_provider_does_not_have(tmp_path: Path, code: str, told: list[str]) -> None:
    written(tmp_path, {"live/main.tf": code})
    assert [it.partition(" ")[2] for it in modules_of(tmp_path, "live").unknown_types] == told


@pytest.mark.parametrize(
    "code",
    [
        'resource "datadog_monitor" "x" {}\n',
        (VERSIONS % "1").replace("aws = {", 'aws = { source = "other/aws",') + 'resource "aws_x" "x" {}\n',
    ],
)
def test_what_types_another_provider_has_is_not_known(tmp_path: Path, code: str) -> None:
    written(tmp_path, {"live/main.tf": code})
    with pytest.raises(Undetermined, match="what types"):
        assert modules_of(tmp_path, "live").unknown_types == []


def test_code_that_cannot_be_evaluated_is_read_all_the_same(tmp_path: Path) -> None:
    written(tmp_path, {"live/main.tf": 'resource "aws_nothing" "x" {}\n'})
    broken = replace(
        unread("root live, which is not read,"), code=tmp_path / "live", tree=Tree.around(tmp_path)
    )
    assert len(modules_of(tmp_path, others=(broken,)).unknown_types) == 1


URL = OfModules(attributes=["aws_api_gateway_deployment.invoke_url"])
READING = {
    "an output": 'output "url" {\n value = aws_api_gateway_deployment.x.invoke_url\n}\n',
    "a part of a text": 'locals {\n url = "${aws_api_gateway_deployment.x[0].invoke_url}/x"\n}\n',
    "all instances": "locals {\n url = aws_api_gateway_deployment.x[*].invoke_url\n}\n",
    "inside a block": BUCKET.replace("}", ' tags = { u = aws_api_gateway_deployment.x["a"].invoke_url }\n}'),
    "a call": NETWORK % "key = upper(aws_api_gateway_deployment.x.invoke_url)",
}


@pytest.mark.parametrize("code", READING.values(), ids=READING)
def test_an_attribute_is_told_wherever_it_is_read(tmp_path: Path, code: str) -> None:
    written(tmp_path, {"live/main.tf": code})
    assert len(modules_of(tmp_path, "live", asked=URL).attributes_read) == 1


HANDED_ON = {
    "an output of a module": {
        "m/main.tf": 'output "d" {\n value = aws_api_gateway_deployment.x\n}\n',
        "live/main.tf": 'module "m" {\n source = "../m"\n}\nlocals {\n u = module.m.d.invoke_url\n}\n',
    },
    "a local": {"live/main.tf": "locals {\n d = aws_api_gateway_deployment.x\n u = local.d.invoke_url\n}\n"},
    "a loop": {
        "live/main.tf": "locals {\n u = [for it in aws_api_gateway_deployment.x : it.invoke_url]\n}\n"
    },
    "a function": {
        "live/main.tf": "locals {\n u = values(aws_api_gateway_deployment.x)[*].invoke_url\n}\n",
    },
    "a key": {
        "live/main.tf": 'locals {\n d = aws_api_gateway_deployment.x[0]\n u = local.d["invoke_url"]\n}\n'
    },
}


@pytest.mark.parametrize("files", HANDED_ON.values(), ids=HANDED_ON)
def test_what_is_read_of_a_resource_that_is_handed_on_is_undetermined(
    tmp_path: Path, files: dict[str, str]
) -> None:
    written(tmp_path, files)
    found = modules_of(tmp_path, "live", asked=URL).attributes_read
    assert isinstance(found, SomeOf)
    assert "may read it of what" in found.reason


@pytest.mark.parametrize(
    "code",
    [
        "locals {\n d = aws_api_gateway_deployment.x\n i = local.d.id\n}\n",
        "locals {\n u = local.stage.invoke_url\n stage = aws_api_gateway_stage.x\n}\n",
        BUCKET.replace("}", " depends_on = [aws_api_gateway_deployment.x]\n}")
        + "locals {\n u = local.stage.invoke_url\n stage = aws_api_gateway_stage.x\n}\n",
        'output "url" {\n value = aws_api_gateway_stage.x.invoke_url\n}\n',
        "# aws_api_gateway_deployment.x.invoke_url\nlocals {}\n",
        'locals {\n text = "aws_api_gateway_deployment.x.invoke_url"\n}\n',
        "locals {\n a = [for aws_api_gateway_deployment in [1] :\n"
        " aws_api_gateway_deployment.x.invoke_url]\n}\n",
        'output "id" {\n value = aws_api_gateway_deployment.x.id\n}\n',
    ],
)
def test_what_is_called_alike_is_not_read(tmp_path: Path, code: str) -> None:
    written(tmp_path, {"live/main.tf": code})
    assert modules_of(tmp_path, "live", asked=URL).attributes_read == []


def test_where_nothing_is_asked_for_nothing_is_known(tmp_path: Path) -> None:
    written(tmp_path, {"live/main.tf": BUCKET})
    with pytest.raises(Undetermined, match="no attributes are asked for"):
        assert modules_of(tmp_path, "live").attributes_read == []


def test_a_module_is_called_by_the_root_or_by_another_one(tmp_path: Path) -> None:
    inner = 'module "inner" {\n source = "../inner"\n}\n'
    files = {"live/main.tf": NETWORK % "", "modules/network/main.tf": inner, "modules/inner/main.tf": BUCKET}
    root = root_of(tmp_path, files | {"modules/unused/main.tf": BUCKET})
    wanted = ["modules/network", "modules/inner", "modules/unused", "modules/gone"]
    assert root.not_called(wanted) == ["modules/unused", "modules/gone"]


API = 'resource "aws_api_gateway_rest_api" "x" {\n name = "x"\n}\n'
STAGE = (
    'resource "aws_api_gateway_stage" "x" {\n'
    ' stage_name = "dev"\n rest_api_id = "a"\n deployment_id = "b"\n}\n'
)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (
            '"https://${aws_api_gateway_rest_api.x.id}.aws/${aws_api_gateway_stage.x.stage_name}"',
            "https://<aws_api_gateway_rest_api.x.id>.aws/dev",
        ),
        ('format("%s-%s", aws_api_gateway_rest_api.x.id, "y")', "<aws_api_gateway_rest_api.x.id>-y"),
        (
            '"${aws_api_gateway_rest_api.x.id}-${aws_api_gateway_stage.x.id}"',
            "<aws_api_gateway_rest_api.x.id>-<aws_api_gateway_stage.x.id>",
        ),
        ('"plain"', "plain"),
        ("aws_api_gateway_stage.x.invoke_url", "<aws_api_gateway_stage.x.invoke_url>"),
    ],
)
def test_an_output_is_told_with_what_only_apply_decides(tmp_path: Path, value: str, told: str) -> None:
    root = root_of(tmp_path, {"live/main.tf": f'{API}{STAGE}output "url" {{\n value = {value}\n}}\n'})
    assert root.texts_of(["url", "other"]) == {"url": told, "other": "not declared"}


ZONES = '{ raw = "x-raw", made = aws_api_gateway_rest_api.x.id }'


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (ZONES, ["x-raw", "<aws_api_gateway_rest_api.x.id>", "not in the map"]),
        (f"merge({ZONES}, {{ raw = null }})", ["None", "<aws_api_gateway_rest_api.x.id>", "not in the map"]),
        ('["raw", "made"]', ["not in the map"] * 3),
        ('"raw"', ["not in the map"] * 3),
    ],
)
def test_what_an_output_has_under_a_key_is_told_by_itself(
    tmp_path: Path, value: str, told: list[str]
) -> None:
    root = root_of(tmp_path, {"live/main.tf": f'{API}output "zones" {{\n value = {value}\n}}\n'})
    assert [*root.texts_of(["zones.raw", "zones.made", "zones.gone"]).values()] == told
    assert root.texts_of(["other.raw"]) == {"other.raw": "not declared"}


def test_what_a_map_has_that_only_apply_decides_is_undetermined(tmp_path: Path) -> None:
    later = 'output "zones" {\n value = jsondecode(aws_api_gateway_rest_api.x.id)\n}\n'
    root = root_of(tmp_path, {"live/main.tf": API + later})
    with pytest.raises(Undetermined):
        root.texts_of(["zones.raw"])


@pytest.mark.parametrize(
    "value",
    ["substr(aws_api_gateway_rest_api.x.id, 0, 3)", "sha1(aws_api_gateway_rest_api.x.id)", "timestamp()"],
)
def test_what_is_made_of_it_beyond_recognition_is_undetermined(tmp_path: Path, value: str) -> None:
    root = root_of(tmp_path, {"live/main.tf": f'{API}output "url" {{\n value = {value}\n}}\n'})
    with pytest.raises(Undetermined):
        root.texts_of(["url"])
