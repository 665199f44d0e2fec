"""Conforming evidence of a stack that mutations may spoil: a copy of the Terraform source, of the plans
and states made of it, and an account made of it."""

from __future__ import annotations

import atexit
import copy
import functools
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import botocore.handlers
import pytest
from moto.core.base_backend import BackendDict
from moto.moto_api._internal import mock_random

from plumbline.aws import anonymous
from plumbline.aws.guard import GuardError
from plumbline.aws.probing import Probing
from plumbline.aws.reads import Answers, Aws
from plumbline.aws.session import connect
from plumbline.expectations.stack import Subject
from plumbline.github.checkout import Checkout
from plumbline.kinds.kind import Kind
from plumbline.kinds.output import Output
from plumbline.kinds.registry import operations
from plumbline.kinds.runbook_record import RunbookData
from plumbline.sources.hcl import Hcl
from plumbline.sources.live import Live
from plumbline.sources.moto.account import account as moto_account
from plumbline.sources.moto.filling import Filled, fill
from plumbline.sources.moto.made_up import made_up
from plumbline.sources.recorded import Recorded
from plumbline.sources.repository import Repository
from plumbline.sources.source import ReadSets, Source, everything
from plumbline.terraform.model import Configuration
from plumbline.values.files import Tree
from plumbline.values.unknown import ReadError
from selftest.github.replies import Canned, conforming
from selftest.mutations import history
from selftest.mutations.anonymous import answered
from selftest.mutations.documents import InDocument
from selftest.mutations.edits import Credentials, Edit, InRunbook, InSource, Setting, track
from selftest.mutations.moment import Moment
from selftest.mutations.plain_http import refused_by_policy
from selftest.mutations.suite import Suite, asserted
from selftest.recorded.kept import files, opened, recorded
from selftest.stacks.proven import Proven
from selftest.tools.places import STUBS

EXAMINED = (
    *(".github", ".pre-commit-config.yaml", ".tflint.hcl"),
    *("README.md", "ci", "policies", "scripts", "terraform"),
)
"""The parts of a repository that invariants speak of."""
Outputs = Mapping[str, Mapping[str, Any]]
"""The outputs of each Terraform root, by their names."""
IDENTITY = "account.identity"
"""The sentence that the guard of live runs asserts before anything is read."""

suite = functools.cache(Suite)
"""The tests of an environment of a stack on a source, collected once."""


def declared(proven: Proven, folder: Path | None = None) -> Hcl:
    """Return the evidence of the reference Terraform, or of a folder that holds the stack's roots."""
    above = folder or proven.reference
    return Hcl(
        {proven.name: proven.stack},
        lambda _, __, root: it if (it := above / root).is_dir() else None,
        tree=lambda root: Tree.around(root, above),
    )


def fallen_in_source(proven: Proven, environment: str, edits: Iterable[Edit], folder: Path) -> dict[str, str]:
    """Return what falls on hcl after these edits in a copy of the reference Terraform."""
    return suite(proven, environment, "hcl").fallen(edited_source(proven, edits, folder))


def edited_source(proven: Proven, edits: Iterable[Edit], folder: Path) -> Source:
    """Return the evidence on hcl after these edits in a copy of the reference Terraform."""
    shutil.copytree(proven.reference, folder, ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*"))
    for edit in edits:
        assert isinstance(edit, InSource)
        edit.apply(folder)
    return declared(proven, folder)


def fallen_in_files(
    proven: Proven, environment: str, sort: str, edits: Iterable[Edit], folder: Path
) -> dict[str, str]:
    """Return what falls on `plan` or `state` after these edits in copies of the kept files."""
    return suite(proven, environment, sort).fallen(edited_files(proven, environment, sort, edits, folder))


def edited_files(proven: Proven, environment: str, sort: str, edits: Iterable[Edit], folder: Path) -> Source:
    """Return the evidence on `plan` or `state` after these edits in copies of the kept files."""
    evidence = dict(recorded(proven, environment, sort))
    for file in files(proven, environment, sort):
        copied = folder / file.name
        if _edited(file, edits, copied):
            evidence |= opened(proven, environment, sort, [copied])
    return Recorded(evidence)


def checkout(proven: Proven, folder: Path) -> Path:
    """Return a copy of the stack's repository, as far as invariants speak of it, with what lies elsewhere."""
    ignored = shutil.ignore_patterns(".terraform", "*.tfstate*")
    folder.mkdir(parents=True, exist_ok=True)
    for part in (proven.repository / name for name in EXAMINED):
        if part.is_dir():
            shutil.copytree(part, folder / part.name, ignore=ignored)
        elif part.is_file():
            shutil.copy(part, folder)
    if (elsewhere := proven.folder / "checkout").is_dir():
        shutil.copytree(elsewhere, folder, dirs_exist_ok=True)
    track(folder)
    return folder


def fallen_in_repository(
    proven: Proven, environment: str, edits: Iterable[Edit], folder: Path
) -> dict[str, str]:
    """Return what falls on `repository` after these edits in a checkout, or in GitHub's settings of it."""
    return suite(proven, environment, "repository").fallen(edited_repository(proven, edits, folder))


def edited_repository(proven: Proven, edits: Iterable[Edit], folder: Path) -> Source:
    """Return the evidence of a checkout, and of GitHub's settings of it, after these edits."""
    return _repository(proven, checkout(proven, folder), edits)


def _repository(proven: Proven, place: Path, edits: Iterable[Edit]) -> Repository:
    """Return a checkout, what GitHub keeps of it, and what the runbook says of itself, after these edits."""
    replies, data = conforming(*proven.environments), reviewed(proven)
    for edit in edits:
        if isinstance(edit, Setting):
            edit.apply(replies)
        elif isinstance(edit, InRunbook):
            data = edit.apply(data)
        else:
            edit.apply(place)  # type: ignore[arg-type, union-attr]
    folder = proven.stack.checkout(place)
    held = Checkout(folder, Canned(replies), runs_scripts=True, programs=STUBS, providers=Path(STUBS))
    checkouts = {proven.name: (held,)}
    return Repository(checkouts, {proven.name: data})


def reviewed(proven: Proven) -> RunbookData:
    """Return what the runbook says of itself, had it been updated a week ago and named everybody."""
    data = proven.runbook.data(date(2026, 1, 8))
    everybody = dict.fromkeys(data.contacts, "somebody, by telephone")
    return replace(data, updated=date(2026, 1, 1), contacts=everybody)


@functools.cache
def repository(proven: Proven, edits: tuple[Setting | InRunbook, ...] = ()) -> Repository:
    """Return the evidence of a checkout that satisfies every invariant, but for edits beside its files."""
    place = checkout(proven, Path(tempfile.mkdtemp(prefix="checkout-")) / "checkout")
    atexit.register(shutil.rmtree, place.parent, ignore_errors=True)
    return _repository(proven, place, edits)


class Beside:
    """Evidence of an account, and a checkout beside it for what only its files say."""

    def __init__(
        self, proven: Proven, account: Source, outputs: Outputs, edits: Iterable[Setting | InRunbook] = ()
    ) -> None:
        """Take the account, and what Terraform says of the outputs of each root that filled it.

        `edits` are changes of what lies beside the files of the repository.
        """
        self._account, self._outputs = account, outputs
        self._repository = repository(proven, tuple(edits))

    def read(self, subject: Subject) -> Kind:
        """Return the subject as the account, or the checkout, has it."""
        if subject.kind.lies_in_repository:
            return self._repository.read(subject)
        return self._account.read(told(subject, self._outputs))


def told(subject: Subject, outputs: Outputs) -> Subject:
    """Return a subject with what Terraform says of the outputs of which one may be its name."""
    found_by = subject.found_by
    if not isinstance(found_by, Output):
        return subject
    return replace(subject, found_by=replace(found_by, told=outputs[found_by.root]))


def _edited(file: Path, edits: Iterable[Edit], copied: Path) -> bool:
    """Write a file with the edits that concern it; return whether any does."""
    document = json.loads(file.read_text())
    before = copy.deepcopy(document)
    for edit in edits:
        assert isinstance(edit, InDocument)
        edit.apply(document)
    copied.write_text(json.dumps(document))
    return bool(document != before)


class Account:
    """The account of an environment, as moto creates it from the reference Terraform."""

    def __init__(
        self,
        proven: Proven,
        environment: str,
        through: Callable[[Aws], Aws] | None = None,
        *,
        lived: bool = True,
    ) -> None:
        """Bring it back as it was created first; unless it has `lived`, nothing has happened in it yet.

        `through` gives of the empty account what the requests that fill it are made to: it is made anew then.
        """
        self._proven, self._environment = proven, environment
        self._settings = proven.stack.environments[environment]
        self._region = proven.region(environment)
        self._credentials = self._settings.account
        self._beside_files: list[Setting | InRunbook] = []
        if through is None:
            self.filled, self._outputs, moment = _made(proven, environment)
            moment.back()
        else:
            self.filled, self._outputs = _make(proven, environment, through)
        if lived:
            subjects = list(proven.stack.subjects(environment).values())
            history.seed(moto_account(self._settings.account, self._region), subjects)

    def change(self, edits: Iterable[Edit]) -> None:
        """Change the account, or the credentials that it is read with."""
        for edit in edits:
            if isinstance(edit, Credentials):
                self._credentials = edit.account
            elif isinstance(edit, Setting | InRunbook):
                self._beside_files.append(edit)
            else:
                assert not isinstance(edit, InSource | InDocument)
                edit.apply(moto_account(self._settings.account, self._region))

    def fallen(self, source: str) -> dict[str, str]:
        """Return what falls on `moto` or `live` as the account is now."""
        try:
            return suite(self._proven, self._environment, source).fallen(self.read(source))
        except GuardError as refused:
            return dict.fromkeys(guarded(self._proven), str(refused))

    def as_asked(self, reads: ReadSets = everything) -> Source:
        """Return the evidence as the account is now, of which nothing is read before a test asks for it."""
        aws = {(self._proven.name, self._environment): self._through_moto()}
        return Beside(self._proven, Live(aws, concurrency=1, reads=reads), self._outputs, self._beside_files)

    def read(self, source: str) -> Source:
        """Return the evidence on `moto` or `live` as the account is now."""
        with ThreadPoolExecutor() as calls:
            aws = self._through_moto() if source == "moto" else self._through_session(calls)
            live = Live({(self._proven.name, self._environment): aws}, concurrency=8)
            named = self._proven.stack.subjects(self._environment).values()
            subjects = [told(subject, self._outputs) for subject in named]
            live.read_all(subject for subject in subjects if not subject.kind.writes)
            for probe in (subject for subject in subjects if subject.kind.writes):
                live.read_all([probe])
        return Beside(self._proven, live, self._outputs, self._beside_files)

    def _through_moto(self) -> Aws:
        return moto_account(self._credentials, self._region)

    def _through_session(self, calls: ThreadPoolExecutor) -> Aws:
        role = f"arn:aws:iam::{self._credentials}:role/reader"
        settings = self._settings.model_copy(update={"role": role})
        probing = Probing(announce=lambda _: None, pause=lambda _: None)
        return connect(
            self._environment,
            settings,
            self._region,
            Answers(),
            calls,
            operations(writes=True, secrets=True),
            probing=probing,
            reads_secrets=True,
        )


def _make(proven: Proven, environment: str, through: Callable[[Aws], Aws]) -> tuple[Filled, Outputs]:
    """Create the account of the reference Terraform in an empty moto; return it with the roots' outputs.

    moto chooses the same ids each time, so that what is tried of them is the same.
    """
    BackendDict.reset()
    home = moto_account(*proven.stack.home(environment))
    roots = _reference(proven).roots(proven.name, environment)
    mock_random.seed(0)
    filled = fill(through(home), roots)
    mock_random.seed()  # ids of what is made later are others
    return filled, {root: _outputs(roots.with_chosen(root)) for root in roots.evaluated}


@functools.cache
def _made(proven: Proven, environment: str) -> tuple[Filled, Outputs, Moment]:
    """Return the account as it is made, and the moment when it was."""
    return *_make(proven, environment, lambda aws: aws), Moment()


def _outputs(root: Configuration | ReadError) -> dict[str, Any]:
    """Return what Terraform says of the outputs of a root."""
    assert not isinstance(root, ReadError), root
    return root.outputs


@functools.cache
def _reference(proven: Proven) -> Hcl:
    return declared(proven).with_chosen(made_up)


def guarded(proven: Proven) -> set[str]:
    """Return the invariants that the guard asserts: of most stacks one."""
    found = [name for name, invariant in proven.runbook.invariants.items() if IDENTITY in invariant.tests]
    return {asserted(proven, name, IDENTITY) for name in found}


@contextmanager
def reached() -> Iterator[None]:
    """Let live reads of this process meet its moto, whatever account the user has set up.

    Every read has a session of its own, as in a run.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "testing")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        patch.delenv("AWS_PROFILE", raising=False)
        first = ("before-send.s3", refused_by_policy, botocore.handlers.REGISTER_FIRST)
        patch.setattr(anonymous, "ask", answered)
        patch.setattr(botocore.handlers, "BUILTIN_HANDLERS", [*botocore.handlers.BUILTIN_HANDLERS, first])
        yield
