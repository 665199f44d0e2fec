"""Terraform's functions, in one table grouped as Terraform's documentation groups them.

A category's module is imported when one of its functions is called for the first time.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from plumbline.terraform.values import InvalidValue

if TYPE_CHECKING:
    from plumbline.terraform.functions.function import Function

CATEGORIES: dict[str, str] = {
    "numeric": "abs ceil floor log max min parseint pow signum",
    "strings": "chomp endswith format formatlist indent join lower regex regexall replace split startswith"
    " strcontains strrev substr templatestring title trim trimprefix trimspace trimsuffix upper",
    "collections": "alltrue anytrue chunklist coalesce coalescelist compact concat contains distinct element"
    " flatten index keys length lookup matchkeys merge one range reverse setintersection setproduct"
    " setsubtract setunion slice sort sum transpose values zipmap",
    "encoding": "base64decode base64encode base64gzip csvdecode jsondecode jsonencode textdecodebase64"
    " textencodebase64 urlencode yamldecode yamlencode",
    "filesystem": "abspath basename dirname file filebase64 fileexists fileset pathexpand templatefile",
    "dates": "formatdate plantimestamp timeadd timecmp timestamp",
    "hashes": "base64sha256 base64sha512 bcrypt filebase64sha256 filebase64sha512 filemd5 filesha1 filesha256"
    " filesha512 md5 rsadecrypt sha1 sha256 sha512 uuid uuidv5",
    "networks": "cidrhost cidrnetmask cidrsubnet cidrsubnets",
    "conversions": "ephemeralasnull issensitive nonsensitive sensitive tobool tolist tomap tonumber toset"
    " tostring",
}
NAMES = {name: category for category, names in CATEGORIES.items() for name in names.split()}
SPECIAL = frozenset({"try", "can"})  # they receive expressions, not values: see `expressions.calls`


def find(name: str) -> Function:
    """The function of this name, also with the prefix `core::`; raises `InvalidValue` where there is none."""
    plain = name.removeprefix("core::")
    if plain not in NAMES:
        raise InvalidValue(f'there is no function named "{name}"')
    table: dict[str, Function] = import_module(f"plumbline.terraform.functions.{NAMES[plain]}").TABLE
    return table[plain]
