"""Small configurations, and what Terraform sends to the provider for them when it plans.

Each folder below `cases/` is a root module. A `case.json` in it may name variable files and variables. The
record of a case holds the configured arguments of every instance exactly as the provider receives them, typed
and in Terraform's order, or the diagnostics of a configuration that Terraform refuses.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeAlias

from plumbline.values.filling import fill
from selftest.stacks.proven import Proven
from selftest.terraform import oracle
from selftest.terraform.asked import Asked

Json: TypeAlias = dict[str, Any]

HERE = Path(__file__).parent
CASES = HERE / "cases"
INVALID = HERE / "invalid"
_CREDENTIALS = """
  access_key                  = "fake"
  secret_key                  = "fake"
  allowed_account_ids         = null
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}
"""
_LOCAL = 'terraform {\n  backend "local" {}\n}\n'
UNKNOWN = "<unknown>"
_NOT_SENT = {
    "terraform_data": ("input", "triggers_replace"),
    "random_id": ("byte_length", "keepers", "prefix"),
}
"""The arguments of what no provider is sent, or one that keeps no record of it."""


def names(parent: Path = CASES) -> list[str]:
    """The names of all cases in a folder."""
    return sorted(path.name for path in parent.iterdir() if path.is_dir())


def options(directory: Path) -> Json:
    """The variable files and variables of a case."""
    path = directory / "case.json"
    given: Json = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return given


def record(case: Path) -> Json:
    """What Terraform makes of a case."""
    with oracle.copied(case) as directory:
        return planned(directory, options(directory))


def record_stack(proven: Proven, environment: str, root: str) -> Json:
    """What Terraform makes of a root module of a stack, with its backend and credentials replaced."""
    with oracle.copied(proven.reference) as stack:
        _take_offline(stack / root)
        return planned(stack / root, stack_options(proven, environment, root))


def places(proven: Proven) -> Iterator[tuple[str, str]]:
    """The environments and roots of a stack."""
    return ((it, root) for it in proven.environments for root in proven.stack.roots(it))


def asked(folder: Path) -> list[Asked]:
    """The records of a folder of configurations."""
    return [Asked(it, folder / it, HERE / "truth" / folder.name / f"{it}.json") for it in names(folder)]


def asked_of(proven: Proven, environment: str, root: str) -> Asked:
    """The record of a root module of a stack; it may call modules anywhere in the stack."""
    given = json.dumps(stack_options(proven, environment, root))
    return Asked(f"{proven}/{environment}/{root}", proven.reference, truth(proven, environment, root), given)


def truth(proven: Proven, environment: str, root: str) -> Path:
    """Where the record of it lies."""
    return proven.folder / "truth" / f"{root}-{environment}.json"


def _take_offline(root: Path) -> None:
    """Keep the state beside the root, and give each of its providers credentials that nobody asks about."""
    aliases = re.findall(r"^ *alias .*\n", (root / "providers.tf").read_text("utf-8"), re.MULTILINE)
    providers = [f'provider "aws" {{\n{alias}{_CREDENTIALS}' for alias in ("", *aliases)]
    (root / "offline_override.tf").write_text("\n".join([_LOCAL, *providers]), "utf-8")


def stack_options(proven: Proven, environment: str, root: str) -> Json:
    """How a root of a stack is planned for an environment."""
    placeholders = proven.stack.placeholders(environment)
    source = fill(proven.stack.terraform, placeholders)
    files = [name for name in source.var_files if (proven.reference / root / name).is_file()]
    return {"var_files": files, "variables": proven.stack.terraform.given(root, placeholders)}


def planned(directory: Path, given: Json) -> Json:
    """What Terraform plans for a directory with these variable files and variables."""
    arguments = [f"-var-file={file}" for file in given.get("var_files", ())]
    arguments += [f"-var={key}={value}" for key, value in given.get("variables", {}).items()]
    with tempfile.TemporaryDirectory() as sent:
        plan = oracle.plan(directory, *arguments, sent=Path(sent))
        if "errors" in plan:
            return plan
        return {
            "resources": sorted(change["address"] for change in _changes(plan)),
            "configured": _configured(plan, list(_sent(Path(sent)))),
            "outputs": {
                name: marked(change.get("after"), change["after_unknown"])
                for name, change in plan.get("output_changes", {}).items()
            },
        }


def _changes(planned: Json) -> list[Json]:
    return [change for change in planned.get("resource_changes", ()) if change["mode"] == "managed"]


def _configured(planned: Json, sent: list[Json]) -> Json:
    """The configuration of each instance: of those sent, the one that its planned values came from."""
    found: Json = {}
    values: Json = {}
    for change in _changes(planned):
        after = marked(change["change"]["after"], change["change"]["after_unknown"])
        if change["type"] in _NOT_SENT:
            given = _NOT_SENT[change["type"]]
            found[change["address"]] = {name: after[name] for name in given if name in after}
        else:
            values[change["address"]] = after
    pairs = ((_likeness(it, config), at, n) for at, it in values.items() for n, config in enumerate(sent))
    taken: set[int] = set()
    for _, address, position in sorted(pairs, key=lambda pair: -pair[0]):  # what is surest first
        if address not in found and position not in taken:
            taken.add(position)
            found[address] = sent[position]
    return found


def _likeness(after: Json, config: Json) -> int:
    """How far the planned values look as if they came from a configuration."""
    missing = len(config.keys() - after.keys())
    alike = sum(_alike(after.get(name), value) for name, value in config.items())
    differing = sum(
        _normal(after.get(name)) not in (_normal(value), UNKNOWN)
        for name, value in config.items()
        if isinstance(value, (str, int))
    )
    return alike - 10 * missing - 5 * differing


def _alike(after: Any, config: Any) -> int:
    """How many values in a configuration, however deep, are planned so; less those that are not."""
    if isinstance(config, dict) and isinstance(after, dict):
        return sum(_alike(after.get(name), value) for name, value in config.items())
    if isinstance(config, list) and isinstance(after, list):
        return sum(_alike(*pair) for pair in zip(after, config, strict=False)) - abs(len(after) - len(config))
    return 1 if _normal(after) == _normal(config) else 0 if after == UNKNOWN else -1


def _normal(value: Any) -> Any:
    """Policies are planned in a normal form; what only looks like one, such as a path of an API, is not."""
    with suppress(ValueError):
        return json.loads(value) if isinstance(value, str) and value.startswith("{") else value
    return value


def _sent(directory: Path) -> Iterator[Json]:
    """The configurations in the provider's requests for a plan."""
    import msgpack  # type: ignore[import-untyped]

    def unknown(code: int, data: bytes) -> str:
        return UNKNOWN

    for path in sorted(directory.glob("*_PlanResourceChange_Request_Config.msgpack")):
        yield present(msgpack.unpackb(path.read_bytes(), ext_hook=unknown, strict_map_key=False))


def present(value: Any) -> Any:
    """A value without what is null or an empty collection: absent and empty are the same in a record."""
    if isinstance(value, dict):
        items = {name: present(item) for name, item in value.items()}
        return {name: item for name, item in items.items() if item is not None and item != [] and item != {}}
    if isinstance(value, list):
        return [present(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def marked(value: Any, unknown: Any) -> Any:
    """A planned value with `<unknown>` where it is known only after apply."""
    if unknown is True:
        return UNKNOWN
    if isinstance(unknown, dict) and (unknown or isinstance(value, dict)):
        given = value or {}
        names = sorted({*given, *unknown})
        return present({name: marked(given.get(name), unknown.get(name, False)) for name in names})
    if isinstance(unknown, list) and (unknown or isinstance(value, list)):
        given_list = value or []
        pairs = [
            (given_list[i] if i < len(given_list) else None, unknown[i] if i < len(unknown) else False)
            for i in range(max(len(given_list), len(unknown)))
        ]
        return [marked(item, flag) for item, flag in pairs]
    return present(value)
