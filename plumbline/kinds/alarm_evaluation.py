"""Whether an alarm of CloudWatch fires on what a metric publishes, and keeps still while all is well."""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from plumbline.kinds.alarm_states import state_after
from plumbline.kinds.metric_math import Known, Points, evaluated
from plumbline.kinds.metric_samples import EACH_TIME, Said, Samples, Traffic, all_counted_by, samples_of
from plumbline.kinds.metric_series import Course, Series, is_sampled_in, statistic_of
from plumbline.terraform.declared import known
from plumbline.values.model import Model, Text
from plumbline.values.unknown import Undetermined

COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}
"""What breaches a threshold. Source: CloudWatch API, PutMetricAlarm, ComparisonOperator."""
_DAY = 86_400
_WEEK = 604_800
_HOUR = 3600
_MINUTE = 60


class Query(Model):
    """One of the metrics and expressions that an alarm is made of."""

    id: str
    expression: str | None = None
    """None for a metric."""
    namespace: str | None = None
    metric_name: str | None = None
    dimensions: dict[str, Text] = {}
    statistic: str | None = None
    period: int | None = None
    unit: str | None = None
    account_id: str | None = None
    """The account whose metric it is; None for the alarm's own."""
    return_data: bool = True
    """Whether it is what the threshold is held against."""


@dataclass(frozen=True)
class Rule:
    """By what an alarm decides."""

    queries: Sequence[Query]
    periods: int
    to_alarm: int
    comparison: str
    threshold: float
    missing: str
    chooses: bool = True
    """Whether it chose how missing data are treated: those of some metrics CloudWatch always ignores."""

    @property
    def stays(self) -> bool:
        """Whether it stays in alarm as long as nothing is published, and then tells of no further trouble.

        Source: CloudWatch user guide, "Configuring how CloudWatch alarms treat missing data": `ignore` keeps
        the current state; actions are taken when the state changes.
        """
        return self.missing == "ignore" and self.chooses

    @property
    def period(self) -> int:
        """Seconds of a period. Raises `Undetermined` where the metrics have several."""
        periods = {it.period for it in self.queries if it.period is not None}
        if len(periods) != 1:
            raise Undetermined("an alarm on metrics of several periods is not evaluated here")
        return periods.pop()

    @property
    def is_refused(self) -> bool:
        """Whether CloudWatch refuses it.

        Source: CloudWatch API, PutMetricAlarm, EvaluationPeriods; MetricStat, Period: 1 at least;
        MetricDataQuery, ReturnData: of the metrics and expressions of an alarm just one returns data.
        """
        if sum(bool(known(it.return_data)) for it in self.queries) != 1:
            return True
        if any(it.period == 0 for it in self.queries):
            return True
        period = self.period
        longest = _DAY if period < _HOUR else _WEEK
        odd = period not in (10, 20, 30) and period % _MINUTE != 0
        return odd or period <= 0 or not 1 <= self.to_alarm <= self.periods or self.periods * period > longest

    @property
    def step(self) -> int:
        """Seconds between two evaluations. Source: CloudWatch user guide, "Alarm evaluation"."""
        if self.periods * self.period > _DAY:
            return _HOUR
        return 10 if self.period < _MINUTE else _MINUTE


@dataclass(frozen=True)
class Publishing:
    """What an alarm sees: the course of the metric in question, and that of all others that it names."""

    queries: Mapping[str, Course]
    """By the id of the metric."""

    @property
    def healthy(self) -> Publishing:
        """What is published where nothing goes wrong."""
        return Publishing({id_: replace(course, bad=None) for id_, course in self.queries.items()})

    def datapoints(self, rule: Rule, at: int, count: int) -> Points:
        """Return what the threshold is held against at a second: the latest periods, oldest first."""
        metrics = {
            it.id: _periods(self.queries[it.id], it, rule.period, at, count)
            for it in rule.queries
            if it.expression is None
        }
        told = next(it for it in rule.queries if it.return_data)
        if told.expression is None:
            return metrics[told.id]
        expressions = {it.id: it.expression for it in rule.queries if it.expression is not None}
        return evaluated(told.expression, Known(metrics, expressions))


@dataclass(frozen=True)
class Scene:
    """What is said of the metrics of an alarm, and what is supposed of those of which nobody says it."""

    bad: Series
    good: Series
    watched: Sequence[Query]
    """The metrics that publish them."""
    silent: Collection[str]
    """The names of other metrics that are silent while these are published."""
    traffic: Traffic = EACH_TIME
    """Of how many an outcome is: of errors, how many requests there are."""

    @property
    def counters(self) -> set[str]:
        """The names of the metrics that count all of which the series is an outcome."""
        counted = (all_counted_by(it.namespace, it.metric_name) for it in self.watched)
        return {it for it in counted if it is not None}

    def counts(self, query: Query) -> bool:
        """Return whether a metric counts all of which the series is an outcome."""
        return query.account_id is None and any(
            it.namespace == query.namespace
            and all_counted_by(it.namespace, it.metric_name) == query.metric_name
            and it.dimensions == query.dimensions
            for it in self.watched
        )


_MANY = 1024
"""Requests of a step, where there are many."""


def tells(rule: Rule, bad: Series, good: Series, watched: Sequence[Query]) -> bool:
    """Return whether the alarm fires on the bad series in time, and never on the good one.

    `watched` are the metrics that publish them; another metric of the alarm publishes what is said of it,
    else what is good, or nothing where it may be silent meanwhile. A series that is an outcome of requests is
    that of all of them, unless it is said how many there are; while all is well there may be any number.
    How many periods CloudWatch looks back on where some are missing is not documented. Raises `Undetermined`
    where that decides, or whether another metric is silent, and for what is not evaluated here.
    """
    if rule.is_refused or (bad.each_time and rule.stays):
        return False
    scene = Scene(bad, good, watched, bad.alone)
    if not any(samples_of(it.namespace, it.metric_name) is Samples.OUTCOME for it in watched):
        return _tells(rule, scene)
    if said := [number for name, number in bad.meanwhile.items() if name in scene.counters]:
        return _tells(rule, replace(scene, traffic=Said(number=said[0])))
    if _tells_amid(rule, scene, for_each=1):
        return True
    if any(_tells_amid(rule, scene, for_each=it) for it in (10, _MANY)):
        counted = " and ".join(sorted(scene.counters)) or "requests"
        raise Undetermined(f"nothing says how many {counted} there are meanwhile")
    return False


def _tells_amid(rule: Rule, scene: Scene, for_each: float) -> bool:
    """Return whether it tells, however many requests there are while all is well."""
    return all(_tells(rule, replace(scene, traffic=Traffic(for_each, idle))) for idle in (1, _MANY))


def _tells(rule: Rule, scene: Scene) -> bool:
    """Return whether it tells, unless that hangs on which of the other metrics may be silent."""
    told = _fits(rule, scene)
    stated = {*scene.bad.meanwhile, *scene.counters}
    metrics = [it for it in rule.queries if it.expression is None and it not in scene.watched]
    others = [name for it in metrics if (name := str(it.metric_name)) not in stated]
    sparse = scene.bad.sparse or scene.good.sparse
    if told and others and sparse and not _fits(rule, replace(scene, silent=others)):
        raise Undetermined(f"nothing says whether {' and '.join(others)} may be silent meanwhile (alone)")
    return told


def _fits(rule: Rule, scene: Scene) -> bool:
    worlds = list(_seen(rule, scene))
    found = {
        all(_fires(rule, it, scene.bad.within_seconds, back) for it in worlds)
        and not any(_fires(rule, it.healthy, _cycle(scene.good), back) for it in worlds)
        for back in (rule.periods, rule.periods + 2, 2 * rule.periods + 2)
    }
    if len(found) > 1:
        raise Undetermined("it hangs on how far back the alarm looks for periods that have data")
    return found.pop()


def _cycle(good: Series) -> int:
    """Return the seconds after which what is good has been seen whole."""
    return min(len(good.values) * good.every_seconds, _DAY)


def _seen(rule: Rule, scene: Scene) -> Iterator[Publishing]:
    """Yield what the alarm sees: amid what is good, and amid silence where the metric may be silent.

    The metrics named `silent` are so amid silence, too; what is said of others they publish all the while.
    """
    bad, good = scene.bad, scene.good
    for healthy in [good, None] if bad.sparse or good.sparse else [good]:
        stated = {name: good.with_values([value]) for name, value in bad.meanwhile.items()}
        meanwhile = dict.fromkeys(scene.silent, healthy) | stated
        yield Publishing(
            {
                it.id: _course(it, scene, healthy)
                if it in scene.watched
                else _other(it, meanwhile.get(str(it.metric_name), good), scene, healthy)
                for it in rule.queries
                if it.expression is None
            }
        )


def _course(query: Query, scene: Scene, healthy: Series | None) -> Course:
    bad = scene.bad
    if not is_sampled_in(query.unit, bad.units or scene.good.units, str(query.metric_name)):
        return Course(None)
    samples = samples_of(query.namespace, query.metric_name)
    return Course(healthy, bad, bad.every_seconds, samples, scene.traffic)


def _other(query: Query, published: Series | None, scene: Scene, healthy: Series | None) -> Course:
    """Return the course of another metric than that of the series.

    What is good of the series is good of others of its namespace, unless these are known to be of another
    sort: a latency says nothing of how many requests there are.
    """
    samples = samples_of(query.namespace, query.metric_name)
    every = scene.bad.every_seconds
    if query.metric_name in scene.bad.meanwhile:
        return Course(published, None, every, samples)
    if scene.counts(query):
        return Course(_counted(healthy, scene), _counted(scene.bad, scene), every, samples)
    is_of_these = any(
        it.namespace == query.namespace and samples_of(it.namespace, it.metric_name) is samples
        for it in scene.watched
    )
    if is_of_these and query.account_id is None:
        return Course(published, None, every, samples)
    raise Undetermined(f"nothing says what {query.namespace} {query.metric_name} publishes meanwhile")


def _counted(outcome: Series | None, scene: Scene) -> Series | None:
    """Return what a metric publishes that counts all of which another one is an outcome."""
    if outcome is None:
        return None
    return outcome.with_values([None if it is None else scene.traffic.of(it) for it in outcome.values])


def _periods(course: Course, query: Query, period: int, at: int, count: int) -> Points:
    starts = range(at - count * period, at, period)
    return [statistic_of(course.between(it, it + period), query.statistic or "", course) for it in starts]


def _fires(rule: Rule, sees: Publishing, within: int, back: int) -> bool:
    breaches = COMPARISONS[rule.comparison]
    for at in range(0, within + 1, rule.step):
        points = sees.datapoints(rule, at, back)
        told = [None if point is None else breaches(point, rule.threshold) for point in points]
        if state_after(told, rule.periods, rule.to_alarm, rule.missing) == "ALARM":
            return True
    return False
