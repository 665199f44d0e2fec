"""What CloudWatch measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import product
from typing import Annotated, Any, Literal

from pydantic import Field

from plumbline.aws.measured import Series, Values, measured
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Found
from plumbline.kinds.kind import Kind, Wanted
from plumbline.values.model import Model
from plumbline.values.unknown import Unmeasured
from plumbline.values.window import Window

ANY = "*"
"""Stands for every value of a dimension that CloudWatch lists."""


class Measured(Model):
    """A metric, or several that differ in a dimension."""

    namespace: str
    name: str
    dimensions: dict[str, str | list[str]] = {}
    """The value of each dimension; a list stands for a metric each, `*` for those that CloudWatch lists."""
    statistic: str = "Sum"
    """As CloudWatch names it: Sum, Average, Maximum, p95, ..."""
    region: str = ""
    """Where CloudWatch keeps it, if not where the resource lies."""


class Measurement(Model):
    """What is measured: the values of some metrics together, or their ratio to those of others."""

    metrics: Annotated[list[Measured], Field(min_length=1)]
    over: list[Measured] = []
    """What `metrics` are divided by, where a ratio is asked for."""
    proves_use: list[Measured] = []
    """Metrics of which one has a value wherever there was something to measure; then no value means 0.

    Source: Amazon CloudWatch User Guide, "Configuring how CloudWatch alarms treat missing data": some metrics
    are written only where there is something to count.
    """
    steps: Literal["sum", "highest", "lowest", "newest"] = "sum"
    """What is made of the values of all steps and metrics."""
    period_seconds: Annotated[int, Field(gt=0)] = 300
    looked_back_minutes: Annotated[int, Field(gt=0)] | None = None
    """How long is looked back; as long as the run does, unless said."""

    @property
    def lists(self) -> bool:
        """Whether CloudWatch is asked which metrics there are."""
        metrics = (*self.metrics, *self.over, *self.proves_use)
        return any(ANY in metric.dimensions.values() for metric in metrics)

    def window(self, of_the_run: Window) -> Window:
        """Return the time that it speaks of."""
        if self.looked_back_minutes is None:
            return of_the_run
        return Window(of_the_run.end, timedelta(minutes=self.looked_back_minutes))


class MetricLimits(Model):
    """What can be expected of a metric."""

    most: float


_OF_STEPS: Mapping[str, Callable[[Sequence[float]], float]] = {
    "sum": sum,
    "highest": max,
    "lowest": min,
}


class Metric(Kind):
    """What CloudWatch measured of something. Its name says of what: a table's, the account's."""

    noun = "metric"
    plural = "metrics"
    further_calls = (Call("cloudwatch:GetMetricData"), Call("cloudwatch:ListMetrics", of="metrics of {name}"))
    limits = MetricLimits
    question = Measurement

    value: float = 0

    @classmethod
    def calls_for(cls, wanted: Wanted = None, question: Model | None = None) -> Iterator[Call]:
        """Leave out the list of metrics where the question names each of them."""
        measuring, listing = cls.further_calls
        yield measuring
        if not isinstance(question, Measurement) or question.lists:
            yield listing

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to read what CloudWatch measured; no value is 0 only where something proves use."""
        question: Measurement = asked.question
        parts = (question.metrics, question.over, question.proves_use)
        series = [list(_series(asked, part)) for part in parts]
        window = question.window(asked.window)
        everything = [it for part in series for it in part]
        of = f"{question.metrics[0].namespace} of {asked.name}"
        if not everything:
            return Found({"value": _no_data(asked.name, window)}, f"cloudwatch:ListMetrics {of}")
        values = measured(asked.aws, everything, window, of)
        return Found(
            {"value": values.map(lambda found: _value(found, series, question, asked.name, window))},
            values.call,
        )


def _value(
    values: Values, series: list[list[Series]], question: Measurement, name: str, window: Window
) -> float | Unmeasured:
    """Return the value, or the ratio of two; Unmeasured where there is no data, or nothing to divide by."""
    counted, over, use = ([values[it] for it in part if values[it]] for part in series)
    if not question.over:
        return _together(counted, question) if counted else 0.0 if use else _no_data(name, window)
    whole = _together(over, question) if over else 0.0
    if not whole:
        return _no_data(name, window)
    return (_together(counted, question) if counted else 0.0) / whole


def _together(values: list[Sequence[float]], question: Measurement) -> float:
    if question.steps == "newest":
        return float(sum(steps[0] for steps in values))
    return float(_OF_STEPS[question.steps]([value for steps in values for value in steps]))


def _no_data(name: str, window: Window) -> Unmeasured:
    return Unmeasured(f"CloudWatch has nothing of {name} from {window}")


def _series(asked: Asked, metrics: list[Measured]) -> Iterator[Series]:
    question: Measurement = asked.question
    for metric in metrics:
        for dimensions in _dimensions(asked, metric):
            of = tuple(dimensions.items())
            region = metric.region or asked.region
            yield Series(metric.namespace, metric.name, of, metric.statistic, question.period_seconds, region)


def _dimensions(asked: Asked, metric: Measured) -> list[dict[str, str]]:
    """Return the dimensions of each metric that is meant."""
    if ANY in metric.dimensions.values():
        return _listed(asked, metric)
    values = [[it] if isinstance(it, str) else it for it in metric.dimensions.values()]
    return [dict(zip(metric.dimensions, found, strict=True)) for found in product(*values)]


def _listed(asked: Asked, metric: Measured) -> list[dict[str, str]]:
    """Return the dimensions that CloudWatch lists under any name.

    A new metric is listed after up to 15 minutes. Source: CloudWatch API reference, ListMetrics. Most things
    are measured by some metric long before there is trouble to count.
    """
    given = {name: value for name, value in metric.dimensions.items() if isinstance(value, str)}
    narrowed = [{"Name": name, **({} if it == ANY else {"Value": it})} for name, it in given.items()]
    parameters = {"Namespace": metric.namespace, "Dimensions": narrowed}
    reply = asked.ask(Metric.further_calls[1], parameters=parameters, region=metric.region or None)
    listed = reply.at("Metrics[].Dimensions")
    return listed.map(lambda found: _matching(found, metric)).value() or []


def _matching(listed: list[list[dict[str, Any]]], metric: Measured) -> list[dict[str, str]]:
    found = ({it["Name"]: it["Value"] for it in dimensions} for dimensions in listed)
    fitting = [it for it in found if _fits(it, metric.dimensions)]
    return [dict(it) for it in dict.fromkeys(tuple((n, of[n]) for n in metric.dimensions) for of in fitting)]


def _fits(found: Mapping[str, str], asked: Mapping[str, str | list[str]]) -> bool:
    return found.keys() == asked.keys() and all(
        value == ANY or found[name] == value or found[name] in value for name, value in asked.items()
    )
