"""How large a function is with its layers once Lambda has unpacked them.

An account tells how large they are packed, which is the least that they can be unpacked, but for what an
archive has beside its files.
Source: Lambda API reference, FunctionConfiguration, "CodeSize".
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, ClassVar

from plumbline.kinds.call import Asked
from plumbline.kinds.facet import Facet, Fields, Found
from plumbline.kinds.function_calls import CONFIGURATION, configuration_of
from plumbline.kinds.package_sizes import Sizes, too_large
from plumbline.terraform.declared import Declaration, blocks, given, known
from plumbline.values.archives import NoArchive, packed_in
from plumbline.values.counting import Between
from plumbline.values.unknown import Identity, Placeholder, ReadError, Undetermined, Unexamined
from plumbline.values.wildcards import ANYTHING, literal, matcher

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.terraform.model import Configuration, Resource

_OWN = "its own code"
_LAYER = "aws_lambda_layer_version"
_ARCHIVE = "archive_file"
_MOST_FILES = 200_000
_MOST_PACKED = 1032
"""How many bytes DEFLATE packs into one at most. Source: zlib, "Technical Details", "Maximum Compression
Factor"."""
_BESIDE = 1 << 20
"""How many bytes of an archive may stand beside its files: their names, sizes and attributes, twice.
A few lines of code are larger packed than they are unpacked, and nobody says how many files there are.
Source: PKWARE, APPNOTE.TXT, 4.3.7 and 4.3.12."""
_PACKED = "{} is {} bytes packed, and what it is unpacked is told by its archive alone"


class Unpacked(Facet):
    """How many bytes it has unpacked, and each of its layers."""

    call = CONFIGURATION
    further_types: ClassVar[tuple[str, ...]] = (_LAYER,)
    arguments: ClassVar = dict.fromkeys(("unpacked", "too_large"), "filename")

    unpacked: Sizes = {}
    """By what it is; nothing for a container image, which has no such limit."""

    def too_large(self, limit: int) -> list[str]:
        """Return how large it is with its layers where that is not below a limit, unpacked.

        Raises `Undetermined` where what is not known decides.
        """
        return too_large(self.unpacked, limit)

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {"unpacked": lambda: _declared(declaration)}

    @classmethod
    def read(cls, asked: Asked) -> Found:
        reply = configuration_of(asked)
        return Found(reply.at("@").map(lambda answer: cls.described(answer, asked)), reply.call)

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        if answer.get("PackageType") == "Image":
            return {"unpacked": {}}
        layers = {it["Arn"].split(":layer:")[-1]: it["CodeSize"] for it in answer.get("Layers") or []}
        packed = {_OWN: answer["CodeSize"]} | layers
        return {"unpacked": {name: _by_packed(size, name) for name, size in packed.items()}}


def _by_packed(size: int, name: str) -> Between:
    """Return how many bytes something unpacks to, by how many it has packed."""
    told = _PACKED.format(name, size)
    return Between(max(size - _BESIDE, 0), size * _MOST_PACKED, told)


def _declared(declaration: Declaration) -> dict[str, Any]:
    function, home = declaration.resource, declaration.configuration
    if known(function.values.get("package_type")) == "Image":
        return {}
    found = {_OWN: _of(function, home, _OWN)}
    for number, arn in enumerate(known(function.values.get("layers")) or []):
        layer = _layer(arn, home)
        name = str(known(layer.values.get("layer_name"))) if layer else f"layer {number + 1}"
        found[name] = _of(layer, home, name) if layer else _elsewhere(arn)
    return found


def _layer(arn: Any, home: Configuration) -> Resource | None:
    """Return the layer of this root that an ARN is of; None for one that lies elsewhere."""
    for it in home.of_type(_LAYER):
        named = isinstance(arn, Identity) and (arn.root, arn.address) == (it.root, it.address)
        if named or (isinstance(arn, str) and arn and arn == it.values.get("arn")):
            return it
    return None


def _elsewhere(arn: Any) -> Placeholder:
    if isinstance(arn, Placeholder):
        return arn
    return Unexamined(f"how large {arn} is unpacked is not known here: no Terraform here makes it")


def _of(resource: Resource, home: Configuration, name: str) -> Any:
    """Return how large a function's own code is, or a layer; a placeholder where that is not known."""
    try:
        return _size(resource, home, name)
    except Undetermined as reason:
        return Unexamined(reason.reason)


def _size(resource: Resource, home: Configuration, name: str) -> int:
    packed = resource.values.get("source_code_size")
    if isinstance(packed, int) and home.source == "state":
        return _by_packed(packed, name)
    filename = resource.values.get("filename")
    if not given(filename):
        raise Undetermined(f"the code of {resource.address} lies in no file: what it unpacks to is not known")
    if home.source != "hcl":
        raise Undetermined(f"a {home.source} does not hold {known(filename)}, which the code lies in")
    path = Path(os.path.normpath(home.root / str(known(filename))))
    if path.is_file():
        return _of_archive(path, home)
    archives = [it for it in home.data if it.type == _ARCHIVE and _is_made_by(resource, it)]
    if len(archives) != 1:
        raise Undetermined(f"{path.name}, which the code of {resource.address} lies in, was not built")
    return sum(_of_files(archives[0], home))


def _of_archive(path: Path, home: Configuration) -> int:
    _refuse_outside(path, home)
    try:
        return sum(it.size for it in packed_in(path))
    except (OSError, NoArchive) as error:
        told = f"{path.name}: {error}"
        raise ReadError(told, cause=told) from None


def _refuse_outside(path: Path, home: Configuration) -> None:
    if not home.tree.holds(path):
        raise Undetermined(f"{path.name} lies outside of the checkout, and is not read")


def _is_made_by(resource: Resource, archive: Resource) -> bool:
    """Return whether the code is what a data source packs, by reference or by the name of the file."""
    references = resource.references.get("filename", ())
    if any(it == archive.address or it.startswith(f"{archive.address}.") for it in references):
        return True
    path, named = archive.values.get("output_path"), resource.values.get("filename")
    return isinstance(path, str) and isinstance(named, str) and path == named


def _of_files(archive: Resource, home: Configuration) -> Iterator[int]:
    """Yield how large each file is that a data source packs.

    Raises `Undetermined` for what is not known of it. Source: provider hashicorp/archive, archive_file.
    """
    values = archive.values
    if known(values.get("type")) != "zip":
        raise Undetermined(f"{archive.address} makes no ZIP archive")
    if given(content := values.get("source_content")):
        yield len(str(known(content)).encode())
    for block in blocks(values, "source"):
        yield len(str(known(block.get("content"))).encode())
    if given(file := values.get("source_file")):
        yield _file(Path(os.path.normpath(home.root / str(known(file)))), home)
    if given(folder := values.get("source_dir")):
        excludes = [str(known(it)) for it in known(values.get("excludes")) or []]
        yield from _below(Path(os.path.normpath(home.root / str(known(folder)))), excludes, home)


def _file(path: Path, home: Configuration) -> int:
    _refuse_outside(path, home)
    try:
        return path.stat().st_size
    except OSError as error:
        raise Undetermined(f"{path.name} cannot be read: {error.strerror}") from None


def _below(folder: Path, excludes: list[str], home: Configuration) -> Iterator[int]:
    _refuse_outside(folder, home)
    if not folder.is_dir():
        raise Undetermined(f"there is no folder {folder.name} to pack")
    patterns = [_globbed(it) for it in excludes]
    number = 0
    for place, folders, names in os.walk(folder):
        inside = PurePosixPath(os.path.relpath(place, folder))
        folders[:] = [it for it in sorted(folders) if not any(fits(str(inside / it)) for fits in patterns)]
        for name in names:
            number += 1
            if number > _MOST_FILES:
                raise Undetermined(f"there are more than {_MOST_FILES:,} files below {folder.name}")
            if not any(fits(str(inside / name)) for fits in patterns):
                yield _file(Path(place) / name, home)


def _globbed(pattern: str) -> Any:
    """Return whether a path is one that a pattern excludes: `**` is any folders, `*` a part of a name."""
    told = os.path.normpath(pattern.removesuffix("/"))
    parts = told.replace("**/", "\0").replace("**", "\1")
    wild = {"\0": "(?:.*/)?", "\1": ANYTHING, "*": "[^/]*", "?": "[^/]"}
    return matcher("".join(wild.get(it) or literal(it) for it in parts), pattern)
