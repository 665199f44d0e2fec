"""The body of a CloudWatch dashboard: what its widgets plot.

Source: CloudWatch API Reference, "Dashboard Body Structure and Syntax".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from plumbline.values.model import Model, Text

_SAME, _REST = ".", ("..", "...")
"""What stands in an array of a metric for what the array above it has there, and for all that is left out."""
_NOTHING_PLOTTED = ("text", "log", "custom")
"""The types of widgets that plot no metric."""
_SEARCH = re.compile(r"\bSEARCH\s*\(", re.IGNORECASE)
_SELECT = re.compile(r"^\s*SELECT\b", re.IGNORECASE)
_OF_SEARCH = re.compile(r"\{\s*\\?[\"']?([^\\\"',{}]+)|\bNamespace\s*=\s*\\?\"([^\\\"]+)", re.IGNORECASE)
_OF_SELECT = re.compile(r"\bFROM\s+(?:SCHEMA\s*\(\s*)?\"([^\"]+)\"", re.IGNORECASE)
_NAMED = re.compile(r"\bMetricName\s*=\s*\\?\"([^\\\"]+)|^\s*SELECT\s+\w+\(\s*\"?([^\")]+)", re.IGNORECASE)
_EXCEPT = re.compile(r"\b(?:NOT|OR)\b", re.IGNORECASE)
"""What lets a search find otherwise than by what it names."""
_NO_ID = r"(?:[em]\d+|and|or|avg|min|max|sum|asc|desc|repeat|linear)\b"
"""What the console calls whatever has no id, and words of metric math."""
_ID = re.compile(
    rf"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\b(?!{_NO_ID})([a-z]\w*)\b(?!\s*\()""",
)
"""A text, or the id of something else that is plotted: ids begin with a small letter."""
_ALL = re.compile(r"\bMETRICS\s*\(", re.IGNORECASE)
_SOURCE = re.compile(r"SOURCE\b", re.IGNORECASE)
_OF_GROUP = re.compile(
    r"""SOURCE\s+(['"])(?:arn:[^:]+:logs:[^:]*:[^:]*:log-group:)?([^'":*]+)(?::\*)?\1\s*""", re.IGNORECASE
)
"""A command that takes the lines of one log group, by its name or its ARN."""
_AT_ONE_PLACE = dict.fromkeys(("AWS/Billing", "AWS/CloudFront", "AWS/Route53"), "us-east-1")
"""The services of all regions, each with the region that it publishes its metrics in. Source: CloudFront
Developer Guide, "Getting metrics using the CloudWatch API"; Route 53 Developer Guide, "Viewing metrics for
health checks"; CloudWatch User Guide, "Create a billing alarm"."""
_LOGS_INSIGHTS = "CWLI"
"""The language of a query that does not say another one, as a widget names it."""


class Plotted(Model):
    """A metric that a widget plots."""

    namespace: Text
    metric_name: Text
    dimensions: dict[str, Text] = {}
    statistic: str = ""
    """Empty for that of its widget."""
    region: str = ""
    """The region that it is read in."""
    account: str = ""
    """The account that it is read in; empty for that of the dashboard."""


@dataclass(frozen=True)
class Body:
    """What all widgets of a dashboard plot, in their order."""

    metrics: list[Plotted] = field(default_factory=list)
    expressions: list[str] = field(default_factory=list)
    """Metric math, searches and queries."""
    explored: dict[str, list[str]] = field(default_factory=dict)
    """The metrics that an explorer finds by resource type: `AWS::EC2::Instance`."""
    alarms: list[str] = field(default_factory=list)
    """The ARNs of the alarms whose state, or whose metric, is shown."""
    unread: list[str] = field(default_factory=list)
    """The types of widgets of which nobody here knows what they plot."""
    titles: list[str] = field(default_factory=list)
    """What stands above the widgets that have a title."""
    log_groups: list[str] = field(default_factory=list)
    """The log groups whose lines are looked through, each once."""
    of_logs_unread: list[str] = field(default_factory=list)
    """Why there may be others of those."""
    regions: set[str] = field(default_factory=set)
    """The regions that metrics and logs are read in, where a widget names one; but for those of a service of
    all regions, which are read where it publishes them."""

    @property
    def namespaces(self) -> list[str]:
        """The namespaces that are surely plotted, each once, sorted."""
        found = {str(it.namespace) for it in self.metrics}
        return sorted(found.union(*map(_searched, self.expressions)))

    @property
    def doubts(self) -> Iterator[str]:
        """Yield why there may be others."""
        for it in self.expressions:
            if looks_for_metrics(it) and not _searched(it):
                yield f"which metrics it finds is not known of {it}"
        for it in self.explored:
            yield f"which metrics it finds is not known of an explorer of {it}"
        for it in self.alarms:
            yield f"which metric it is on is not said of {it}"
        for it in self.unread:
            yield f"what a widget of type {it} plots is not known"


def read(text: str) -> Body:
    """Return what a body plots. Raises `ValueError` for one that CloudWatch refuses, with the reason."""
    body = Body()
    try:
        read = json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    for number, widget in enumerate(_list(_object(read, "it"), "widgets", "it"), start=1):
        _add(body, _object(widget, f"widget {number}"), f"widget {number}")
    return body


def _add(body: Body, widget: Mapping[str, Any], which: str) -> None:
    sort = widget.get("type")
    if not isinstance(sort, str):
        raise ValueError(f"{which} has no type")
    properties = _object(widget.get("properties"), f"the properties of {which}")
    if isinstance(title := properties.get("title"), str):
        body.titles.append(title)
    if sort == "metric":
        _add_metrics(body, properties, which)
    elif sort == "alarm":
        body.alarms.extend(_texts(properties, "alarms", which))
    elif sort == "explorer":
        for it in _list(properties, "metrics", which):
            found = _object(it, f"a metric of {which}")
            of_type = body.explored.setdefault(str(found.get("resourceType")), [])
            of_type.append(str(found.get("metricName")))
    elif sort == "log":
        _add_log_groups(body, properties)
    elif sort not in _NOTHING_PLOTTED:
        body.unread.append(sort)
        body.of_logs_unread.append(f"what a widget of type {sort} shows is not known")


def _add_log_groups(body: Body, properties: Mapping[str, Any]) -> None:
    """Add the log groups that a query begins with; one that begins with none finds nothing.

    Source: CloudWatch API Reference, "Dashboard Body Structure and Syntax", "Log Widget Object".
    """
    body.regions.update(filter(None, [str(properties.get("region", ""))]))
    query, language = properties.get("query", ""), properties.get("queryLanguage", _LOGS_INSIGHTS)
    if language != _LOGS_INSIGHTS:
        body.of_logs_unread.append(f"which log groups a query in {language} looks through is not read")
        return
    for command in str(query).split("|"):
        told = command.strip()
        if not _SOURCE.match(told):
            return
        if (found := _OF_GROUP.fullmatch(told)) is None:
            body.of_logs_unread.append(f"which log groups it finds is not known of {told}")
        elif found[2] not in body.log_groups:
            body.log_groups.append(found[2])


def _add_metrics(body: Body, properties: Mapping[str, Any], which: str) -> None:
    alarms = _texts(
        _object(properties.get("annotations") or {}, f"the annotations of {which}"), "alarms", which, []
    )
    body.alarms.extend(alarms)
    if "metrics" not in properties and not alarms:
        raise ValueError(f"{which} has neither metrics nor an alarm")
    entries = [*_entries(_list(properties, "metrics", which, []), which)]
    ids = {it.id for it in entries}
    for it in _plotted(entries):
        if not it.expression:
            body.metrics.append(it.plotted(properties))
        elif it.names_only(ids):
            body.expressions.append(it.expression)
        else:
            continue
        region = it.region(properties)
        if region and it.reads_in(region):
            body.regions.add(region)


@dataclass(frozen=True)
class _Entry:
    """An array of a metric widget, with nothing left out."""

    names: Sequence[str]
    """Namespace, metric, and dimensions by turns; none for an expression."""
    options: Mapping[str, Any]

    @property
    def id(self) -> str:
        return str(self.options.get("id", ""))

    @property
    def expression(self) -> str:
        return str(self.options.get("expression", ""))

    @property
    def is_visible(self) -> bool:
        return self.options.get("visible", True) is not False

    def names_only(self, ids: set[str]) -> bool:
        """Return whether its expression names nothing but these; CloudWatch plots no other one.

        Source: CloudWatch user guide, "Using math expressions with CloudWatch metrics".
        """
        return bool(_SELECT.search(self.expression)) or ids.issuperset(
            filter(None, _ID.findall(self.expression))
        )

    def uses(self, other: _Entry) -> bool:
        """Return whether it is an expression that another entry is part of."""
        named = other.id and re.search(rf"\b{re.escape(other.id)}\b", self.expression)
        return bool(named or _ALL.search(self.expression))

    def reads_in(self, region: str) -> bool:
        """Return whether it reads anything in a region that may be read in another one.

        Metric math reads what stands beside it; of a service of all regions there is nothing elsewhere.
        """
        if self.expression and not looks_for_metrics(self.expression):
            return False
        namespaces = _searched(self.expression) if self.expression else self.names[:1]
        return not namespaces or any(_AT_ONE_PLACE.get(it) != region for it in namespaces)

    def region(self, widget: Mapping[str, Any]) -> str:
        """Return the region that it is read in; empty where neither it nor its widget names one."""
        return str(self.options.get("region", widget.get("region", "")))

    def plotted(self, widget: Mapping[str, Any]) -> Plotted:
        namespace, metric_name, *dimensions = self.names
        return Plotted(
            namespace=namespace,
            metric_name=metric_name,
            dimensions=dict(zip(dimensions[::2], dimensions[1::2], strict=True)),
            statistic=str(self.options.get("stat", "")),
            region=self.region(widget),
            account=str(self.options.get("accountId", widget.get("accountId", ""))),
        )


def _plotted(entries: list[_Entry]) -> list[_Entry]:
    """Return what is visible, and what that is made of."""
    shown = [it for it in entries if it.is_visible]
    hidden = [it for it in entries if not it.is_visible]
    while used := [it for it in hidden if any(other.uses(it) for other in shown)]:
        shown += used
        hidden = [it for it in hidden if it not in used]
    return [it for it in entries if it in shown]


def _entries(arrays: Sequence[Any], which: str) -> Iterator[_Entry]:
    above: Sequence[str] = ()
    for number, array in enumerate(arrays, start=1):
        place = f"metric {number} of {which}"
        if not isinstance(array, list) or not array:
            raise ValueError(f"{place} is {array!r}, not an array")
        options = array[-1] if isinstance(array[-1], dict) else {}
        names = array[:-1] if isinstance(array[-1], dict) else array
        if not names and "expression" in options:
            yield _Entry((), options)
            continue
        above = _whole(names, above, place)
        yield _Entry(above, options)


def _whole(names: Sequence[Any], above: Sequence[str], place: str) -> Sequence[str]:
    """Return the texts of an array, those that it shares with the one above it written out."""
    found: list[str] = []
    for position, name in enumerate(names):
        if name in _REST:
            behind = len(names) - position - 1
            found += above[len(found) : len(above) - behind]
        elif name == _SAME and len(found) < len(above):
            found.append(above[len(found)])
        elif name == _SAME or not isinstance(name, str):
            raise ValueError(f"{place} has {name!r} where a text must stand")
        else:
            found.append(name)
    if len(found) < 2 or len(found) % 2:
        raise ValueError(f"{place} is {found!r}: a namespace, a metric, and names and values of dimensions")
    return found


def finds(expression: str, namespace: str, metric_name: str) -> bool | None:
    """Return whether an expression plots metrics of a name that it finds; None where nobody here knows."""
    searched = _searched(expression)
    if not looks_for_metrics(expression) or (searched and namespace not in searched):
        return False
    named = {of_search or selected for of_search, selected in _NAMED.findall(expression)}
    if named and metric_name not in named and not _EXCEPT.search(expression):
        return False
    return True if named and searched and not _EXCEPT.search(expression) else None


def looks_for_metrics(expression: str) -> bool:
    """Return whether an expression finds metrics by itself: a search, or a query of Metrics Insights."""
    return bool(_SEARCH.search(expression) or _SELECT.search(expression))


def _searched(expression: str) -> set[str]:
    """Return the namespaces that a search or a query says that it looks in."""
    if _SELECT.search(expression):
        return set(_OF_SELECT.findall(expression))
    if not _SEARCH.search(expression):
        return set()
    return {(schema or named).strip() for schema, named in _OF_SEARCH.findall(expression)}


def told_of(namespace: str | None, metric_name: str | None, dimensions: Mapping[str, str]) -> str:
    """Return a metric in words: `AWS/SQS NumberOfMessagesSent of QueueName orders`."""
    of = ", ".join(f"{name} {value}" for name, value in dimensions.items())
    return f"{namespace} {metric_name} of {of}" if of else f"{namespace} {metric_name}"


def _object(value: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(f"{what} is {value!r}, not an object")
    return value


def _list(holder: Mapping[str, Any], name: str, what: str, otherwise: Any = None) -> list[Any]:
    value = holder.get(name, otherwise)
    if not isinstance(value, list):
        raise ValueError(f"{what} has {value!r} as {name}, not an array")
    return value


def _texts(holder: Mapping[str, Any], name: str, what: str, otherwise: Any = None) -> list[str]:
    found = _list(holder, name, what, otherwise)
    if not all(isinstance(it, str) for it in found):
        raise ValueError(f"{what} has {found!r} as {name}, not an array of texts")
    return found
