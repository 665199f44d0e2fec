"""States: the version-4 file, or what `terraform show -json` prints."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from plumbline.terraform.expressions.access import key_text
from plumbline.terraform.model import Configuration, Resource, Settings
from plumbline.terraform.planned import Json, doubts, load, location, refusal, require_format, with_unknown
from plumbline.values.sensitive import mark, mark_where
from plumbline.values.unknown import Unknown


def read_state(path: Path, settings: Settings) -> Configuration:
    """The managed resources of a state file; raises `TerraformError` for a file of another kind."""
    document = load(path)
    if "planned_values" in document or "resource_changes" in document:
        raise refusal(path, "is a plan, not a state: pass it with --plan")
    if "format_version" in document:
        require_format(path, document)
        values = document.get("values") or {}
        objects = [*_shown(path, values.get("root_module") or {}, "")]
    elif document.get("version") == 4 and "resources" in document:
        values = document
        objects = [*_raw(path, document)]
    else:
        raise refusal(path, f"is no Terraform state: {_reason(document)}")
    for output in (values.get("outputs") or {}).values():
        mark_where(output.get("value"), output.get("sensitive"))
    outputs = {
        name: with_unknown(o.get("value"), None, "") for name, o in (values.get("outputs") or {}).items()
    }
    return Configuration(
        root=path,
        source="state",
        resources=tuple(it for it, is_deposed in objects if not is_deposed),
        deposed=tuple(it for it, is_deposed in objects if is_deposed),
        outputs=outputs,
        doubts=doubts(document),
        settings=settings,
    )


def _reason(document: Json) -> str:
    if "version" in document:
        return f"its version is {document['version']}, and only 4 is known"
    return 'it has neither a "format_version" nor a "version"'


def _shown(path: Path, module: Json, address: str) -> Iterator[tuple[Resource, bool]]:
    """Yield the objects of a module, each with whether it is deposed."""
    for entry in module.get("resources", ()):
        mark_where(entry.get("values"), entry.get("sensitive_values"))
        if entry.get("mode") == "managed":
            attributes, depends_on = entry.get("values") or {}, entry.get("depends_on")
            found = _resource(path, entry["address"], entry, address, attributes, depends_on)
            yield found, bool(entry.get("deposed_key"))
    for child in module.get("child_modules", ()):
        yield from _shown(path, child, child.get("address", ""))


def _raw(path: Path, document: Json) -> Iterator[tuple[Resource, bool]]:
    """Yield the objects of all modules, each with whether it is deposed."""
    for entry in document["resources"]:
        if entry.get("mode") != "managed":
            continue
        module = entry.get("module", "")
        base = f"{module}.{entry['type']}.{entry['name']}".removeprefix(".")
        for instance in entry.get("instances", ()):
            for place in instance.get("sensitive_attributes") or ():
                mark(_at(instance.get("attributes"), place))
            key = instance.get("index_key")
            address = base if key is None else f"{base}[{key_text(key)}]"
            attributes, depends_on = instance.get("attributes") or {}, instance.get("dependencies")
            yield _resource(path, address, entry, module, attributes, depends_on), "deposed" in instance


def _at(value: Any, path: Any) -> Any:
    """What stands at a path of a state: steps such as `{"type": "get_attr", "value": "password"}`."""
    for step in path if isinstance(path, list) else [path]:
        key = step.get("value") if isinstance(step, dict) else step
        key = key.get("value") if isinstance(key, dict) else key
        try:
            value = value[key]
        except (LookupError, TypeError):
            return None
    return value


def _resource(
    path: Path, address: str, entry: Json, module: str, attributes: Json, depends_on: list[str] | None
) -> Resource:
    values = with_unknown(attributes, {}, address)
    assert isinstance(values, dict)
    return Resource(
        address=address,
        type=entry["type"],
        name=entry["name"],
        module=module,
        root=str(path),
        values=values,
        location=location(path),
        lifecycle=Unknown(f"{address}: a state does not carry lifecycle settings"),
        depends_on=tuple(depends_on or ()),
    )
