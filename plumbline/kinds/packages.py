"""Deployment packages and layers of functions in a checkout: archives, or what a script makes them of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Self

from plumbline.kinds import lambda_runtimes
from plumbline.kinds.bounds import Some
from plumbline.kinds.kind import Kind
from plumbline.kinds.package_sizes import Sizes, too_large
from plumbline.kinds.packing import Contents, made_by
from plumbline.values.archives import NoArchive, packed_in
from plumbline.values.counting import AtLeast
from plumbline.values.model import Model, Text
from plumbline.values.some_of import SomeOf, doubted
from plumbline.values.unknown import ReadError, Undetermined, Unexamined

if TYPE_CHECKING:
    from plumbline.github.checkout import Checkout

_MOST_TOLD = 20
"""How many files are told of many."""
_CACHE, _GIT = "__pycache__", ".git"
_PROBES = (f"{_CACHE}/x.cpython-313.pyc", f"a/{_CACHE}/x.cpython-313.pyc", "x.pyc", f"{_GIT}/HEAD")
"""What may lie in a folder that somebody works in, and is packed unless a pattern leaves it out."""
_CODE = {
    "python": (".py", ".pyc", ".so"),
    "nodejs": (".js", ".mjs", ".cjs", ".node"),
    "java": (".jar",),
    "ruby": (".rb",),
}
"""How the files end that a runtime loads, by the family of it."""
_LOOKED_IN = {
    "python": ("python", "python/lib/{runtime}/site-packages"),
    "nodejs": ("nodejs/node_modules", "nodejs/node{major}/node_modules"),
    "java": ("java/lib",),
    "ruby": ("ruby/gems/*", "ruby/lib"),
}
"""The folders of a layer in which a runtime looks for code.

Source: Lambda Developer Guide, "Layer paths for each Lambda runtime".
"""
_OF_OTHER_VERSIONS = re.compile(r"python/lib/python[\d.]+/")
_OF_ALL = ("bin/*", "lib/*.so", "extensions/*")
"""Where every runtime has programs and libraries of the system, and Lambda its extensions."""


class Packing(Model):
    """How a package is made that does not lie in the checkout."""

    packed_by: str = ""
    """The file whose script packs it: a script of the shell, or Terraform with a provisioner `local-exec`."""
    folder: str = "."
    """The folder of the checkout that the script starts in."""


class OfLayer(Packing):
    """A layer that is unpacked beside a package."""

    archive: str


class OfPackage(Packing):
    """What belongs to a package, and what uses it."""

    layers: list[OfLayer] = []
    runtime: str = ""
    """What loads it, as AWS names it: python3.13. Of a layer, that decides where its files must be."""


class PackageLimits(Model):
    """What can be expected of a package besides its fields."""

    below_bytes: Some
    """So many bytes it must not have, unpacked, together with its layers."""


class Package(Kind):
    """A deployment package, or a layer. Its name is the path of its archive."""

    noun = "package"
    plural = "packages"
    lies_in_repository = True
    question = OfPackage
    limits = PackageLimits

    unpacked: Sizes = {}
    """How many bytes it has unpacked, and each of its layers, by their archives."""
    left_in: list[Text] = []
    """Byte code and data of Git in it, and what of that would be packed if it were there."""
    misplaced: list[Text] = []
    """The code in a layer that is not where its runtime looks for any."""

    def too_large(self, limit: int) -> list[str]:
        """Return how large it is with its layers where that is not below a limit, unpacked.

        Raises `Undetermined` where what is not known decides.
        """
        return too_large(self.unpacked, limit)

    @classmethod
    def asked_of_repository(cls, checkout: Checkout, name: str, question: Any) -> Self:
        """Return what is packed. Raises `Undetermined` where no archive is there, and no script packs it."""
        asked = question or OfPackage()
        own, where = _contents(checkout, name, asked)
        layers = {it.archive: it for it in asked.layers}
        fields: dict[str, Any] = {
            "name": name,
            "unpacked": {name: _bytes(own, name)}
            | {archive: _of_layer(checkout, it) for archive, it in layers.items()},
            "left_in": _left_in(own),
            "misplaced": lambda: _misplaced(own, asked.runtime),
        }
        return cls.of(where, fields)


def _of_layer(checkout: Checkout, layer: OfLayer) -> Any:
    """Return how large a layer is; a placeholder where that is not known."""
    try:
        return _bytes(_contents(checkout, layer.archive, layer)[0], layer.archive)
    except Undetermined as reason:
        return Unexamined(reason.reason)


def _contents(checkout: Checkout, name: str, asked: Packing) -> tuple[Contents, str]:
    """Return what lies in an archive, or would lie in it, and where that is said."""
    path = checkout.folder / name
    if path.is_file():
        shown = checkout.shown(checkout.own(path))
        try:
            return Contents(packed_in(path)), shown
        except (OSError, NoArchive) as error:
            told = f"{shown}: {error.strerror if isinstance(error, OSError) else error}"
            raise ReadError(told, cause=told) from None
    if not asked.packed_by:
        raise Undetermined(f"{name} was not built {checkout.told}")
    made = made_by(checkout, PurePosixPath(name), asked.packed_by, asked.folder)
    return made, checkout.shown(checkout.find(asked.packed_by, "file"))


def _bytes(contents: Contents, name: str) -> int:
    total = sum(it.size for it in contents.files)
    if not contents.more:
        return total
    return AtLeast(total, f"{name} was not built, and {contents.more[0].why}: it has {{}} bytes")


def _left_in(contents: Contents) -> list[str]:
    """Return what is byte code, or data of Git, of what is packed, and of what would be if it were there."""
    found = [it.name for it in contents.files if _is_left(it.name)]
    taken = contents.taken
    for source in taken.sources if taken and taken.is_deep else ():
        prefix = "" if source in (".", "./") else f"{source.rstrip('/')}/"
        found += [it for it in (f"{prefix}{probe}" for probe in _PROBES) if taken and taken.takes(it)]
    return _few(found)


def _is_left(name: str) -> bool:
    steps = PurePosixPath(name).parts
    return _CACHE in steps or _GIT in steps or name.endswith((".pyc", ".pyo"))


def _misplaced(contents: Contents, runtime: str) -> list[str] | SomeOf:
    """Return the code of a layer that its runtime does not find, and what leads out of where it is unpacked.

    Raises `Undetermined` where it is not known where the runtime looks for any.
    """
    family = lambda_runtimes.family(runtime)
    if family not in _CODE:
        raise Undetermined(
            f"where {runtime or 'a runtime that is not said'} looks for code is not known here"
        )
    code = [it.name for it in contents.files if it.name.endswith(_CODE[family])]
    lost = [it for it in code if not _is_found(it, runtime, family)]
    out = [it.name for it in contents.files if _leads_out(it.name)]
    unread = [it for it in contents.more if not _is_found(f"{it.at}/x", runtime, family)]
    lost += [f"{it.at}: {it.why}" for it in unread if it.is_code and it.at]
    doubts = [it.why for it in unread if not (it.is_code and it.at)]
    if not code and not contents.more:
        lost.append(f"nothing that {family} loads")
    return doubted(_few([*out, *lost]), doubts)


def _is_found(name: str, runtime: str, family: str) -> bool:
    """Return whether a runtime finds a file of code."""
    if family == "python" and (other := _OF_OTHER_VERSIONS.match(name)):
        return other[0] == f"python/lib/{runtime}/"
    major = re.sub(r"\D*(\d*).*", r"\1", runtime)
    folders = [it.format(runtime=runtime, major=major) for it in _LOOKED_IN[family]]
    return any(fnmatchcase(name, it) for it in (*(f"{it}/*" for it in folders), *_OF_ALL))


def _leads_out(name: str) -> bool:
    """Return whether a name in an archive leads out of the folder that it is unpacked in."""
    return name.startswith("/") or ".." in PurePosixPath(name).parts


def _few(found: Iterable[str]) -> list[str]:
    told = list(dict.fromkeys(found))
    further = len(told) - _MOST_TOLD
    return [*told[:_MOST_TOLD], *([f"and {further:,} more"] if further > 0 else [])]
