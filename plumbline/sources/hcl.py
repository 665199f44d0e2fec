"""The sources of evidence: Terraform source, resources in moto, the deployed account."""

from __future__ import annotations

import functools
import pickle
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from pydantic import BaseModel

from evidence.kind import Kind, computed_attribute
from evidence.stack import Stack, Subject, fill
from evidence.unknown import Missing, ReadError, Undetermined, Unknown

if TYPE_CHECKING:
    from evidence.aws.reads import Answers, Aws
    from evidence.checkout import Checkout
    from evidence.terraform import Configuration


class Source(Protocol):
    """Where the evidence about a subject comes from."""

    def read(self, subject: Subject) -> Kind:
        """Return the subject's model. Raises `Missing`, `Undetermined` or `ReadError`."""


class Hcl:
    """Terraform source, evaluated for an environment."""

    def __init__(self, stacks: Mapping[str, Stack], roots: Callable[[str, str], Path]) -> None:
        self._stacks, self._roots = stacks, roots
        self._configuration = functools.cache(self._evaluate)

    def read(self, subject: Subject) -> Kind:
        """Return the subject as its Terraform root declares it."""
        if subject.root is None:
            raise Undetermined(f"no Terraform root is said to declare {subject.key}")
        if not self._roots(subject.stack, subject.root).is_dir():
            raise Undetermined(f"there is no Terraform root {self._shown(subject.stack, subject.root)}")
        outcome = self._configuration(subject.stack, subject.environment, subject.root)
        if isinstance(outcome, ReadError):
            raise outcome
        where = f"in {self._shown(subject.stack, subject.root)} for {subject.environment}"
        return subject.kind.find(outcome, subject.name, where)

    def _shown(self, stack: str, root: str) -> Path:
        path = self._roots(stack, root)
        here = Path.cwd()
        return path.relative_to(here) if path.is_relative_to(here) else path

    def _evaluate(self, stack: str, environment: str, root: str) -> Configuration | ReadError:
        from evidence.terraform import Settings, TerraformError, evaluate

        directory = self._roots(stack, root)
        placeholders = self._stacks[stack].placeholders(environment)
        given = self._stacks[stack].terraform
        try:
            return evaluate(
                directory,
                variables=fill(given.variables, placeholders),
                var_files=_present(directory, fill(given.var_files, placeholders)),
                backend_files=_present(directory, fill(given.backend_files, placeholders)),
                settings=Settings(account=placeholders["account"], region=placeholders["region"]),
                computed=computed_attribute,
            )
        except TerraformError as error:
            shown = self._shown(stack, root)
            return ReadError(
                f"{shown} cannot be evaluated:\n{error}",
                cause=f"{shown}: {error}",
                advice=f"terraform -chdir={shown} validate",
                by_root=True,
            )


def _present(directory: Path, names: Iterable[str]) -> list[Path]:
    """Return the files that the root has."""
    return [directory / name for name in names if (directory / name).is_file()]


class Repository:
    """The files of a checkout, and GitHub's settings of it; each is read once."""

    def __init__(self, checkout: Checkout) -> None:
        self._checkout = checkout
        self._outcome = functools.cache(self._read)

    def read(self, subject: Subject) -> Kind:
        """Return the subject as the checkout says it is."""
        outcome = self._outcome(subject.kind, subject.name)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def _read(self, kind: type[Kind], name: str) -> Kind | Exception:
        try:
            return kind.from_repository(self._checkout, name)
        except (Missing, ReadError, Undetermined) as reason:
            return reason


class Moto:
    """What Terraform source declares, created in moto and read back as a deployed resource is."""

    def __init__(self, declared: Hcl, subjects: Callable[[str, str], Iterable[Subject]]) -> None:
        self._declared, self._subjects = declared, subjects
        self._account = functools.cache(self._create)

    def read(self, subject: Subject) -> Kind:
        """Return the subject as moto describes it after everything of its environment was created."""
        aws, unmade = self._account(subject.stack, subject.environment)
        if subject in unmade:
            raise unmade[subject]
        return subject.kind.from_aws(aws.within(subject.region), subject.name)

    def _create(self, stack: str, environment: str) -> tuple[Aws, dict[Subject, Exception]]:
        from botocore.exceptions import BotoCoreError, ClientError

        from evidence.aws import moto

        subjects = list(self._subjects(stack, environment))
        aws = moto.account(subjects[0].account, subjects[0].region)
        unmade: dict[Subject, Exception] = {}
        named = {subject.name: subject for subject in subjects}
        for subject in sorted(subjects, key=lambda subject: subject.kind.needs_others):
            holder = unmade.get(named.get(subject.kind.holder(subject.name), subject))
            if isinstance(holder, Undetermined | ReadError):
                unmade[subject] = holder
                continue
            try:
                model = self._declared.read(subject) if subject.root else subject.kind(name=subject.name)
                _refuse_unknown(model)
                model.create(aws.within(subject.region))
            except (ClientError, BotoCoreError) as refused:
                unmade[subject] = _not_created(subject, refused)
            except Exception as reason:  # told by this subject's tests alone, be it a fault of the suite
                unmade[subject] = reason
        return aws, unmade


def _refuse_unknown(value: object) -> None:
    """Raise `Undetermined` for a model of which a part is known only after apply: it cannot be created."""
    if isinstance(value, Unknown):
        value.refuse()
    elif isinstance(value, BaseModel):
        for _, part in value:
            _refuse_unknown(part)
    elif isinstance(value, Mapping):
        for part in value.values():
            _refuse_unknown(part)
    elif isinstance(value, list):
        for part in value:
            _refuse_unknown(part)


def _not_created(subject: Subject, refused: Exception) -> ReadError:
    what = f"{subject.kind.noun.replace('_', ' ')} {subject.name}"
    return ReadError(
        f"moto refuses to create {what} as declared: {refused}",
        cause=f"not created: {what}",
        advice="AWS may well refuse it too: compare what is declared with the message.",
    )


class Live:
    """The deployed accounts: all reads of a run go out together, and each goes out once."""

    def __init__(self, accounts: Mapping[tuple[str, str], Aws], concurrency: int) -> None:
        self._accounts, self._concurrency = accounts, concurrency
        self._read: dict[Subject, Kind | Exception] = {}

    def read_all(self, subjects: Iterable[Subject]) -> None:
        """Read all subjects at once."""
        wanted = list(dict.fromkeys(subjects))
        with ThreadPoolExecutor(max_workers=max(self._concurrency, 1)) as threads:
            self._read |= dict(zip(wanted, threads.map(self._outcome, wanted), strict=True))

    def read(self, subject: Subject) -> Kind:
        """Return the subject as AWS describes it."""
        if subject not in self._read:
            self._read[subject] = self._outcome(subject)
        outcome = self._read[subject]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def _outcome(self, subject: Subject) -> Kind | Exception:
        aws = self._accounts[subject.stack, subject.environment]
        try:
            return subject.kind.from_aws(aws.within(subject.region), subject.name)
        except Exception as reason:  # told by this subject's tests alone, be it a fault of the suite
            return reason


def save(answers: Answers, path: Path) -> None:
    """Write what AWS answered to a private file, for the other processes of the run."""
    path.write_bytes(pickle.dumps(answers.settle()))


def load(path: Path) -> dict[Any, Any]:
    """Return what AWS answered, as `save` wrote it in this run."""
    answers: dict[Any, Any] = pickle.loads(path.read_bytes())
    return answers
