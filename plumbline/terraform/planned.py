"""What plans and states have in common: JSON documents that list resource instances with their attributes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

from plumbline.terraform import numbers
from plumbline.terraform.model import Location, Problem, TerraformError
from plumbline.terraform.values import Value
from plumbline.values.unknown import Unknown

Json: TypeAlias = dict[str, Any]


def load(path: Path) -> Json:
    """The JSON object in a file; raises `TerraformError` where there is none."""
    try:
        document = json.loads(path.read_text("utf-8"), parse_float=_decimal)
    except OSError as error:
        raise refusal(path, f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise refusal(path, "is not text: a saved plan must be printed with `terraform show -json`") from None
    except (json.JSONDecodeError, RecursionError) as error:
        raise refusal(path, f"is not JSON: {error}") from None
    if not isinstance(document, dict):
        raise refusal(path, "holds no JSON object")
    return document


def _decimal(text: str) -> numbers.Number:
    return numbers.simplest(Decimal(text))


def refusal(path: Path, why: str) -> TerraformError:
    """The error that refuses a file."""
    return TerraformError((Problem(f"{path} {why}."),))


def require_format(path: Path, document: Json) -> None:
    """Raises `TerraformError` unless the document has the format of Terraform 1.x."""
    version = str(document.get("format_version", ""))
    if version.split(".")[0] != "1":
        raise refusal(
            path, f"has the format version {version or 'of no Terraform 1 file'}; only 1.x is known"
        )


def location(path: Path) -> Location:
    """Plans and states do not say where a resource was written, only which file they are."""
    return Location(str(path), 1)


def configured(attributes: Mapping[str, Any]) -> dict[str, Value]:
    """The attributes that have a value."""
    return {name: value for name, value in attributes.items() if value is not None}


def with_unknown(value: Any, unknown: Any, origin: str, origins: Mapping[str, str]) -> Value:
    """A planned value, in which what is known only after apply stands as such.

    `unknown` mirrors the value's structure, with true for what is unknown. `origins` names the references
    that top-level attributes are made from.
    """
    if unknown is True:
        return Unknown(origin)
    if isinstance(unknown, dict):
        given: Json = value if isinstance(value, dict) else {}
        return {
            name: with_unknown(given.get(name), unknown.get(name), origins.get(name, f"{origin}.{name}"), {})
            for name in {**given, **unknown}
            if given.get(name) is not None or unknown.get(name)
        }
    if isinstance(unknown, list):
        items = value if isinstance(value, list) else []
        count = max(len(items), len(unknown))
        padded = [*unknown, *[None] * (count - len(unknown))]
        return [
            with_unknown(items[i] if i < len(items) else None, padded[i], f"{origin}[{i}]", {})
            for i in range(count)
        ]
    return _known(value)


def _known(value: Any) -> Value:
    if isinstance(value, dict):
        return {name: _known(item) for name, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_known(item) for item in value]
    known: Value = value
    return known
