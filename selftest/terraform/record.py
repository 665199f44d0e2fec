"""Records what the real Terraform makes of this folder's expressions and configurations.

    TF_PLUGIN_DIR=... python -m selftest.terraform.record [NAME...]

The records lie in `truth/`, those of a stack below its own folder; the tests compare against them, also where
Terraform is absent.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from selftest.applied.server import moto_server
from selftest.stacks.proven import STACKS, Proven
from selftest.terraform import configurations, oracle

HERE = Path(__file__).parent
EXPRESSIONS = HERE / "expressions"
TRUTH = HERE / "truth"
SOURCES = HERE / "sources"
ACCOUNT = "123456789012"
_PROVIDER = """
provider "aws" {
  s3_use_path_style = true
  endpoints {
    kms  = "%(endpoint)s"
    logs = "%(endpoint)s"
    s3   = "%(endpoint)s"
  }
}
"""


def expressions(name: str) -> list[str]:
    """The expressions of one list, one on each line."""
    return [line for line in (EXPRESSIONS / f"{name}.txt").read_text("utf-8").split("\n") if line]


def record_expressions(name: str) -> None:
    """Writes the values that Terraform gives for one list."""
    recorded = oracle.values(expressions(name), EXPRESSIONS / "files")
    write(TRUTH / f"{name}.json", recorded)


def record_sources() -> None:
    """Writes a plan, and a state in both of its forms."""
    with oracle.copied(SOURCES / "planned") as directory:
        write(TRUTH / "plan.json", oracle.plan(directory))
    with oracle.copied(SOURCES / "references") as directory:
        write(TRUTH / "references-plan.json", _compact(oracle.plan(directory)))
    with oracle.copied(SOURCES / "applied") as directory:
        oracle.plan(directory)
        oracle.run(directory, "apply", "-input=false", "plan.bin")
        write(TRUTH / "state.json", json.loads(oracle.run(directory, "show", "-json").stdout))
        write(
            TRUTH / "terraform.tfstate.json", json.loads((directory / "terraform.tfstate").read_text("utf-8"))
        )


def record_zones() -> None:
    """Writes the plan of what is chained by for_each, and the state after it was applied to a moto server."""
    with moto_server(ACCOUNT) as server, oracle.copied(SOURCES / "zones") as directory:
        (directory / "moto_override.tf").write_text(_PROVIDER % {"endpoint": server.endpoint}, "utf-8")
        write(TRUTH / "zones-plan.json", _compact(oracle.plan(directory)))
        applied = oracle.run(directory, "apply", "-input=false", "plan.bin")
        if applied.returncode:
            raise RuntimeError(applied.stderr)
        write(TRUTH / "zones-state.json", json.loads(oracle.run(directory, "show", "-json").stdout))


def _compact(plan: dict[str, Any]) -> dict[str, Any]:
    """A plan with what the product reads of it."""
    changes = [
        {**change, "change": {name: change["change"][name] for name in ("actions", "after", "after_unknown")}}
        for change in plan["resource_changes"]
    ]
    kept = {name: plan[name] for name in ("format_version", "configuration", "output_changes", "errored")}
    return {**kept, "planned_values": {}, "resource_changes": changes}


def record_roots(proven: Proven) -> None:
    """Writes what Terraform makes of each root of a stack in each environment."""
    for environment, root in configurations.places(proven):
        recorded = configurations.record_stack(proven, environment, root)
        write(configurations.truth(proven, environment, root), recorded)
        configurations.asked_of(proven, environment, root).keep()
        print(proven, environment, root)


def write(path: Path, recorded: object) -> None:
    """Writes a record so that its changes read well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(recorded, indent=1, ensure_ascii=False, sort_keys=True) + "\n", "utf-8")


def main(names: list[str]) -> None:
    """Records all lists of expressions and all configurations, or those that are named."""
    for path in sorted(EXPRESSIONS.glob("*.txt")):
        if not names or path.stem in names:
            record_expressions(path.stem)
            print(path.stem)
    if not names or "sources" in names:
        record_sources()
        print("sources")
    if not names or "zones" in names:
        record_zones()
        print("zones")
    for proven in STACKS:
        if not names or proven.name in names:
            record_roots(proven)
    for folder in (configurations.CASES, configurations.INVALID):
        for asked in configurations.asked(folder):
            if not names or asked.label in names:
                write(asked.record, configurations.record(asked.source))
                asked.keep()
                print(asked)


if __name__ == "__main__":
    main(sys.argv[1:])
