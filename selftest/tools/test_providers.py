"""Providers that only root may look at are read in the sandbox, where root is nobody."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from plumbline.github.providers import laid_out

AWS = Path("registry.terraform.io", "hashicorp", "aws")
UNPACKED = AWS / "5.100.0" / "linux_amd64"
PROGRAM = "terraform-provider-aws_v5.100.0_x5"
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="whoever is not root runs tools as itself")


def package(folder: Path, mode: int = 0o755) -> Path:
    place = folder / UNPACKED
    place.mkdir(parents=True)
    (place / PROGRAM).write_text("provides")
    (place / PROGRAM).chmod(mode)
    return place


def laid(plugins: Path, folder: Path) -> tuple[Path, list[Path]]:
    place = folder / "laid"
    place.mkdir(mode=0o700)
    return place, list(laid_out(plugins, place))


def test_a_package_that_anybody_may_read_stays_where_it_is(folder: Path) -> None:
    held = package(folder / "plugins")
    place, seen = laid(folder / "plugins", folder)
    assert seen == [held.resolve()]
    assert (place / UNPACKED).readlink() == held.resolve()


def test_a_link_is_followed_to_where_the_package_lies(folder: Path) -> None:
    held = package(folder / "elsewhere")
    linked = folder / "plugins" / UNPACKED
    linked.parent.mkdir(parents=True)
    linked.symlink_to(held)
    assert laid(folder / "plugins", folder)[1] == [held.resolve()]


@as_root
@pytest.mark.parametrize(
    "closed", [Path(), AWS, UNPACKED, UNPACKED / PROGRAM], ids=["above", "between", "package", "program"]
)
def test_a_package_of_roots_own_is_copied(folder: Path, closed: Path) -> None:
    held = package(folder / "plugins")
    (folder / "plugins" / closed).chmod(0o700)
    place, seen = laid(folder / "plugins", folder)
    assert seen == []
    copy = place / UNPACKED / PROGRAM
    assert copy.read_text() == "provides"
    ways = [it for it in (copy, *copy.parents) if it.is_relative_to(place)]
    assert [stat.S_IMODE(it.stat().st_mode) for it in ways] == [0o755] * len(ways)
    assert (folder / "plugins" / closed).stat().st_mode & 0o777 == 0o700, "what was given stays as it is"
    assert held.is_dir()


def test_a_packed_package_is_copied(folder: Path) -> None:
    packed = folder / "plugins" / AWS / "terraform-provider-aws_5.100.0_linux_amd64.zip"
    packed.parent.mkdir(parents=True)
    packed.write_bytes(b"PK")
    place, seen = laid(folder / "plugins", folder)
    assert seen == []
    assert (place / AWS / packed.name).read_bytes() == b"PK"
