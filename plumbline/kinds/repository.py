"""Files of a repository: templates, scripts, policies, documents."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from plumbline.github.tracked import is_tracked
from plumbline.github.uploads import leads_to
from plumbline.kinds.data_files import DataFile
from plumbline.kinds.documents import documents, shows_something
from plumbline.kinds.kind import Kind
from plumbline.kinds.policy_template import refused, too_wide
from plumbline.kinds.python_answers import unlike
from plumbline.kinds.template_keys import LANGUAGES, is_code_that_runs, template_keys
from plumbline.kinds.upload_script import destinations
from plumbline.terraform.declared import known
from plumbline.values.files import Tree, content
from plumbline.values.model import Model, Text
from plumbline.values.unknown import Placeholder, ReadError, Undetermined, Unexamined

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from plumbline.github.checkout import Checkout

_PATIENCE_SECONDS = 10
_MOST_BYTES = 16 * 1024 * 1024
"""What is longer is no template, script or policy."""
_HTML = re.compile(rb"<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_SPACE = re.compile(rb"\s*")
_SHELL = re.compile(rb"#!.*\b(?:ba|da|k|z)?sh\b")


class Documented(Model):
    """A matter, as its word begins (`depend`) or one of several does, and the names that it is said of."""

    about: str | list[str]
    names: list[str]


class Allowed(Model):
    """Actions on an ARN."""

    resource: str
    actions: list[str]


class RepositoryFileLimits(Model):
    """What can be expected of a file besides its fields."""

    documents: Documented
    """What it must say something about."""
    allows: list[Allowed]
    """What it must allow."""
    uploads_to: str
    """The bucket that it must upload to."""
    setting_names: list[str]
    """What it must give a value at its top, whichever: null and an empty one are none."""
    answers_with: dict[str, str]
    """The headers that each answer of a function in Python must give an API."""


class RepositoryFile(Kind):
    """A file of the repository by its path."""

    noun = "repository_file"
    plural = "repository_files"
    expects_some = ("allows", "setting_names", "settings", "answers_with")
    lies_in_repository = True
    limits = RepositoryFileLimits

    format: str = ""
    """What it holds, by its content: `HTML document`, `HTML document that shows nothing`, `IAM policy`; where
    that does not say it, by the end of its name: `HCL`, `YAML`, `JSON`."""
    mistake: str | None = None
    """The first mistake that `bash -n` finds in a shell script, or a parser in HCL, YAML or JSON."""
    settings: dict[str, Any] = {}
    """What HCL or JSON gives a value at its top: the settings of a backend, the values of variables."""
    executable: bool = False
    tracked: bool = False
    """Whether Git tracks it."""
    md5: str = ""
    too_wide: list[Text] = []
    """What a policy grants that no role needs: `dynamodb:* on *`."""
    text: Text = ""

    @classmethod
    def from_repository(cls, checkout: Checkout, name: str) -> Self:
        """Return the file. Raises `Missing` for one that is not there, `ReadError` for an unreadable one."""
        path = checkout.find(name, "file")
        content = _read(path, checkout)
        data = DataFile(path, content, Tree(checkout.folder))
        format_, text = (
            _format(content) or data.format or "something else",
            content.decode("utf-8", "replace"),
        )
        is_script = format_ == "shell script"
        shown = f"{checkout.shown(path)}:1"
        fields: dict[str, Any] = {
            "name": name,
            "format": format_,
            "mistake": (lambda: _mistake(path)) if is_script else lambda: data.mistake,
            "settings": lambda: data.settings,
            "executable": bool(path.stat().st_mode & 0o111),
            "too_wide": (lambda: too_wide(text, shown)) if format_ == "IAM policy" else [],
            "tracked": lambda: is_tracked(path),
            "md5": hashlib.md5(content, usedforsecurity=False).hexdigest(),
            "text": text,
        }
        return cls.of(shown, fields)

    def documents(self, matter: Documented) -> bool:
        """Return whether it says something about a matter: a section or a paragraph with all its names."""
        about = [matter.about] if isinstance(matter.about, str) else matter.about
        return documents(known(self.text), about, matter.names)

    def without_value(self, names: Sequence[str]) -> list[str]:
        """Return which of these it gives no value at its top: it lacks them, or they are null or empty."""
        return [it for it in names if _is_empty(known(self.settings).get(it))]

    def refused(self, allowed: Sequence[Allowed]) -> list[str]:
        """Return what of this a policy does not allow, however its placeholders are filled in."""
        return [
            f"{action} on {each.resource}"
            for each in allowed
            for action in refused(known(self.text), each.actions, each.resource, self.name)
        ]

    def answers_unlike(self, headers: Mapping[str, str]) -> list[str]:
        """Return what the answers of a function in Python, which an API hands on, lack of these headers.

        Raises `Undetermined` where that is decided at run time, and `ReadError` for what is no Python.
        """
        try:
            return unlike(known(self.text), self.name, headers)
        except (SyntaxError, ValueError, RecursionError) as error:
            told = f"{self.name} is no Python: {error}"
            raise ReadError(told, cause=told) from None

    def uploads_to(self, bucket: str) -> bool:
        """Return whether a script uploads something to a bucket, as its commands read.

        Raises `Undetermined` where that is decided elsewhere.
        """
        return any(leads_to(it, bucket) for it in destinations(known(self.text)))


class LambdaSourcesLimits(Model):
    """What can be expected of Lambda code besides its fields."""

    keys: list[str]
    """The template keys that there are."""


class PreCommitConfiguration(Kind):
    """The checks that run before a commit, as `pre-commit` is configured."""

    noun = "pre_commit_configuration"
    plural = "pre_commit_configurations"
    expects_some = ("hooks",)
    lies_in_repository = True

    hooks: list[Text] = []

    @classmethod
    def from_repository(cls, checkout: Checkout, name: str) -> Self:
        """Return the configuration. Raises `Missing`, and `ReadError` for a file that is no YAML."""
        from plumbline.github.workflows import document, mapping, text

        read = document(checkout, checkout.find(name, "file"))
        repositories = mapping(read.data).get("repos")
        listed = [mapping(it).get("hooks") for it in repositories] if isinstance(repositories, list) else []
        hooks = [text(mapping(hook).get("id")) for it in listed if isinstance(it, list) for hook in it]
        return cls.of(f"{read.path}:{read.line(('repos',))}", {"name": name, "hooks": hooks})


def _is_empty(value: Any) -> bool:
    """Return whether a value says nothing; 0 and `false` do."""
    return value is None or (isinstance(value, str | list | dict) and not value)


def _read(path: Path, checkout: Checkout) -> bytes:
    """Return what a file holds. Raises `ReadError` for what cannot be read, and for what never ends."""
    try:
        return content(checkout.own(path), _MOST_BYTES)
    except OSError as error:
        message = f"{checkout.shown(path)} cannot be read: {error.strerror}"
        raise ReadError(message, cause=message) from None


def _format(content: bytes) -> str:
    if _HTML.match(content, _behind_comments(content)):
        shows = shows_something(content.decode("utf-8", "replace"))
        return "HTML document" if shows else "HTML document that shows nothing"
    if _SHELL.match(content):
        return "shell script"
    return "IAM policy" if _is_policy(content) else ""


def _behind_comments(content: bytes) -> int:
    """Return where the first thing stands that is no comment. Source: HTML Living Standard, "Comments"."""
    place = _SPACE.match(content).end()  # type: ignore[union-attr]  # it matches nothing, too
    while content.startswith(b"<!--", place) and (end := content.find(b"-->", place)) >= 0:
        place = _SPACE.match(content, end + 3).end()  # type: ignore[union-attr]
    return place


def _is_policy(content: bytes) -> bool:
    """Whether it is a policy document. Source: IAM's "Grammar of the IAM JSON policy language"."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return False
    statements = document.get("Statement") if isinstance(document, dict) else None
    listed = statements if isinstance(statements, list) else [statements]
    return bool(listed) and all(isinstance(it, dict) and _is_statement(it) for it in listed)


def _is_statement(statement: dict[str, Any]) -> bool:
    parts = (("Action", "NotAction"), ("Resource", "NotResource"))
    return statement.get("Effect") in ("Allow", "Deny") and all(
        any(statement.get(name) for name in either) for either in parts
    )


def _mistake(path: Path) -> str | None:
    """Return what `bash -n` says of a script, in one line; None where it finds nothing."""
    checked = _parsed(path)
    told = checked.stderr.decode("utf-8", "replace").strip().splitlines()
    return (told[0] if told else f"bash -n ends with {checked.returncode}") if checked.returncode else None


def _parsed(script: Path) -> subprocess.CompletedProcess[bytes]:
    """Let bash read a script and run nothing of it. Raises `Undetermined` where it cannot."""
    bash = shutil.which("bash")
    if not bash:
        raise Undetermined("there is no bash here to read shell scripts with")
    try:
        return subprocess.run(
            [bash, "-n", "--", f"./{script.name}"],
            cwd=script.parent,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=_PATIENCE_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise Undetermined(f"bash -n {script.name} does not end within {_PATIENCE_SECONDS} s") from None


class LambdaSources(Kind):
    """The code of Lambda functions below a folder of the repository."""

    noun = "lambda_sources"
    plural = "lambda_sources"
    lies_in_repository = True
    limits = LambdaSourcesLimits

    template_keys: dict[str, Text] = {}
    """The text constants that end in .html, each with file and line where it stands first."""

    @classmethod
    def from_repository(cls, checkout: Checkout, name: str) -> Self:
        """Return the code. Raises `Undetermined` where there is none: it may lie in another repository."""
        found = checkout.below(name, LANGUAGES)
        files = [it for it in found if is_code_that_runs(it.relative_to(checkout.folder).as_posix())]
        if not files:
            raise Undetermined(f"no Lambda code lies below {name}/ {checkout.told}")
        keys: dict[str, Any] = {}
        for path in files:
            text = _read(path, checkout).decode("utf-8", "replace")
            for key, number, is_whole in template_keys(text, path.suffix):
                place = f"{checkout.shown(path)}:{number}"
                made = Unexamined(f"the key {key} is made at run time, at {place}")
                keys.setdefault(key, place if is_whole else made)
        first = next((it for it in keys.values() if isinstance(it, str)), f"{checkout.shown(files[0])}:1")
        return cls.of(first, {"name": name, "template_keys": keys})

    def other_keys_than(self, known: Sequence[str]) -> list[str]:
        """Return the keys that are none of these. Raises `Undetermined` for one that is made at run time."""
        others = {key: place for key, place in self.template_keys.items() if key not in known}
        told = [key for key, place in others.items() if not isinstance(place, Placeholder)]
        for place in others.values():
            if not told and isinstance(place, Placeholder):
                place.refuse()
        return told
