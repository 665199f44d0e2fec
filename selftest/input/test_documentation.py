"""What the documentation shows of a stack of one's own works as it stands."""

from __future__ import annotations

import re
from pathlib import Path

from selftest.front_door import REPOSITORY, run_suite
from selftest.input.test_inventory import TABLE

BLOCK = re.compile(r"```yaml\n# (infra/\S+)\n(.*?)```", re.DOTALL)
SETTINGS = 'variable "environment" {\n  type = string\n}\nprovider "aws" {\n  region = "eu-west-1"\n}\n'


def table(name: str) -> str:
    return TABLE.replace("NAME-test", f"shop-{name}-test").replace("NAME", name).replace("ENABLED", "true")


def test_the_least_that_is_shown_holds_and_finds_what_it_does_not_name(tmp_path: Path) -> None:
    text = (REPOSITORY / "docs/your-own-stack.md").read_text()
    for path, block in BLOCK.findall(text):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(block)
    main = tmp_path / "infra/terraform/data/main.tf"
    main.parent.mkdir(parents=True)
    main.write_text(SETTINGS + table("orders"))
    given = (f"--stacks={tmp_path}/infra/plumbline", "--env=test", f"--terraform={tmp_path}/infra/terraform")
    held = run_suite(*given)
    assert held.exit_code == 0, held.output
    assert held.invariants("passed") == {"shop-01", "shop-02"}
    main.write_text(SETTINGS + table("orders") + table("carts"))
    found = run_suite(*given)
    assert found.invariants("failed") == {"shop-02"}
    assert "the stack does not name shop-carts-test" in found.output
