"""Terraform's providers, where whoever runs Terraform in the sandbox may read them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from plumbline.values.unknown import Undetermined

_PACKAGES = ("*/*/*/*/*", "*/*/*/*.zip")
"""Where packages lie: host, namespace and type, with version and platform, or packed.

Source: Terraform CLI configuration, "Provider Installation", filesystem_mirror.
"""


def laid_out(plugins: Path, folder: Path) -> Iterator[Path]:
    """Lay the packages of a plugin directory out in a folder, and yield what has to be seen besides.

    A package stays where it is, with a link to it, where anybody may read it; root's own are copied.
    Raises `Undetermined` where one cannot be.
    """
    for package in sorted(it for pattern in _PACKAGES for it in plugins.glob(pattern)):
        real, place = package.resolve(), folder / package.relative_to(plugins)
        place.parent.mkdir(parents=True, exist_ok=True)
        if real.is_dir() and _is_open(real):
            place.symlink_to(real)
            yield real
            continue
        try:
            _copy(real, place)
        except OSError as error:
            raise Undetermined(f"{package} cannot be copied to where it is run: {error.strerror}") from None
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755)


def _is_open(package: Path) -> bool:
    """Return whether whoever runs it may read all of it: root runs nothing there as itself."""
    if os.geteuid() != 0:
        return True
    within = all(it.stat().st_mode & 0o005 == 0o005 for it in (package, *package.rglob("*")) if it.is_dir())
    files = all(it.stat().st_mode & 0o004 for it in package.rglob("*") if it.is_file())
    return within and files and all(it.stat().st_mode & 0o001 for it in package.parents)


def _copy(package: Path, place: Path) -> None:
    if package.is_dir():
        shutil.copytree(package, place)
    else:
        shutil.copy(package, place)
