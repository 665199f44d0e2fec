"""What callers build on: origins, places, providers, lifecycle, variables, the hook for attributes."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from plumbline.terraform.evaluation import evaluate
from plumbline.terraform.hcl import grammar
from plumbline.terraform.hcl.masking import mask
from plumbline.terraform.model import Configuration, Settings, TerraformError
from plumbline.terraform.source import Source
from plumbline.terraform.values import Value
from plumbline.values.unknown import Unknown


def configuration(
    tmp_path: Path,
    text: str,
    settings: Settings | None = None,
    **files: str,
) -> Configuration:
    """The evaluation of a root module with this text, and modules `m` and the like beside it."""
    (tmp_path / "main.tf").write_text(text, "utf-8")
    for name, content in files.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.tf").write_text(content, "utf-8")
    return evaluate(tmp_path, settings=settings or Settings())


CHILD = """
variable "bucket" {}
resource "aws_s3_bucket" "b" {
  count  = 1
  bucket = var.bucket
}
output "id" {
  value = aws_s3_bucket.b[0].id
}
"""


def origin(value: Value) -> str:
    """Where an unknown value comes from."""
    assert isinstance(value, Unknown)
    return value.origin


def part(value: Value, *path: str | int) -> Value:
    """A value inside another."""
    for key in path:
        assert isinstance(value, (dict, list))
        value = value[key]  # type: ignore[index]
    return value


def test_an_origin_is_the_absolute_address_and_attribute(tmp_path: Path) -> None:
    found = configuration(
        tmp_path,
        """
module "m" {
  source   = "./m"
  for_each = toset(["k"])
  bucket   = each.key
}
locals {
  id = module.m["k"].id
}
resource "aws_s3_bucket_versioning" "v" {
  bucket = local.id
  versioning_configuration {
    status = data.aws_ssm_parameter.p.value
  }
}
data "aws_ssm_parameter" "p" {
  name = "p"
}
output "text" {
  value = "x${local.id}"
}
output "time" {
  value = timestamp()
}
""",
        m=CHILD,
    )
    (versioning,) = found.of_type("aws_s3_bucket_versioning")
    assert origin(versioning.values["bucket"]) == 'module.m["k"].aws_s3_bucket.b[0].id'
    status = part(versioning.values, "versioning_configuration", 0, "status")
    assert origin(status) == "data.aws_ssm_parameter.p.value"
    assert origin(found.outputs["text"]) == 'module.m["k"].aws_s3_bucket.b[0].id'
    assert origin(found.outputs["time"]) == "timestamp()"


def test_references_are_kept_where_the_value_is_known(tmp_path: Path) -> None:
    found = configuration(
        tmp_path,
        """
resource "aws_s3_bucket" "b" {
  for_each = toset(["x"])
  bucket   = each.key
}
locals {
  name = aws_s3_bucket.b["x"].bucket
}
resource "aws_s3_bucket_policy" "p" {
  for_each = aws_s3_bucket.b
  bucket   = aws_s3_bucket.b[each.key].bucket
  policy   = jsonencode({ Resource = local.name })
}
module "m" {
  source = "./m"
  bucket = aws_s3_bucket.b["x"].bucket
}
""",
        m=CHILD,
    )
    (policy,) = found.of_type("aws_s3_bucket_policy")
    assert policy.values["bucket"] == "x"
    assert policy.references == {
        "bucket": ('aws_s3_bucket.b["x"].bucket',),
        "policy": ('aws_s3_bucket.b["x"].bucket',),
    }
    assert found.of_type("aws_s3_bucket")[1].references == {"bucket": ('aws_s3_bucket.b["x"].bucket',)}


def test_places_are_those_of_the_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = configuration(tmp_path, 'resource "aws_s3_bucket" "b" {\n  tags = {}\n  bucket = "b"\n}\n')
    (bucket,) = found.resources
    assert str(bucket.location) == "main.tf:1"
    assert {name: str(place) for name, place in bucket.locations.items()} == {
        "tags": "main.tf:2",
        "bucket": "main.tf:3",
    }


def test_a_resource_knows_its_provider_lifecycle_and_dependencies(tmp_path: Path) -> None:
    found = configuration(
        tmp_path,
        """
provider "aws" {
  region = "eu-west-1"
  default_tags {
    tags = { Owner = "us" }
  }
}
provider "aws" {
  alias  = "dr"
  region = "eu-central-1"
}
resource "aws_s3_bucket" "a" {
  bucket = "a"
  lifecycle {
    prevent_destroy = true
    ignore_changes  = [tags, lifecycle_rule[0].enabled]
  }
}
resource "aws_s3_bucket" "b" {
  provider   = aws.dr
  bucket     = "b-${data.aws_region.here.name}-${data.aws_caller_identity.me.account_id}"
  depends_on = [aws_s3_bucket.a, module.m]
}
data "aws_region" "here" {
  provider = aws.dr
}
data "aws_caller_identity" "me" {}
module "m" {
  source    = "./m"
  bucket    = "c"
  providers = { aws = aws.dr }
}
""",
        settings=Settings(account="123456789012"),
        m=CHILD,
    )
    a, b, c = found.resources
    assert a.provider == {"region": "eu-west-1", "default_tags": [{"tags": {"Owner": "us"}}]}
    assert a.lifecycle == {"prevent_destroy": True, "ignore_changes": ["tags", "lifecycle_rule[0].enabled"]}
    assert b.provider == c.provider == {"region": "eu-central-1"}
    assert b.depends_on == ("aws_s3_bucket.a", "module.m")
    assert b.values["bucket"] == "b-eu-central-1-123456789012"


def test_settings_that_are_not_known_stay_unknown(tmp_path: Path) -> None:
    found = configuration(
        tmp_path,
        """
data "aws_caller_identity" "me" {}
output "o" {
  value = data.aws_caller_identity.me.account_id
}
""",
    )
    assert origin(found.outputs["o"]) == "data.aws_caller_identity.me.account_id"


def named(type: str, attribute: str, values: Mapping[str, Value], settings: Settings) -> Value:
    """A rule that the provider fixes: a bucket's id is its name, and its ARN has it."""
    if type != "aws_s3_bucket" or attribute not in ("id", "arn"):
        return None
    return values["bucket"] if attribute == "id" else f"arn:aws:s3:::{values['bucket']}:{settings.region}"


def test_the_hook_decides_what_is_not_configured(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        """
provider "aws" {
  region = "eu-west-1"
}
module "m" {
  source   = "./m"
  for_each = toset(["x", "y"])
  bucket   = each.key
}
resource "aws_s3_bucket_policy" "p" {
  for_each = module.m
  bucket   = each.value.id
  policy   = jsonencode({ all = [for m in module.m : "${m.id}/*"] })
}
resource "aws_s3_bucket" "b" {
  bucket = "b"
}
output "arn" {
  value = aws_s3_bucket.b.arn
}
output "domain" {
  value = aws_s3_bucket.b.bucket_domain_name
}
""",
        "utf-8",
    )
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "main.tf").write_text(CHILD, "utf-8")
    found = evaluate(tmp_path, computed=named)
    policies = {policy.address: policy.values for policy in found.of_type("aws_s3_bucket_policy")}
    assert policies['aws_s3_bucket_policy.p["x"]'] == {"bucket": "x", "policy": '{"all":["x/*","y/*"]}'}
    assert found.outputs["arn"] == "arn:aws:s3:::b:eu-west-1"
    assert origin(found.outputs["domain"]) == "aws_s3_bucket.b.bucket_domain_name"


def test_a_variable_accepts_what_its_type_and_rules_accept(tmp_path: Path) -> None:
    found = configuration(
        tmp_path,
        """
variable "size" {
  description = "How many."
  type        = number
  default     = 3
  sensitive   = true
  nullable    = false
  validation {
    condition     = var.size > 2
    error_message = "Too small: ${var.size}."
  }
}
""",
    )
    size = found.variables["size"]
    assert (size.description, size.type, size.default, size.value) == ("How many.", "number", 3, 3)
    assert (size.sensitive, size.nullable) == (True, False)
    assert [(rule.condition, rule.error_message) for rule in size.validations] == [
        ("var.size > 2", "Too small: 3.")
    ]
    candidates: list[Value] = [5, "7", 1, "x", []]
    assert [size.accepts(value) for value in candidates] == [True, True, False, False, False]


@pytest.mark.parametrize("constraint", ["~> 0.13.0", ">= 2.0", "0.12.31"])
def test_a_root_for_another_terraform_is_read_so_that_a_sentence_can_say_so(
    tmp_path: Path, constraint: str
) -> None:
    (tmp_path / "main.tf").write_text(f'terraform {{\n  required_version = "{constraint}"\n}}\n', "utf-8")
    assert evaluate(tmp_path).required_version == constraint


def test_the_terraform_block_and_backend_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        """
terraform {
  required_version = ">= 1.6"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
  backend "s3" {
    key = "k"
  }
}
""",
        "utf-8",
    )
    (tmp_path / "dev.s3.tfbackend").write_text('bucket = "state"\nkey = "other"\n', "utf-8")
    found = evaluate(tmp_path, backend_files=[tmp_path / "dev.s3.tfbackend"])
    assert found.required_version == ">= 1.6"
    assert (found.required_providers["aws"].source, found.required_providers["aws"].version) == (
        "hashicorp/aws",
        "~> 5.0",
    )
    assert found.backend is not None
    assert (found.backend.type, found.backend.values) == ("s3", {"bucket": "state", "key": "other"})


def test_a_remote_module_that_is_not_here_is_reported_once(tmp_path: Path) -> None:
    found = configuration(
        tmp_path,
        """
module "vpc" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "5.0.0"
  count   = 2
}
resource "aws_sqs_queue" "q" {
  name = module.vpc[0].name
}
""",
    )
    assert found.not_evaluated == ("module.vpc (terraform-aws-modules/vpc/aws)",)
    assert origin(found.resources[0].values["name"]) == "module.vpc[0].name"


def test_a_remote_module_that_an_init_fetched_is_used(tmp_path: Path) -> None:
    fetched = tmp_path / ".terraform" / "modules" / "m"
    fetched.mkdir(parents=True)
    (fetched / "main.tf").write_text(CHILD, "utf-8")
    manifest = {"Modules": [{"Key": "m", "Source": "registry/x", "Dir": ".terraform/modules/m"}]}
    (fetched.parent / "modules.json").write_text(json.dumps(manifest), "utf-8")
    found = configuration(tmp_path, 'module "m" {\n  source = "registry/x"\n  bucket = "b"\n}\n')
    assert [resource.address for resource in found.resources] == ["module.m.aws_s3_bucket.b[0]"]


def test_an_undeclared_variable_is_refused_on_the_command_line_only(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text("", "utf-8")
    (tmp_path / "x.tfvars").write_text("nope = 1\n", "utf-8")
    assert evaluate(tmp_path, var_files=[tmp_path / "x.tfvars"]).resources == ()
    with pytest.raises(TerraformError, match="nope"):
        evaluate(tmp_path, variables={"nope": 1})


def test_nothing_is_written_where_terraform_is_read(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "root/main.tf").write_text('output "o" {\n  value = 1\n}\n', "utf-8")
    code = (
        "import pathlib; from plumbline.terraform.evaluation import evaluate;"
        f"print(evaluate(pathlib.Path({str(tmp_path / 'root')!r})).outputs)"
    )
    places = {name: str(tmp_path) for name in ("HOME", "XDG_CACHE_HOME", "TMPDIR")}
    ran = subprocess.run(
        [sys.executable, "-B", "-c", code],
        capture_output=True,
        text=True,
        env={**os.environ, **places},
        check=True,
    )
    assert ran.stdout == "{'o': 1}\n"
    assert [it.name for it in tmp_path.rglob("*")] == ["root", "main.tf"]


def test_the_parser_in_the_package_is_that_of_the_grammar_here() -> None:
    told = "run: python -m selftest.terraform.record_grammar"
    kept = json.loads(gzip.decompress(grammar.TABLE.read_bytes()))
    assert kept["of"] == json.loads(grammar.table())["of"], told
    again = grammar.made(grammar._text())
    for file in sorted(Path(__file__).parent.glob("cases/*/*.tf")):
        document = mask(Source(file.name, file.read_text("utf-8")))
        assert grammar.parse(document.text) == again.parse(document.text), (file, told)


def test_another_grammar_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    document = 'a = "b"\n'
    kept = grammar.parse(document)
    monkeypatch.setattr(grammar, "_called", lambda text: "another one")
    grammar._parser.cache_clear()
    assert grammar.parse(document) == kept
    grammar._parser.cache_clear()


def test_a_changed_file_is_parsed_again(tmp_path: Path) -> None:
    for value in (1, 2, 1):
        (tmp_path / "main.tf").write_text(f'output "o" {{\n  value = {value}\n}}\n', "utf-8")
        assert evaluate(tmp_path).outputs == {"o": value}


def test_another_version_of_the_provider_is_not_held_to_the_recorded_one(tmp_path: Path) -> None:
    """Arguments of other versions are neither refused nor converted, in called modules either."""
    text = """
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }
}
module "m" {
  source = "./m"
}
"""
    found = configuration(tmp_path, text, m='resource "aws_s3_bucket" "b" {\n  brand_new = 1\n}\n')
    assert found.resources[0].values == {"brand_new": 1}


def test_a_module_that_an_absolute_path_names_is_read(tmp_path: Path) -> None:
    text = f"""
module "m" {{
  source = "{tmp_path}/m"
  bucket = "b"
}}
"""
    child = CHILD + 'output "path" {\n  value = path.module\n}\n'
    found = configuration(tmp_path, text + 'output "p" {\n  value = module.m.path\n}\n', m=child)
    assert [it.address for it in found.resources] == ["module.m.aws_s3_bucket.b[0]"]
    assert isinstance(found.outputs["p"], Unknown), "init copies the module to a place of its own"


def test_a_directory_is_no_file_whatever_its_name(tmp_path: Path) -> None:
    (tmp_path / "x.tf").mkdir()
    assert configuration(tmp_path, 'resource "terraform_data" "t" {}').resources


GUARDED = """
module "this" {
  source  = "cloudposse/label/null"
  version = "0.25.0"
}
variable "lock" {
  type    = object({ days = number })
  default = null
}
module "m" {
  source = "./m"
  count  = module.this.enabled ? 1 : 0
  bucket = var.lock.name
}
resource "aws_s3_bucket" "each" {
  for_each = module.this.buckets
  bucket   = upper(var.lock.name)
}
resource "aws_backup_vault_lock_configuration" "x" {
  count              = module.this.enabled && var.lock != null ? 1 : 0
  backup_vault_name  = "v"
  min_retention_days = var.lock.days
  lifecycle {
    precondition {
      condition     = var.lock.days > 1
      error_message = "Longer."
    }
  }
}
"""


def test_what_may_have_no_instances_is_not_refused_for_its_values(tmp_path: Path) -> None:
    found = {it.address: it.values for it in configuration(tmp_path, GUARDED, m=CHILD).resources}
    lock = found["aws_backup_vault_lock_configuration.x[*]"]
    assert lock["backup_vault_name"] == "v"
    assert isinstance(lock["min_retention_days"], Unknown)
    assert isinstance(found["aws_s3_bucket.each[*]"]["bucket"], Unknown)
    assert isinstance(found["module.m[*].aws_s3_bucket.b[0]"]["bucket"], Unknown)


def test_what_may_have_no_instances_is_refused_for_what_it_names(tmp_path: Path) -> None:
    with pytest.raises(TerraformError, match=r"local.nosuch|named .nosuch."):
        configuration(tmp_path, GUARDED, m=CHILD + "locals {\n  x = local.nosuch\n}\n")


LAZY = """
terraform {
  required_version = "%s"
}
variable "limit" {
  type    = number
  default = null
}
resource "terraform_data" "u" {}
output "o" {
  value = [var.limit == null || var.limit >= 1, var.limit != null && var.limit >= 1]
}
output "undecided" {
  value = terraform_data.u.id == "a" && var.limit >= 1
}
"""


@pytest.mark.parametrize("required", [">= 1.12.0", "~> 1.12", ">= 1.9, > 1.12.1", "1.13.1"])
def test_the_left_side_decides_from_the_release_on_that_has_it_so(tmp_path: Path, required: str) -> None:
    found = configuration(tmp_path, LAZY % required).outputs
    assert found["o"] == [True, False]
    assert isinstance(found["undecided"], Unknown)


@pytest.mark.parametrize("required", [">= 1.11", "~> 1.5", "1.11.4", "< 2"])
def test_both_sides_count_where_an_earlier_release_may_read_the_root(tmp_path: Path, required: str) -> None:
    with pytest.raises(TerraformError, match="An operand cannot be null"):
        configuration(tmp_path, LAZY % required)


@pytest.mark.parametrize("depth", [3, 3000])
def test_a_long_chain_of_local_values_repeats_a_dynamic_block(tmp_path: Path, depth: int) -> None:
    chain = "".join(f"  a{i + 1} = local.a{i}\n" for i in range(depth))
    text = f"""
locals {{
  a0 = ["tcp"]
{chain}}}
resource "aws_security_group" "s" {{
  name = "a"
  dynamic "ingress" {{
    for_each = try(local.a{depth}, upper(null))
    content {{
      from_port = 1
      to_port   = 2
      protocol  = ingress.value
    }}
  }}
}}
"""
    (group,) = configuration(tmp_path, text).resources
    assert part(group.values, "ingress", 0, "protocol") == "tcp"
