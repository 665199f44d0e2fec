"""The ways to change evidence: the text of the source, a plan or state, the account behind the AWS API."""

from __future__ import annotations

import copy
import json
import shutil
import struct
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from moto.backends import get_backend

from plumbline.aws.reads import Aws
from plumbline.kinds.kind import Kind
from plumbline.kinds.runbook_record import RunbookData
from selftest.mutations.documents import InDocument


@dataclass(frozen=True)
class Replaced:
    """The first occurrence of a text in a source file, replaced."""

    file: str
    """Relative to the folder of the roots."""
    old: str
    new: str

    def apply(self, folder: Path) -> None:
        """Edit the file. Raises `AssertionError` where that changes nothing."""
        text = (folder / self.file).read_text()
        changed = text.replace(self.old, self.new, 1)
        assert changed != text, f"{self} changes nothing"
        (folder / self.file).write_text(changed)

    def __str__(self) -> str:
        return f"{self.file}: `{_line(self.old)}` → `{_line(self.new) or 'nothing'}`"


@dataclass(frozen=True)
class Written:
    """A source file more, that nothing speaks of."""

    file: str
    """Relative to the folder of the roots."""
    text: str

    def apply(self, folder: Path) -> None:
        """Write the file."""
        place = folder / self.file
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(self.text)

    def __str__(self) -> str:
        return f"{self.file} added: `{_line(self.text)}`"


@dataclass(frozen=True)
class Edited:
    """The first occurrence of a text in a file of the repository, replaced."""

    file: str
    """Relative to the checkout."""
    old: str
    new: str

    def apply(self, folder: Path) -> None:
        """Edit the file. Raises `AssertionError` where that changes nothing."""
        Replaced(self.file, self.old, self.new).apply(folder)

    def __str__(self) -> str:
        return str(Replaced(self.file, self.old, self.new))


@dataclass(frozen=True)
class Deleted:
    """A file of the repository that is deleted."""

    file: str

    def apply(self, folder: Path) -> None:
        """Delete it."""
        (folder / self.file).unlink()

    def __str__(self) -> str:
        return f"{self.file} deleted"


@dataclass(frozen=True)
class Gone:
    """A folder of the repository that is deleted with all that is in it."""

    folder: str

    def apply(self, folder: Path) -> None:
        """Delete it."""
        shutil.rmtree(folder / self.folder)

    def __str__(self) -> str:
        return f"{self.folder}/ deleted"


@dataclass(frozen=True)
class Listed:
    """A ZIP archive more in the repository, of which only the list of what is in it is there."""

    file: str
    """Relative to the checkout."""
    sizes: dict[str, int]
    """How large each file in it is unpacked."""

    def apply(self, folder: Path) -> None:
        """Write the archive."""
        place = folder / self.file
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(listing(self.sizes))

    def __str__(self) -> str:
        held = ", ".join(f"{name} of {size:,} bytes" for name, size in self.sizes.items())
        return f"{self.file} built: {held}"


def listing(sizes: dict[str, int]) -> bytes:
    """Return a ZIP archive that only says what is in it: its central directory and its end."""
    directory = b""
    for name, size in sizes.items():
        numbers = (20, 20, 0, 0, 0, 0, 0, 1, size, len(name), 0, 0, 0, 0, 0, 0)
        directory += struct.pack("<4s6H3L5H2L", b"PK\x01\x02", *numbers) + name.encode()
    count = len(sizes)
    return directory + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(directory), 0, 0)


@dataclass(frozen=True)
class Untracked:
    """A file of the repository that Git does not track."""

    file: str

    def apply(self, folder: Path) -> None:
        """Take it out of the index."""
        track(folder, without=self.file)

    def __str__(self) -> str:
        return f"git rm --cached {self.file}"


@dataclass(frozen=True)
class Committed:
    """A file more in the repository, which Git tracks."""

    file: str
    text: str

    def apply(self, folder: Path) -> None:
        """Write the file, and list it in the index."""
        Written(self.file, self.text).apply(folder)
        track(folder)

    def __str__(self) -> str:
        return f"{self.file} added and tracked: `{_line(self.text)}`"


def track(folder: Path, without: str = "") -> None:
    """Let Git track every file of a folder but one."""
    files = sorted(it.relative_to(folder).as_posix() for it in folder.rglob("*") if it.is_file())
    index = b""
    for name in (it.encode() for it in files if it != without and not it.startswith(".git/")):
        entry = bytes(60) + len(name).to_bytes(2, "big") + name
        index += entry + bytes(8 - len(entry) % 8)
    count = sum(it != without and not it.startswith(".git/") for it in files)
    (folder / ".git").mkdir(exist_ok=True)
    header = b"DIRC" + (2).to_bytes(4, "big") + count.to_bytes(4, "big")
    (folder / ".git" / "index").write_bytes(header + index)


@dataclass(frozen=True)
class NotExecutable:
    """A script of the repository whose mode bits got lost."""

    file: str

    def apply(self, folder: Path) -> None:
        """Take the bits away."""
        (folder / self.file).chmod(0o644)

    def __str__(self) -> str:
        return f"chmod -x {self.file}"


@dataclass(frozen=True)
class Setting:
    """A setting of the repository on GitHub: part of a reply of its REST API."""

    path: str
    field: str
    value: Any

    def apply(self, replies: dict[str, Any]) -> None:
        """Change the reply."""
        changed = copy.deepcopy(replies[self.path])
        *steps, last = [int(step) if step.isdigit() else step for step in self.field.split(".")]
        place = changed
        for step in steps:
            place = place[step]
        place[last] = self.value
        replies[self.path] = changed

    def __str__(self) -> str:
        return f"GET {self.path}: `{self.field}` = `{json.dumps(self.value)}`"


@dataclass(frozen=True)
class InRunbook:
    """What the data of the runbook say of the runbook itself."""

    field: str
    value: Any

    def apply(self, data: RunbookData) -> RunbookData:
        """Return the data with the change; of a mapping, with some of its values changed."""
        value = self.value
        if isinstance(value, dict):
            value = {**getattr(data, self.field), **value}
        return replace(data, **{self.field: value})

    def __str__(self) -> str:
        return f"runbook.yaml: `{self.field}` = `{self.value}`"


@dataclass(frozen=True)
class Called:
    """A call of the AWS API that changes something."""

    operation: str
    parameters: dict[str, Any]
    region: str | None = None

    def apply(self, aws: Aws) -> None:
        """Make the call."""
        (aws.within(self.region) if self.region else aws).write(self.operation, **self.parameters)

    def __str__(self) -> str:
        told = {name: _short(value) for name, value in self.parameters.items()}
        return f"{self.operation} `{json.dumps(told)}`"


@dataclass(frozen=True)
class Removed:
    """A resource that is deleted, in whatever calls that takes."""

    name: str
    remove: Callable[[Aws, str], None]

    def apply(self, aws: Aws) -> None:
        """Delete it."""
        self.remove(aws, self.name)

    def __str__(self) -> str:
        return f"{self.name} deleted"


@dataclass(frozen=True)
class Recreated:
    """A resource that is deleted and created again with other fields, as somebody does by hand."""

    name: str
    kind: type[Kind]
    remove: Callable[[Aws, str], None]
    fields: dict[str, Any]
    region: str | None = None

    def apply(self, aws: Aws) -> None:
        """Read the resource, delete it, and create what was read with the changes."""
        place = aws.within(self.region) if self.region else aws
        model = self.kind.from_aws(place, self.name)
        self.remove(place, self.name)
        model.model_copy(update=self.fields).create(place)

    def __str__(self) -> str:
        return f"{self.name} deleted and created again with other {', '.join(self.fields)}"


@dataclass(frozen=True)
class Described:
    """A state that only AWS itself brings about: moto answers as if it were so."""

    state: str
    change: Callable[[Any], None]
    """Changes moto's own record of the service."""
    service: str = "dynamodb"

    def apply(self, aws: Aws) -> None:
        """Change the record."""
        self.change(get_backend(self.service)[aws.account][aws.region])

    def __str__(self) -> str:
        return self.state


@dataclass(frozen=True)
class Happened:
    """Something that happens in the account and is asked about on live only."""

    what: str
    happen: Callable[[Aws], None]

    def apply(self, aws: Aws) -> None:
        """Let it happen."""
        self.happen(aws)

    def __str__(self) -> str:
        return self.what


@dataclass(frozen=True)
class Credentials:
    """Credentials of another account are in use."""

    account: str

    def __str__(self) -> str:
        return f"credentials of account {self.account}"


InSource = Replaced | Written
InRepository = Edited | Deleted | Gone | Listed | NotExecutable | Untracked | Committed | Setting | InRunbook
Edit = (
    InSource | InRepository | InDocument | Called | Removed | Recreated | Described | Happened | Credentials
)


def call(operation: str, region: str | None = None, **parameters: Any) -> Called:
    """Return the edit that makes this call: `call("s3:DeleteBucketTagging", Bucket="...")`."""
    return Called(operation, parameters, region)


def _short(value: Any) -> Any:
    """Return a long text without its middle; what tells policies apart is at their end."""
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    if isinstance(value, dict):
        return {name: _short(it) for name, it in value.items()}
    return f"{value[:40]}...{value[-90:]}" if isinstance(value, str) and len(value) > 150 else value


def _line(text: str) -> str:
    return " ".join(text.split())
