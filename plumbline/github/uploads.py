"""What a command uploads to S3, and where to.

Sources: AWS CLI reference, `s3 cp`, `s3 sync`, `s3 mv`, `s3api put-object` and "Use of Exclude and Include
Filters": of several filters that fit a file the last one decides.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from plumbline.github.scripts import Scripts, unwrapped
from plumbline.github.shell.path import Command, is_known
from plumbline.values.arns import SUFFIXES
from plumbline.values.unknown import Undetermined
from plumbline.values.wildcards import ANYTHING, literal, matcher

ANY_FILE = "*"
"""Stands for the names of files that only a run knows."""
_VARIABLE = re.compile(r"\$\{\{[^{}]*\}\}|\$\{(\w+)[^}]*\}|\$(\w+|[@*#])|\$\([^()]*\)")
_VERBS = frozenset({"cp", "sync", "mv"})
_FLAGS = frozenset(
    {"--recursive", "--quiet", "--delete", "--only-show-errors", "--no-progress", "--size-only", "--debug"}
    | {"--follow-symlinks", "--no-follow-symlinks", "--exact-timestamps", "--no-guess-mime-type"}
    | {"--no-verify-ssl", "--no-sign-request", "--no-paginate", "--no-cli-pager", "--no-overwrite"}
    | {"--force-glacier-transfer", "--ignore-glacier-warnings", "--dryrun", "--validate-same-s3-paths"}
)
"""The options of the AWS CLI that take no value here."""
_MAY_UPLOAD = re.compile(r"upload|s3|sync|template|publish", re.IGNORECASE)
_RUNS = re.compile(
    r"(?:^|/)(?:python[\d.]*|node|ruby|perl|npm|npx|yarn|pnpm|make|just|task|docker|rclone|s5cmd|s3cmd|bash|sh"
    r"|source|\.)$|/|\.(?:sh|py|js|rb|ps1)$"
)


_OF_AWS = tuple(f".{it}" for it in (*SUFFIXES.values(), "api.aws", "api.amazonwebservices.com.cn"))
"""How hosts of AWS end; those of both sorts of addresses last. Source: AWS General Reference, "AWS service
endpoints"."""


@dataclass(frozen=True)
class Upload:
    """Files that a command brings into a bucket."""

    destination: str
    """As it is written: `s3://mail-sit/receipts/`."""
    names: tuple[str, ...]
    """The endings of the files' names, as `*.html`; `ANY_FILE` for files that are not in the checkout."""


def upload_of(command: Command, scripts: Scripts | None = None) -> Upload | None:
    """Return what a command uploads; None for one that uploads nothing to AWS."""
    words = unwrapped(command.words)
    if not words or posixpath.basename(words[0]) != "aws":
        return None
    options, operands = _read(words[1:])
    flags = {name for name, _ in options}
    endpoint = next((value for name, value in options if name == "--endpoint-url"), _set_before(command))
    if flags & {"--dryrun", "--help", "--generate-cli-skeleton"} or not _is_of_aws(endpoint):
        return None
    match operands:
        case ["s3api", "put-object"]:
            given = dict(options)
            bucket, body = given.get("--bucket", ""), given.get("--body", "")
            return Upload(f"s3://{bucket}/", _named([body])) if bucket else None
        case ["s3", verb, source, destination] if verb in _VERBS and not source.startswith("s3://"):
            if is_known(destination) and not destination.startswith("s3://"):
                return None
            names = _uploaded(source, [it for it in options if it[0] in _FILTERS], command.folder, scripts)
            return Upload(destination, names) if names else None
    return None


def may_upload(command: Command) -> bool:
    """Return whether a command that cannot be read may be one that uploads, by its name."""
    if command.is_read:
        return False
    if command.words[:1] == ("uses:",):
        name = command.words[1].partition("@")[0].lower()
        return bool(_MAY_UPLOAD.search(name)) and not name.startswith(("actions/", "github/"))
    words = unwrapped(command.words)
    return bool(words) and bool(_RUNS.search(words[0])) and bool(_MAY_UPLOAD.search(" ".join(words[:3])))


def leads_to(destination: str, bucket: str) -> bool:
    """Return whether a destination is in a bucket.

    Raises `Undetermined` where all of the bucket's name is given when the script runs.
    """
    name = _VARIABLE.sub("\0", destination.removeprefix("s3://")).partition("/")[0]
    if not name.strip("\0"):
        raise Undetermined(f"the bucket of {destination} is given when the script runs")
    return matcher(ANYTHING.join(map(literal, name.split("\0"))), name)(bucket)


_FILTERS = ("--exclude", "--include")
Option = tuple[str, str]


def _read(words: Sequence[str]) -> tuple[list[Option], list[str]]:
    """Return the options of a call of the AWS CLI in their order, and its operands."""
    options: list[Option] = []
    operands: list[str] = []
    left = iter(words)
    for word in left:
        name, equals, value = word.partition("=")
        if not word.startswith("--"):
            operands.append(word)
        elif equals or name in _FLAGS:
            options.append((name, value))
        else:
            options.append((name, next(left, "")))
    return options, operands


def _set_before(command: Command) -> str:
    """Return the endpoint that variables give S3.

    Source: AWS SDKs and Tools Reference Guide, "Service-specific endpoints".
    """
    at_once = (it.partition("=") for it in command.words if it.startswith("AWS_ENDPOINT_URL"))
    set_ = {**command.variables, **{name: value for name, equals, value in at_once if equals}}
    return set_.get("AWS_ENDPOINT_URL_S3") or set_.get("AWS_ENDPOINT_URL") or ""


def _is_of_aws(endpoint: str) -> bool:
    if not endpoint or not is_known(endpoint):
        return True
    host = urlsplit(endpoint if "://" in endpoint else f"//{endpoint}").hostname or ""
    return f".{host}".endswith(_OF_AWS)


def _uploaded(
    source: str, filters: Sequence[Option], folder: str, scripts: Scripts | None
) -> tuple[str, ...]:
    """Return the endings of what is uploaded of a source; none where its filters leave nothing."""
    found = scripts.files(source, folder) if scripts and is_known(source) else ()
    if found:
        return _named(it for it in found if _passes(it, filters))
    if source != "-" and is_known(source) and re.search(r"\.\w+$", source):
        return _named([source]) if _passes(posixpath.basename(source), filters) else ()
    everything = [at for at, it in enumerate(filters) if it in (("--exclude", "*"), ("--exclude", "**"))]
    if not everything:
        return (ANY_FILE,)
    return tuple(value for name, value in filters[everything[-1] :] if name == "--include")


def _passes(name: str, filters: Sequence[Option]) -> bool:
    fitting = [kind for kind, pattern in filters if fnmatchcase(name, pattern)]
    return not fitting or fitting[-1] == "--include"


def _named(files: Sequence[str] | Iterator[str]) -> tuple[str, ...]:
    """Return the endings of files, each once."""
    endings = {posixpath.splitext(it)[1] if is_known(it) else "" for it in files}
    return tuple(sorted(f"*{it}" for it in endings))
