"""Whether an alarm of CloudWatch fires on what a metric publishes, and keeps still while all is well."""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from plumbline.kinds.alarm_states import state_after
from plumbline.kinds.metric_math import Known, Points, evaluated
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

        Source: CloudWatch API, PutMetricAlarm, EvaluationPeriods; MetricDataQuery, ReturnData: of the metrics
        and expressions of an alarm just one returns data.
        """
        if sum(bool(known(it.return_data)) for it in self.queries) != 1:
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


def tells(rule: Rule, bad: Series, good: Series, watched: Sequence[Query]) -> bool:
    """Return whether the alarm fires on the bad series in time, and never on the good one.

    `watched` are the metrics that publish them; another metric of the alarm publishes what is said of it,
    else what is good, or nothing where it may be silent meanwhile. How many periods CloudWatch looks back on
    where some are missing is not documented. Raises `Undetermined` where that decides, or whether another
    metric is silent, and for what is not evaluated here.
    """
    sparse = bad.sparse or good.sparse
    if rule.is_refused or (bad.each_time and rule.stays):
        return False
    told = _tells(rule, bad, good, watched, silent=bad.alone)
    metrics = [it for it in rule.queries if it.expression is None and it not in watched]
    others = [name for it in metrics if (name := str(it.metric_name)) not in bad.meanwhile]
    if told and others and sparse and not _tells(rule, bad, good, watched, silent=others):
        raise Undetermined(f"nothing says whether {' and '.join(others)} may be silent meanwhile (alone)")
    return told


def _tells(rule: Rule, bad: Series, good: Series, watched: Sequence[Query], silent: Collection[str]) -> bool:
    worlds = list(_seen(rule, bad, good, watched, silent))
    found = {
        all(_fires(rule, it, bad.within_seconds, back) for it in worlds)
        and not any(_fires(rule, it.healthy, _cycle(good), back) for it in worlds)
        for back in (rule.periods, rule.periods + 2, 2 * rule.periods + 2)
    }
    if len(found) > 1:
        raise Undetermined("it hangs on how far back the alarm looks for periods that have data")
    return found.pop()


def _cycle(good: Series) -> int:
    """Return the seconds after which what is good has been seen whole."""
    return min(len(good.values) * good.every_seconds, _DAY)


def _seen(
    rule: Rule, bad: Series, good: Series, watched: Sequence[Query], silent: Collection[str]
) -> Iterator[Publishing]:
    """Yield what the alarm sees: amid what is good, and amid silence where the metric may be silent.

    The metrics named `silent` are so amid silence, too; what is said of others they publish all the while.
    """
    for healthy in [good, None] if bad.sparse or good.sparse else [good]:
        stated = {name: good.with_values([value]) for name, value in bad.meanwhile.items()}
        meanwhile = dict.fromkeys(silent, healthy) | stated
        yield Publishing(
            {
                it.id: _course(it, bad, good, healthy)
                if it in watched
                else _other(it, meanwhile.get(str(it.metric_name), good), bad, watched)
                for it in rule.queries
                if it.expression is None
            }
        )


def _course(query: Query, bad: Series, good: Series, healthy: Series | None) -> Course:
    if not is_sampled_in(query.unit, bad.units or good.units, str(query.metric_name)):
        return Course(None)
    return Course(healthy, bad, bad.every_seconds)


def _other(query: Query, published: Series | None, bad: Series, watched: Sequence[Query]) -> Course:
    is_of_these = any(it.namespace == query.namespace for it in watched) and query.account_id is None
    if is_of_these or query.metric_name in bad.meanwhile:
        return Course(published, None, bad.every_seconds)
    raise Undetermined(f"nothing says what {query.namespace} {query.metric_name} publishes meanwhile")


def _periods(course: Course, query: Query, period: int, at: int, count: int) -> Points:
    starts = range(at - count * period, at, period)
    return [statistic_of(course.between(it, it + period), query.statistic or "") for it in starts]


def _fires(rule: Rule, sees: Publishing, within: int, back: int) -> bool:
    breaches = COMPARISONS[rule.comparison]
    for at in range(0, within + 1, rule.step):
        points = sees.datapoints(rule, at, back)
        told = [None if point is None else breaches(point, rule.threshold) for point in points]
        if state_after(told, rule.periods, rule.to_alarm, rule.missing) == "ALARM":
            return True
    return False
