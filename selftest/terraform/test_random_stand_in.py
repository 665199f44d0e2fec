"""The stand-in for hashicorp/random makes an id once, writes it in five ways, and another where asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from plumbline.sources.moto.made_up import made_up
from plumbline.terraform.evaluation import evaluate
from selftest.terraform import oracle
from selftest.terraform.random_provider import written

ID = 'resource "random_id" "suffix" {\n  byte_length = %d\n  prefix = "p-"\n}\n'
OUTPUT = 'output "hex" {\n  value = random_id.suffix.hex\n}\n'


def test_an_id_is_written_in_five_ways() -> None:
    assert written(bytes([0, 251, 255]), "p-") == {
        "id": "APv_",
        "b64_url": "p-APv_",
        "b64_std": "p-APv/",
        "hex": "p-00fbff",
        "dec": "p-64511",
    }


def test_what_moto_is_given_is_written_so_too(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(ID % 4)
    given = made_up(evaluate(tmp_path))["random_id.suffix"]
    number = bytes.fromhex(str(given["hex"]).removeprefix("p-"))
    assert dict(given) == written(number, "p-")
    assert made_up(evaluate(tmp_path))["random_id.suffix"] == given


@pytest.mark.heavy
@pytest.mark.skipif(not oracle.is_available(), reason="needs terraform, and TF_PLUGIN_DIR for its provider")
def test_terraform_keeps_an_id_and_replaces_it_where_its_length_changes(tmp_path: Path) -> None:
    def changes(length: int) -> list[str]:
        (tmp_path / "main.tf").write_text(ID % length + OUTPUT)
        planned = oracle.plan(tmp_path)
        oracle.run(tmp_path, "apply", "-input=false", "plan.bin")
        [change] = planned["resource_changes"]
        return list(change["change"]["actions"])

    def hexadecimal() -> str:
        return str(json.loads(oracle.run(tmp_path, "output", "-json").stdout)["hex"]["value"])

    assert changes(2) == ["create"]
    first = hexadecimal()
    assert changes(2) == ["no-op"]
    assert hexadecimal() == first
    assert changes(3) == ["delete", "create"]
    assert len(hexadecimal()) == len("p-") + 6
