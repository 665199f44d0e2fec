"""Waivers at work: what a granted exception covers does not fail, and one that is over does."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace

import pytest

from plumbline.expectations.invariant import LIVE
from plumbline.expectations.stack import Subject
from plumbline.expectations.waivers import Waiver
from plumbline.kinds.inventory import Inventory, OfWhat, listed
from plumbline.kinds.kind import Kind
from plumbline.suite.again import again
from plumbline.suite.finding import About, Advice, Finding, Offender, What, places, unnamed
from plumbline.suite.run import RUN, Run
from plumbline.suite.subjects import EXAMINATION, Examination, properties_of
from plumbline.values.unknown import Missing, ReadError, Undetermined

_MOST_NAMED = 3


def waived(finding: Finding, run: Run) -> Finding:
    """Return a failure as waived where a waiver covers it; any other finding as it is."""
    if finding.what.outcome != "failed":
        return finding
    granted = [it for it in run.waivers if not it.expired(run.today)]
    for waiver in granted:
        if finding.about.kind != Inventory.noun and _covers(waiver, finding.about):
            return _as_waived(finding, waiver.told)
    return _of_offenders(finding, granted) if finding.what.offenders else finding


def _as_waived(finding: Finding, by: str) -> Finding:
    told = f"{finding.what.told} ({by})" if finding.what.told else by
    return replace(finding, what=replace(finding.what, outcome="waived", message=told), advice=Advice())


def _of_offenders(finding: Finding, granted: Iterable[Waiver]) -> Finding:
    """Return the finding of what is there and not named without those that a waiver covers.

    Where there may be more, nobody knows whether a waiver covers that.
    """
    found = [(it, _covering(it, finding.about, granted)) for it in finding.what.offenders]
    rest = [it for it, waiver in found if waiver is None]
    if not rest:
        return _as_waived(finding, "; ".join({waiver.told: "" for _, waiver in found if waiver})).left_open
    return replace(
        finding,
        what=replace(finding.what, message=unnamed(rest), offenders=[_marked(*it) for it in found]),
        about=replace(finding.about, where=places(rest)),
        advice=replace(finding.advice, remedy=rest[0].remedy),
    )


def _marked(offender: Offender, waiver: Waiver | None) -> Offender:
    return replace(offender, excused=waiver is not None)


def _covering(offender: Offender, about: About, waivers: Iterable[Waiver]) -> Waiver | None:
    """Return a waiver that is about something which is not named, if there is one."""
    it = (about.stack, about.environment, about.id, offender.name)
    about_it = (waiver for waiver in waivers if waiver.is_about(offender.of))
    return next((waiver for waiver in about_it if waiver.speaks_of(*it)), None)


def of_nothing(
    examination: Examination, asked: Iterable[Examination], run: Run, held: Callable[[Examination], list[str]]
) -> Waiver | None:
    """Return a waiver of what is there that covers none of it, if there is one that this inventory tells of.

    It is told by the first inventory that the waiver is about, where all of them are asked, and here is where
    what it covers would lie. `held` gives the names of what an inventory found, and raises what keeps it from
    being known.
    """
    if not issubclass(examination.subject.kind, Inventory):
        return None
    of_source = [
        it for it in asked if it.source == examination.source and issubclass(it.subject.kind, Inventory)
    ]
    for waiver in (it for it in run.waivers if not it.expired(run.today)):
        its = [it for it in of_source if waiver.is_about(listed(it.subject.question))]
        about = [it for it in its if waiver.concerns(it.subject.stack, it.subject.environment, it.id)]
        if not about or about[0] is not examination or not _are_all(about, waiver, run):
            continue
        if any(_lies_elsewhere(waiver, it) for it in about):
            continue
        with suppress(Undetermined, ReadError, Missing):
            if not any(waiver.is_called(name) for it in about for name in held(it)):
                return waiver
    return None


def _lies_elsewhere(waiver: Waiver, inventory: Examination) -> bool:
    """Return whether what a waiver covers may lie where this source does not look, and another one does.

    An account may hold it, and no Terraform declare it; what is not called as the stack's are, no account is
    asked for.
    """
    question, elsewhere = inventory.subject.question, inventory.invariant.sources - {inventory.source}
    in_account = isinstance(question, OfWhat) and question.may_hold(waiver.resource)
    if inventory.source == LIVE:
        return not in_account and bool(elsewhere)
    return in_account and LIVE in elsewhere


def _are_all(about: Iterable[Examination], waiver: Waiver, run: Run) -> bool:
    """Return whether every inventory that a waiver is about is examined, in every environment of it."""
    invariant = run.runbooks[waiver.stack].invariants[waiver.invariant]
    wanted = (
        (environment, it.key)
        for environment in invariant.environments or run.stacks[waiver.stack].environments
        if waiver.concerns(waiver.stack, environment, waiver.invariant)
        for it in run.stacks[waiver.stack].subjects(environment).values()
        if issubclass(it.kind, Inventory) and waiver.is_about(listed(it.question))
        if invariant.of is None or invariant.speaks_of(it.key, it.groups)
    )
    return {*wanted} <= {(it.subject.environment, it.subject.key) for it in about}


def covers_nothing(finding: Finding, waiver: Waiver) -> Finding:
    """Return the finding of an inventory that tells of such a waiver.

    One of what code declares and nobody applied yet covers nothing of an account: without it the code is red.
    """
    deployed = finding.about.source == LIVE
    told = (
        f"nothing is there that is called {waiver.resource}: the waiver of {waiver.invariant} covers nothing"
    )
    to_come = f"where the waiver is of what is still to come, apply the Terraform of {waiver.resource} first"
    return replace(
        finding,
        what=replace(finding.what, outcome="failed", message=told, offenders=[]),
        about=replace(finding.about, where=[waiver.place]),
        advice=Advice(note=to_come if deployed else "", remedy=[_over(waiver)]),
    )


def _over(waiver: Waiver) -> str:
    return f"mend it and remove {waiver.place}, or let {waiver.owner} decide again"


def unneeded(run: Run, findings: Iterable[Finding]) -> Iterator[str]:
    """Yield the waivers of whose resources everything that they waive holds, on every source of the run.

    What the run does not ask is said: the account or the code, other environments, resources left out.
    """
    for waiver in run.waivers:
        covered = [it for it in findings if _covers(waiver, it.about) or _may_find(waiver, it)]
        if covered and all(_holds(waiver, it) for it in covered):
            here, elsewhere = _sides(waiver, run, covered)
            elsewhere += _not_asked(waiver, run, covered)
            more = [f"{len(elsewhere) - _MOST_NAMED} more"] if len(elsewhere) > _MOST_NAMED else []
            which = " or ".join([*elsewhere[:_MOST_NAMED], *more])
            told = f"whether {which} needs the waiver, this run does not say"
            yield (
                f"{waiver.place}: {waiver.invariant} holds of {waiver.resource}{here}; "
                f"{told if elsewhere else 'the waiver is not needed any more'}"
            )


def _sides(waiver: Waiver, run: Run, covered: list[Finding]) -> tuple[str, list[str]]:
    """Return where a run of code alone, or of an account alone, has asked, and where it has not."""
    asked = {it.about.source for it in covered}
    others = run.runbooks[waiver.stack].invariants[waiver.invariant].sources - asked
    if LIVE in others:
        return " in the code", ["the account"]
    return (" in the account", ["the code"]) if asked == {LIVE} and others else ("", [])


def _not_asked(waiver: Waiver, run: Run, covered: list[Finding]) -> list[str]:
    """Return of what else the waiver is: environments, or resources of one of which the rest was asked."""
    asked = {(it.about.environment, it.about.key) for it in covered}
    of: dict[str, list[Subject]] = {}
    for stack, identifier, environment, key in sorted(run.waivable):
        subject = run.stacks[stack].subjects(environment)[key]
        if waiver.concerns(stack, environment, identifier) and _is_of(waiver, subject):
            of.setdefault(environment, []).append(subject)
    lacking: list[str] = []
    for environment, subjects in of.items():
        rest = [it.name for it in subjects if (environment, it.key) not in asked]
        whole = len(rest) == len(subjects)
        lacking += [run.env(waiver.stack, environment)] if whole else rest
    return lacking


def _is_of(waiver: Waiver, subject: Subject) -> bool:
    """Whether a waiver is of a resource, or of what an inventory may find."""
    if issubclass(subject.kind, Inventory):
        return waiver.is_about(listed(subject.question))
    return waiver.is_called(subject.name)


def _may_find(waiver: Waiver, finding: Finding) -> bool:
    """Whether a finding is of what is there, and the waiver of what need not be named of that."""
    about = finding.about
    return about.kind == Inventory.noun and waiver.concerns(about.stack, about.environment, about.id)


def _holds(waiver: Waiver, finding: Finding) -> bool:
    """Whether a finding shows nothing that the waiver is needed for."""
    if finding.what.outcome == "passed":
        return True
    offenders = finding.what.offenders
    return bool(offenders) and not any(_covering(it, finding.about, [waiver]) for it in offenders)


def _covers(waiver: Waiver, about: About) -> bool:
    return waiver.speaks_of(about.stack, about.environment, about.id, about.called)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(session: pytest.Session, items: list[pytest.Item]) -> None:
    """Add a failing item for each waiver of what is asked that is over, or that covers nothing."""
    run = session.config.stash.get(RUN, None)
    asked = [item.stash[EXAMINATION] for item in items if EXAMINATION in item.stash]
    if run is None:
        return
    faults = [(waiver, _fault(waiver, asked, run)) for waiver in run.waivers]
    items += [
        Overdue.from_parent(session, name=waiver.place, waiver=waiver, reason=reason, asked=asked)
        for waiver, reason in faults
        if reason
    ]


def _fault(waiver: Waiver, asked: list[Examination], run: Run) -> str:
    """Return what is wrong with a waiver of something that is asked; empty where nothing is."""
    subjects = [
        it.subject for it in asked if waiver.concerns(it.subject.stack, it.subject.environment, it.id)
    ]
    kinds = {it.kind for it in subjects}
    environments = [
        it
        for it in (run.stacks[waiver.stack].environments if subjects else ())
        if waiver.concerns(waiver.stack, it, waiver.invariant)
    ]
    of = sorted({listed(it.question) for it in subjects if issubclass(it.kind, Inventory)})
    if waiver.of is None and len(of) > 1:
        return (
            f"{waiver.invariant} speaks of {', '.join(of)}, and all that are called "
            f"{waiver.resource} would be waived: say of which, such as of: {of[0]}"
        )
    if waiver.of is not None and subjects and not of:
        return f"{waiver.invariant} speaks of no inventory, and of: {waiver.of} says which one: leave it out"
    may_be_found = bool(of)  # only what is there tells whether it covers
    there = may_be_found or any(_is_there(waiver, it, run, kinds) for it in environments)
    if environments and not there:
        keys = sorted({it.key for it in subjects if it.found_by})
        hint = f"; what is selected is waived by its key: {', '.join(keys)}" if keys else ""
        told = f"{waiver.stack} has no {waiver.resource}: the waiver of {waiver.invariant} covers nothing"
        return f"{told}{hint}"
    here = {it.environment for it in subjects}
    if waiver.expired(run.today) and (may_be_found or any(_is_there(waiver, it, run, kinds) for it in here)):
        return f"the waiver of {waiver.invariant} for {waiver.resource} ended on {waiver.until}"
    return ""


def _is_there(waiver: Waiver, environment: str, run: Run, kinds: set[type[Kind]]) -> bool:
    """Whether the stack has a resource in an environment that a waiver can be about, asked of here or not."""
    invariant = run.runbooks[waiver.stack].invariants[waiver.invariant]
    subjects = [
        it
        for it in run.stacks[waiver.stack].subjects(environment).values()
        if it.kind in kinds and (invariant.of is None or invariant.speaks_of(it.key, it.groups))
    ]
    return any(
        waiver.speaks_of(waiver.stack, environment, waiver.invariant, name)
        for it in subjects
        for name in (it.name, it.key if it.found_by else it.name)
    )


def _worst_of(waiver: Waiver, asked: Iterable[Examination]) -> Examination:
    """Return the worst of what is asked that the waiver is about: of its resource, where any is."""
    about = [it for it in asked if waiver.concerns(it.subject.stack, it.subject.environment, it.id)]
    own = [it for it in about if _is_of(waiver, it.subject)]
    return min(own or about, key=lambda it: it.severity)


class Overdue(pytest.Item):
    """A waiver that waives nothing: it fails until somebody decides again."""

    def __init__(self, *, waiver: Waiver, reason: str, asked: list[Examination], **given: object) -> None:
        super().__init__(**given)  # type: ignore[arg-type]
        self._waiver, self._reason = waiver, reason
        self._asked = _worst_of(waiver, asked)
        self._run = self.config.stash[RUN]
        told = dict(properties_of(self._asked)) | {"resource": waiver.resource}
        self.user_properties += told.items()

    def runtest(self) -> None:
        """Fail with the reason."""
        raise AssertionError(self._reason)

    def reportinfo(self) -> tuple[str, int | None, str]:
        """Return where it stands, for pytest's own reports."""
        file, _, line = self._waiver.place.rpartition(":")
        return file, int(line) - 1, self.name

    def finding(self) -> Finding:
        """Return what its card shows."""
        waiver, subject = self._waiver, self._asked.subject
        about = About(
            test=f"-k {waiver.invariant}",
            options=again(self._run, [self._run.env(waiver.stack, subject.environment)], self._asked.source),
            id=waiver.invariant,
            statement=self._asked.invariant.statement,
            severity=self._asked.severity,
            stack=waiver.stack,
            environment=subject.environment,
            source=self._asked.source,
            kind=subject.kind.noun,
            resource=waiver.resource,
            where=[waiver.place],
        )
        return Finding(What("failed", self._reason), about, Advice(remedy=[_over(waiver)]))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Attach its finding to the report of a waiver."""
    report = yield
    if isinstance(item, Overdue) and report.failed:
        report.finding = item.finding().as_json()  # type: ignore[attr-defined]
    return report
