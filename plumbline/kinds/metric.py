"""What CloudWatch measured."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import product
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from plumbline.aws.measured import Series, Steps, Values, measured
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Found
from plumbline.kinds.kind import Wanted
from plumbline.kinds.looking_back import LookingBack
from plumbline.kinds.measurement import ANY, Measured, Measurement
from plumbline.values.counting import InPart, Value
from plumbline.values.model import Model
from plumbline.values.unknown import Unmeasured
from plumbline.values.window import Window

if TYPE_CHECKING:
    pass


class MetricLimits(Model):
    """What can be expected of a metric."""

    most: Annotated[float, Field(allow_inf_nan=False)]
    least: Annotated[float, Field(allow_inf_nan=False)]
    below_share: Annotated[float, Field(gt=0, le=1)]
    """Below so much of the time that its function may take a duration must stay, in milliseconds."""


_OF_STEPS: Mapping[str, Callable[[Iterable[float]], float]] = {
    "sum": sum,
    "highest": max,
    "lowest": min,
}


class Metric(LookingBack):
    """What CloudWatch measured of something. Its name says of what: a table's, the account's."""

    noun = "metric"
    plural = "metrics"
    further_calls = (Call("cloudwatch:GetMetricData"), Call("cloudwatch:ListMetrics", of="metrics of {name}"))
    limits = MetricLimits
    question = Measurement

    value: Value = 0

    @classmethod
    def calls_for(cls, wanted: Wanted = None, question: Model | None = None) -> Iterator[Call]:
        """Leave out the list of metrics where the question names each of them."""
        yield from measuring(lists=not isinstance(question, Measurement) or question.lists)
        if isinstance(question, Measurement) and question.of:
            yield from question.of.calls()

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to read what CloudWatch measured; no value is 0 only where something proves use."""
        question: Measurement = asked.question
        window = question.window(asked.window)
        own = question.of.dimensions(asked) if question.of else {}
        parts = ([it.within(own) for it in part] for part in question.parts)
        series = [list(series_of(asked, part, question.period_seconds)) for part in parts]
        everything = [it for part in series for it in part]
        of = f"{question.metrics[0].namespace} of {asked.name}"
        if not everything:
            return Found({"value": _no_data(asked.name, window)}, f"cloudwatch:ListMetrics {of}")
        values = measured(asked.aws, everything, window, of)
        earlier = question.earlier(window)
        before = measured(asked.aws, everything, earlier, of) if earlier else None

        def value(found: Values) -> float | Unmeasured:
            now = _value(found, series, question, asked.name, window)
            if earlier is None or before is None:
                return now
            then = _value(before.value(), series, question, asked.name, earlier)
            return _growth(now, then, asked.name, earlier)

        return Found({"value": values.map(value)}, values.call)


def measuring(*, lists: bool) -> tuple[Call, ...]:
    """Return the calls that measure; also the one that lists metrics, where not each of them is named."""
    return Metric.further_calls if lists else Metric.further_calls[:1]


def _value(
    values: Values, series: list[list[Series]], question: Measurement, name: str, window: Window
) -> float | Unmeasured:
    """Return the value, or the ratio of two; Unmeasured where there is no data, or nothing to divide by.

    A step of which a metric has no value, and what proves use has one, is 0. Where nothing proves use, what
    the other metrics have is a part of the whole.
    """
    counted, over, use = ([values[it] for it in part if values[it]] for part in series)
    if question.over:
        ratio = _ratio(_added(counted), _added(over), question)
        return _no_data(name, window) if ratio is None else ratio
    if not counted and not use:
        return _no_data(name, window)
    if use:
        nothing = dict.fromkeys((step for steps in use for step in steps), 0.0)
        return _together([{**nothing, **values[it]} for it in series[0]] or [nothing], question)
    known, silent = _together(counted, question), _silent(values, series[0], question)
    if silent is None:
        return known
    of = ", ".join((f"{silent.name} of {name}", *(f"{key} {value}" for key, value in silent.dimensions)))
    return InPart(known, str(_no_data(of, window).reason), greater=question.steps != "lowest")


def _silent(values: Values, counted: list[Series], question: Measurement) -> Series | None:
    """Return a metric without values that the question names, and not as one of those that are listed."""
    named = {(it.namespace, it.name) for it in question.metrics if not it.lists}
    return next((it for it in counted if not values[it] and (it.namespace, it.name) in named), None)


def _growth(
    now: float | Unmeasured, before: float | Unmeasured, name: str, earlier: Window
) -> float | Unmeasured:
    """Return how many times a value is that of earlier; from nothing to nothing nothing grows."""
    for it in (now, before):
        if isinstance(it, InPart):
            return Unmeasured(it.reason)
    if isinstance(now, Unmeasured) or isinstance(before, Unmeasured):
        return now if isinstance(now, Unmeasured) else before
    if before:
        return now / before
    return Unmeasured(f"{name} had nothing to grow from, {earlier}") if now else 0.0


def _together(metrics: list[Steps], question: Measurement) -> float:
    if question.steps == "newest":
        return _newest(_added(metrics))
    return float(_OF_STEPS[question.steps](value for steps in metrics for value in steps.values()))


def _ratio(part: Steps, whole: Steps, question: Measurement) -> float | None:
    """Return the ratio of two sums, or of the steps; None where there is nothing to divide by.

    A step without a value of what is counted, and with one of the whole, counted nothing.
    """
    if question.steps == "sum":
        total = sum(whole.values())
        return sum(part.values()) / total if total else None
    ratios = {step: part.get(step, 0.0) / of for step, of in whole.items() if of}
    if not ratios:
        return None
    return _newest(ratios) if question.steps == "newest" else _OF_STEPS[question.steps](ratios.values())


def _added(metrics: list[Steps]) -> Steps:
    """Return what several metrics have of each step together."""
    added: dict[datetime, float] = {}
    for step, value in ((step, value) for steps in metrics for step, value in steps.items()):
        added[step] = added.get(step, 0.0) + value
    return added


def _newest(steps: Steps) -> float:
    return steps[max(steps)]


def _no_data(name: str, window: Window) -> Unmeasured:
    return Unmeasured(f"CloudWatch has nothing of {name} from {window}")


def series_of(asked: Asked, metrics: list[Measured], period_seconds: int) -> Iterator[Series]:
    """Yield each metric that is meant, in steps of so many seconds."""
    for metric in metrics:
        for dimensions in _dimensions(asked, metric):
            of = tuple(dimensions.items())
            region = metric.region or asked.region
            yield Series(metric.namespace, metric.name, of, metric.statistic, period_seconds, region)


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
    """Return whether the dimensions that were found are those that are asked for."""
    return found.keys() == asked.keys() and all(
        value == ANY or found[name] in ([value] if isinstance(value, str) else value)
        for name, value in asked.items()
    )
