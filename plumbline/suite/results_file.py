"""Results files: how each test of a run ended, as JSON to keep, compare, and hold a later run against."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    NonNegativeInt,
    ValidationError,
)

from plumbline.suite.finding import OF_FILES, SOURCES, About, Advice, Finding, Outcome, What, without_lines
from plumbline.suite.finding import Difference as Differing
from plumbline.values.files import content
from plumbline.values.mistakes import DataError, first_of
from plumbline.values.redaction import leaves_out

WRITE_AGAIN = "write it again: pytest --results FILE"
_A_SOURCE = "|".join(SOURCES)


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Difference(_Entry):
    """What was expected of a field, and what was there instead; empty where nothing can be said."""

    field: str
    expected: str
    observed: str
    beyond: str = ""
    """A digest where the values are too long to stand here."""


class Offender(_Entry):
    """Something that is there, and that the stack does not name, or names as what must not be."""

    name: str
    told: str
    """Which one it is: `orders in eu-west-1`."""
    where: str
    excused: bool = False
    """Whether a waiver covers it."""


class Card(_Entry):
    """What a report shows of a test beside how it ended: what it asserts, and what to do about it."""

    statement: str = ""
    sections: list[str] = []
    arn: str = ""
    options: str = ""
    """What the run was given that the test needs to run again."""
    causes: list[str] = []
    note: str = ""
    remedy: list[str] = []
    escalation: str = ""
    console: Annotated[str, Field(pattern=r"^(https://[^\s]*)?$")] = ""
    """A page shows it as a link: nothing else may stand there that a browser would do."""


class Ended(_Entry):
    """How one test ended, and what it is about."""

    test: str
    """`tests/dynamodb/test_tables.py::test_table_exists[shop/sit/orders/hcl]`."""
    invariant: str
    stack: str
    environment: str
    account: str
    region: str
    source: Annotated[str, Field(pattern=f"^({_A_SOURCE})?$")]
    """Where it was read; empty of what could not even be collected."""
    kind: str
    """`table`."""
    key: str
    """The resource's key in the stack."""
    resource: str
    """Its name."""
    called: str = ""
    """What its stack calls it: its name, or its key where it is found by what it is; empty in older files."""
    owner: str = ""
    """Whose the resource is, as its stack says; empty in older files."""
    severity: str
    """That of its environment."""
    outcome: Outcome
    message: str = ""
    beyond: str = ""
    """A digest where the message is too long to stand here."""
    differences: list[Difference] = []
    offenders: list[Offender] = []
    read: str = ""
    """A digest of all that a failed test can read."""
    more: bool = False
    """Whether the test would have asked something else, too, did that hold at which it failed."""
    where: list[str] = []
    """Files with their lines, or API operations with what they were asked about."""
    facts: dict[str, Any] = {}
    """What the test read, without secrets: `table.billing_mode` and its value."""
    fails: bool | None = None
    """Whether it fails the run, as --fail-on asked for; no older file says."""
    card: Card = Card()
    """What else a report shows of it; empty in older files."""

    @property
    def identity(self) -> tuple[str, ...]:
        """What a test keeps from run to run: the invariant, and the resource that it is held against.

        A name that AWS chose, or that was found, is none of it: another one may stand for the same thing.
        """
        place = self.stack, self.environment, self.source, self.account, self.region
        return self.invariant, *place, self.kind, self.key, self.called or self.resource

    @property
    def asked(self) -> tuple[str, ...]:
        """Which test it is in another run, too: its file is named from where that run stood."""
        return *self.identity, self.test.rpartition("::")[2]

    @property
    def wrong(self) -> bool:
        """Whether what is examined was told to be wrong, be it known by then, or not all of it."""
        known = self.outcome in ("failed", "known")
        return known or any(not it.excused for it in self.offenders)

    @property
    def told(self) -> str:
        """What is wrong in one line."""
        known = (it for it in self.differences if it.expected and it.observed)
        each = [f"{it.field} is {it.observed}, not {it.expected}" for it in known]
        return "; ".join(each) or self.message or self.outcome

    def covers(self, other: Ended) -> bool:
        """Return whether all that is wrong in another result of the same test is wrong here, too.

        Where neither offenders nor observed values say what is wrong, or the test asks more than it came to,
        all that it can read must be as it was.
        """
        is_as_it_was = self.read == other.read
        if (self.more or other.more) and not is_as_it_was:
            return False
        if any(not it.excused for it in other.offenders):
            mine = {it.told for it in self.offenders if not it.excused}
            return all(it.excused or it.told in mine for it in other.offenders)
        if self._message != other._message:
            return False
        said = all(it.observed for it in other.differences) and other.differences
        return bool(said or is_as_it_was) and other._compared <= self._compared

    @property
    def tells_all(self) -> bool:
        """Whether nothing of what is wrong is left out as a secret: nobody can say that such is as it was."""
        told = [it.told for it in self.offenders if not it.excused]
        values = [text for it in self.differences for text in (it.expected, it.observed, it.beyond)]
        return not any(map(leaves_out, (self.message, self.beyond, *told, *values)))

    @property
    def _compared(self) -> set[tuple[str, ...]]:
        """What differs; the values of a repository are places in files, and their lines move."""
        of = without_lines if self.source == OF_FILES else str
        return {(it.field, of(it.expected), of(it.observed), it.beyond) for it in self.differences}

    @property
    def _message(self) -> tuple[str, str]:
        return without_lines(self.message), self.beyond


def _in_utc(time: datetime) -> datetime:
    """Return a time as it is in UTC. Raises `ValueError` for one that is none there."""
    try:
        return time.astimezone(UTC)
    except OverflowError:
        raise ValueError("no such time can be told in UTC") from None


class ResultsFile(_Entry):
    """What a run came to."""

    format: Literal[1]
    """A file that says none was written by something else."""
    written: Annotated[AwareDatetime, AfterValidator(_in_utc)]
    """When the run started."""
    environments: dict[str, list[str]]
    """The environments of each stack."""
    sources: list[Annotated[str, Field(pattern=f"^({_A_SOURCE})$")]]
    whole: bool
    """Whether every test that was to run has ended: one that was interrupted, or lost a worker, is not."""
    collected: NonNegativeInt
    ended: NonNegativeInt
    others_failed: NonNegativeInt = 0
    """How many tests of something else failed in the same run."""
    others: NonNegativeInt = 0
    """How many tests of something else ended: of each of the rest there is a result."""
    unwritten: list[str] = []
    """The reports of the run that could not be written."""
    seconds: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    """How long its tests took together."""
    verdict: str
    examined: list[str] = []
    """What the run examined, and what of it was not given, in lines for people."""
    results: list[Ended] = []

    @classmethod
    def read(cls, path: Path) -> Self:
        """Return what a file holds. Raises `DataError` for one that is no results file of this format."""
        try:
            return cls.of(content(path), path)
        except OSError as error:
            raise DataError(f"{path} cannot be read: {error.strerror}") from None

    @classmethod
    def of(cls, text: bytes, path: Path) -> Self:
        """Return what the text of a file says. Raises `DataError` as `read` does."""
        try:
            return cls.model_validate_json(text)
        except ValidationError as invalid:
            raise DataError(f"{path} is no results file: {first_of(invalid)}; {WRITE_AGAIN}") from None


def ended(finding: Finding, *, fails: bool | None = None) -> Ended:
    """Return how a test ended as a results file has it; the finding is as it may be shown."""
    what, about, advice = finding.what, finding.about, finding.advice
    return Ended(
        test=about.test,
        invariant=about.id,
        stack=about.stack,
        environment=about.environment,
        account=about.account,
        region=about.region,
        source=about.source,
        kind=about.kind,
        key=about.key,
        resource=about.resource,
        called=about.called,
        owner=about.owner,
        severity=about.severity,
        outcome=what.outcome,
        message=what.message,
        beyond=what.beyond,
        differences=[
            Difference(field=it.field, expected=it.expected, observed=it.observed, beyond=it.beyond)
            for it in what.differences
        ],
        offenders=[
            Offender(name=it.name, told=it.told, where=it.where, excused=it.excused) for it in what.offenders
        ],
        read=what.read,
        more=what.more,
        where=about.where,
        facts=what.evidence,
        fails=fails,
        card=Card(
            statement=about.statement,
            sections=about.sections,
            arn=about.arn,
            options=about.options,
            causes=advice.causes,
            note=advice.note,
            remedy=advice.remedy,
            escalation=advice.escalation,
            console=advice.console,
        ),
    )


def finding_of(it: Ended) -> Finding:
    """Return the finding of a test as far as a results file keeps it, for reports."""
    told = it.card
    return Finding(
        What(
            outcome=it.outcome,
            message=it.message,
            differences=[Differing(each.field, each.expected, each.observed) for each in it.differences],
        ),
        About(
            test=it.test,
            id=it.invariant,
            statement=told.statement,
            severity=it.severity,
            sections=told.sections,
            stack=it.stack,
            environment=it.environment,
            account=it.account,
            region=it.region,
            source=it.source,
            kind=it.kind,
            resource=it.resource,
            key=it.key,
            called=it.called,
            owner=it.owner,
            arn=told.arn,
            where=it.where,
            options=told.options,
        ),
        Advice(
            causes=told.causes,
            note=told.note,
            remedy=told.remedy,
            escalation=told.escalation,
            console=told.console,
        ),
    )
