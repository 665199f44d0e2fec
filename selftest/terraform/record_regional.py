"""Records what the AWS provider answers of each region without asking AWS.

    TF_PLUGIN_DIR=... python -m selftest.terraform.record_regional

The provider holds these as tables; a region that it refuses is left out.
"""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import Any

import botocore.session

from plumbline.terraform.regional import BY_TYPE, RECORD
from selftest.terraform import oracle

PROVIDER = """
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "a"
  secret_key                  = "b"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  max_retries                 = 1
}
"""
ASKED = """
data "{type}" "{name}" {{
  for_each = toset({regions})
  region   = each.key
  {more}
}}

output "{name}" {{
  value = {{ for region, it in data.{type}.{name} : region => it.id }}
}}
"""
_PLACE = re.compile(r'data\.\w+\.(?P<name>\w+)\["(?P<region>[^"]+)"\]')
_REGION = re.compile(r"[a-z]+(-[a-z]+)+-\d")


def regions() -> list[str]:
    """The regions of all partitions that the AWS SDK knows."""
    session = botocore.session.Session()
    found = {
        region
        for partition in session.get_available_partitions()
        for service in ("ec2", "s3", "elbv2", "cloudtrail")
        for region in session.get_available_regions(service, partition)
    }
    return sorted(it for it in found if _REGION.fullmatch(it))


def answers() -> dict[str, dict[str, str]]:
    """The ids, by what is asked and by region."""
    asked = {name: {*regions()} for name in BY_TYPE}
    with tempfile.TemporaryDirectory() as place:
        directory = Path(place)
        planned: dict[str, Any] = {"errors": [{}]}
        while "errors" in planned:
            directory.joinpath("main.tf").write_text(_asking(asked), "utf-8")
            oracle.run(directory, "init", f"-plugin-dir={oracle.plugins()}")
            planned = _planned(directory, asked)
    return {name: dict(sorted(it["value"].items())) for name, it in sorted(planned["outputs"].items())}


def _asking(asked: dict[str, set[str]]) -> str:
    return PROVIDER + "".join(
        ASKED.format(
            type=BY_TYPE[name].type,
            name=name,
            regions=json.dumps(sorted(its)),
            more="".join(f'{argument} = "{value}"' for argument, value in BY_TYPE[name].arguments.items()),
        )
        for name, its in asked.items()
    )


def _planned(directory: Path, asked: dict[str, set[str]]) -> dict[str, Any]:
    """The outputs of a plan; what is refused is asked no more."""
    told = oracle.run(directory, "plan", "-input=false", "-out=plan.bin", "-json").stdout
    lines = [json.loads(line) for line in told.splitlines()]
    errors = [it["diagnostic"] for it in lines if it.get("@level") == "error"]
    for it in errors:
        match = _PLACE.search(it.get("address", ""))
        assert match is not None, it
        asked[match["name"]].discard(match["region"])
    if errors:
        return {"errors": errors}
    shown = json.loads(oracle.run(directory, "show", "-json", "plan.bin").stdout)
    values: dict[str, Any] = shown["planned_values"]
    return values


def main() -> None:
    """Writes the record."""
    RECORD.write_text(json.dumps(answers(), indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
