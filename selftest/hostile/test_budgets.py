"""What would never end, ends in one message: a file of a pull request takes no machine with it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from plumbline.github.checkout import Checkout
from plumbline.kinds.repository import RepositoryFile
from plumbline.values.data import Document
from plumbline.values.mistakes import DataError
from plumbline.values.unknown import Missing, ReadError

LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


def test_laughs_are_counted(tmp_path: Path) -> None:
    (tmp_path / "bomb.yml").write_text(LAUGHS)
    with pytest.raises(DataError, match=r"bomb.yml:\d+: it makes more than 200,000 values of its aliases"):
        Document(tmp_path / "bomb.yml")


def test_levels_are_counted(tmp_path: Path) -> None:
    (tmp_path / "deep.yml").write_text("[" * 500 + "]" * 500)
    with pytest.raises(DataError, match=r"deep.yml"):
        Document(tmp_path / "deep.yml")


@pytest.mark.parametrize(
    ("content", "format_"),
    [
        ("<!--a-->" * 100_000 + "x", "something else"),
        ("<!--a-->" * 100_000 + "<html>", "HTML document"),
        (" \n" * 1_000_000 + "<!DOCTYPE html>", "HTML document"),
        ("<!-- never ends" * 100_000, "something else"),
    ],
)
def test_comments_are_read_once(tmp_path: Path, content: str, format_: str) -> None:
    (tmp_path / "x.html").write_text(content)
    assert RepositoryFile.from_repository(Checkout(tmp_path), "x.html").format == format_


@pytest.mark.parametrize("endless", ["/dev/zero", "fifo"])
def test_what_is_no_file_is_not_read(tmp_path: Path, endless: str) -> None:
    if endless == "fifo":
        os.mkfifo(tmp_path / "x.html")
    else:
        (tmp_path / "x.html").symlink_to(endless)
    with pytest.raises((ReadError, Missing), match=r"x\.html"):
        RepositoryFile.from_repository(Checkout(tmp_path), "x.html")
