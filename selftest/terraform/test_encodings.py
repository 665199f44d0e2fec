"""A plan or state is read in whichever of its encodings a shell wrote it."""

from __future__ import annotations

import codecs
import json
from pathlib import Path

import pytest

from plumbline.terraform.model import TerraformError
from plumbline.terraform.planned import load

PLAN = {"format_version": "1.2", "terraform_version": "1.11.4", "name": "Größe"}


@pytest.mark.parametrize(
    "written",
    [
        json.dumps(PLAN).encode("utf-8"),
        codecs.BOM_UTF8 + json.dumps(PLAN, ensure_ascii=False).encode("utf-8"),
        json.dumps(PLAN, ensure_ascii=False).encode("utf-16"),  # Windows PowerShell: show -json > plan.json
        codecs.BOM_UTF16_BE + json.dumps(PLAN).encode("utf-16-be"),
        json.dumps(PLAN).encode("utf-16-le"),
    ],
    ids=["utf-8", "utf-8 with its mark", "utf-16", "utf-16 big", "utf-16 without its mark"],
)
def test_it_is_read(tmp_path: Path, written: bytes) -> None:
    (tmp_path / "plan.json").write_bytes(written)
    assert load(tmp_path / "plan.json") == PLAN


@pytest.mark.parametrize("written", [b"PK\x03\x04\xff\xfe\x00\x80", b"\xff\xfe\x00", b"\x80\x81"])
def test_what_is_no_text_is_refused(tmp_path: Path, written: bytes) -> None:
    (tmp_path / "plan.json").write_bytes(written)
    with pytest.raises(TerraformError, match=r"plan\.json is not (text|JSON)"):
        load(tmp_path / "plan.json")


def test_nothing_at_all_is_refused_as_nothing(tmp_path: Path) -> None:
    (tmp_path / "plan.json").touch()
    with pytest.raises(TerraformError, match=r"plan\.json is empty"):
        load(tmp_path / "plan.json")
