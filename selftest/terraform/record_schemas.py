"""Records the argument types of the AWS provider, which decide how Terraform converts what is configured.

    TF_PLUGIN_DIR=... python -m selftest.terraform.record_schemas

One archive member for each service (the second word of a type), and one for the provider's configuration: an
evaluation reads only those it meets.
"""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from plumbline.terraform.schema import ARCHIVE, service
from selftest.terraform import oracle

PROVIDER = "registry.terraform.io/hashicorp/aws"
MAIN = 'terraform {\n  required_providers {\n    aws = { source = "hashicorp/aws" }\n  }\n}\n'


def schemas() -> tuple[str, dict[str, Any]]:
    """The provider's version and its schemas, as Terraform prints them."""
    with tempfile.TemporaryDirectory() as place:
        directory = Path(place)
        (directory / "main.tf").write_text(MAIN, "utf-8")
        oracle.run(directory, "init", f"-plugin-dir={os.environ['TF_PLUGIN_DIR']}")
        printed = json.loads(oracle.run(directory, "providers", "schema", "-json").stdout)
        version = json.loads(oracle.run(directory, "version", "-json").stdout)
    return version["provider_selections"][PROVIDER], printed["provider_schemas"][PROVIDER]


def block(schema: dict[str, Any]) -> dict[str, Any]:
    """A block's attributes as [flags, type], its blocks as [nesting, least, most, block]."""
    attributes = {name: [flags(a), kind(a)] for name, a in schema.get("attributes", {}).items()}
    blocks = {
        name: [b["nesting_mode"], b.get("min_items", 0), b.get("max_items", 0), block(b["block"])]
        for name, b in schema.get("block_types", {}).items()
    }
    return {"a": attributes, "b": blocks}


def flags(attribute: dict[str, Any]) -> str:
    """Of required, optional, computed and sensitive the first letters of those that hold."""
    held = [name for name in ("required", "optional", "computed") if attribute.get(name)]
    return "".join(name[0] for name in [*held, *(["sensitive"] if is_sensitive(attribute) else [])])


def is_sensitive(attribute: dict[str, Any]) -> bool:
    """Whether an attribute is sensitive, or one of those that are nested in it."""
    nested = attribute.get("nested_type", {}).get("attributes", {})
    return attribute.get("sensitive", False) or any(map(is_sensitive, nested.values()))


def kind(attribute: dict[str, Any]) -> Any:
    """An attribute's type; nested attributes become objects."""
    nested = attribute.get("nested_type")
    if nested is None:
        return attribute["type"]
    inner = ["object", {name: kind(a) for name, a in nested["attributes"].items()}]
    return inner if nested["nesting_mode"] == "single" else [nested["nesting_mode"], inner]


def main() -> None:
    """Writes the archive."""
    version, provider = schemas()
    members: dict[str, dict[str, Any]] = {"provider": {"provider.aws": block(provider["provider"]["block"])}}
    for mode, table in (("resource", "resource_schemas"), ("data", "data_source_schemas")):
        for type, schema in provider[table].items():
            members.setdefault(service(type), {})[f"{mode}.{type}"] = block(schema["block"])
    with zipfile.ZipFile(ARCHIVE, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr(_member("version"), version)
        for name in sorted(members):
            text = json.dumps(members[name], separators=(",", ":"), sort_keys=True)
            archive.writestr(_member(f"{name}.json"), text)
    print(version, ARCHIVE.stat().st_size, "bytes")


def _member(name: str) -> zipfile.ZipInfo:
    """A member whose time does not change from one recording to the next."""
    member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    member.compress_type = zipfile.ZIP_DEFLATED
    return member


if __name__ == "__main__":
    main()
