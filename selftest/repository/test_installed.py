"""What is pinned for a run brings all that moto imports for the services that kinds are read from.

Our own environment holds more than that, for the proofs: whatever else it holds is kept from the import.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from plumbline.kinds.registry import operations
from selftest.front_door import REPOSITORY, neutral_variables

OURS = {"accessanalyzer", "amplify"}
"""What moto does not have: we add it."""
IMPORTED = """
import json, sys
hidden, services = json.load(sys.stdin)
class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in hidden:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Hidden())
from moto import backends
lacking = {}
for service in services:
    try:
        backends.get_backend(service)
    except ImportError as error:
        lacking[service] = str(error)
print(json.dumps(lacking))
"""


def pinned() -> list[str]:
    lines = (REPOSITORY / "requirements.txt").read_text().splitlines()
    return [it for line in lines if (it := line.partition("#")[0].strip())]


def depended_on() -> list[str]:
    return list(tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]["dependencies"])


def brought(lines: Iterable[str]) -> set[str]:
    """Return the distributions that these bring, with what each needs, by their normal names."""
    found: set[tuple[str, str]] = set()
    waiting = [(Requirement(line), extra) for line in lines for extra in ("", *Requirement(line).extras)]
    while waiting:
        requirement, extra = waiting.pop()
        name = canonicalize_name(requirement.name)
        if (name, extra) in found:
            continue
        found.add((name, extra))
        for it in map(Requirement, metadata.requires(name) or ()):
            if it.marker is None or it.marker.evaluate({"extra": extra}):
                waiting += [(it, more) for more in ("", *it.extras)]
    return {name for name, _ in found}


@pytest.mark.parametrize("lines", [pinned, depended_on])
def test_moto_lacks_nothing_of_any_service(lines: Callable[[], list[str]]) -> None:
    there = brought(lines())
    hidden = sorted(
        module
        for module, distributions in metadata.packages_distributions().items()
        if there.isdisjoint(map(canonicalize_name, distributions))
    )
    services = sorted({it.partition(":")[0] for it in operations(writes=True)} - OURS)
    told = json.dumps([hidden, services])
    run = subprocess.run(
        [sys.executable, "-c", IMPORTED],
        input=told,
        cwd=REPOSITORY,
        env=neutral_variables(),
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == {}
