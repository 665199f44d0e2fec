"""What the metrics and the alarms that a dashboard shows are of: whether that is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from plumbline.kinds import dashboard_body
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.cloudwatch import Alarm
from plumbline.kinds.dashboard_body import Body, Plotted
from plumbline.kinds.dynamodb import Table
from plumbline.kinds.facet import Facet, Fields, Found
from plumbline.kinds.functions import Function
from plumbline.kinds.listing import Listing
from plumbline.kinds.rest_api import RestApi
from plumbline.kinds.rest_calls import APIS, STAGES
from plumbline.terraform.companions import everywhere
from plumbline.terraform.declared import Declaration
from plumbline.values.model import Text
from plumbline.values.some_of import SomeOf, doubted
from plumbline.values.unknown import Placeholder, ReadError, Undetermined

if TYPE_CHECKING:
    from plumbline.kinds.kind import Kind
    from plumbline.terraform.model import Configuration

BODY = Call(
    "cloudwatch:GetDashboard",
    {"DashboardName": "{name}"},
    of="arn:aws:cloudwatch::{account}:dashboard/{name}",
    missing=("ResourceNotFound", "DashboardNotFoundError"),
)
METRICS = Call("cloudwatch:ListMetrics", of="metrics of {name}")
"""Lists what was measured in the last two weeks. Source: CloudWatch API Reference, ListMetrics."""
_MEASURED_BY: dict[tuple[str, str], type[Kind]] = {
    ("AWS/ApiGateway", "ApiName"): RestApi,
    ("AWS/DynamoDB", "TableName"): Table,
    ("AWS/Lambda", "FunctionName"): Function,
}
"""Which kind a dimension has the name of. Source: the metrics of each service in its developer guide."""
_KINDS: tuple[type[Kind], ...] = (*_MEASURED_BY.values(), Alarm)
_ALARM = re.compile(r"arn:[^:]+:cloudwatch:(?P<region>[^:]+):(?P<account>[^:]+):alarm:(?P<name>.+)")
_API, _STAGE = "ApiName", "Stage"
_PARTS = {
    *(("AWS/ApiGateway", it) for it in ("Method", "Resource")),
    ("AWS/DynamoDB", "GlobalSecondaryIndexName"),
    ("AWS/Lambda", "Resource"),
}
"""The dimensions that have the name of a part of such a resource, which is asked of nobody but CloudWatch."""


def _listing(kind: type[Kind]) -> Listing:
    assert kind.listing is not None
    return kind.listing


class PlottedResources(Facet):
    """Whether what is plotted by itself is of something that is there; a search finds nothing else."""

    call = BODY
    further_calls: ClassVar[tuple[Call, ...]] = (
        METRICS,
        *(_listing(it).call for it in _KINDS),
        STAGES,
    )
    arguments: ClassVar = {"plotted_of_nothing": "dashboard_body"}
    seen_through: ClassVar[tuple[str, ...]] = tuple(it.noun for it in _KINDS)

    plotted_of_nothing: list[Text] = []
    """The metrics whose resource is not there, each as its namespace, its name and what it is of, and the
    alarms that are not."""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        """Return that nothing is of nothing, where each resource is one that Terraform declares, too."""
        body, place = declaration.at("dashboard_body"), declaration.place("dashboard_body")
        if isinstance(body, Placeholder):
            return {"plotted_of_nothing": body}
        shown = _read(body, place)
        return {"plotted_of_nothing": lambda: doubted([], _undeclared(shown, declaration.configuration))}

    @classmethod
    def read(cls, asked: Asked) -> Found:
        found = asked.ask(BODY).at("DashboardBody").map(lambda text: _of_nothing(text, asked))
        asking = " and ".join(dict.fromkeys(call.operation for call in cls.further_calls[1:]))
        return Found({"plotted_of_nothing": found}, f"{asking}: what {asked.name} plots")


def _of_nothing(body: str, asked: Asked) -> list[str] | SomeOf:
    """Return what is of nothing. Of what is of no known kind only what was measured of it tells that it is
    there.
    """
    shown = _read(body, f"dashboard {asked.name}")
    told = [(_told(it), partial(_is_there, it, asked)) for it in shown.metrics]
    told += [(f"alarm {it}", partial(_is_alarm, it, asked)) for it in shown.alarms]
    found: list[str] = []
    doubts: list[str] = []
    for what, is_there in told:
        try:
            if not is_there():
                found.append(what)
        except Undetermined as doubt:
            doubts.append(doubt.reason)
    return doubted(list(dict.fromkeys(found)), doubts)


def _undeclared(shown: Body, configuration: Configuration) -> Iterator[str]:
    """Yield what is shown of which Terraform does not say that what it is of will be there."""
    untold = "Terraform here does not say whether that is there which is plotted as"
    for it in shown.metrics:
        named = [*_named(it)]
        if not named or not all(name in _names(kind, configuration) for kind, name in named):
            yield f"{untold} {_told(it)}"
    alarms = _names(Alarm, configuration) if shown.alarms else set()
    for arn in shown.alarms:
        if (found := _ALARM.fullmatch(arn)) is None or found["name"] not in alarms:
            yield f"{untold} alarm {arn}"


def _names(kind: type[Kind], configuration: Configuration) -> set[str]:
    """Return the names of a kind that all roots declare, as far as they are known."""
    names = (kind.named(*it) for it in everywhere(configuration, kind.terraform_type).found)
    return {it for it in names if isinstance(it, str)}


def _read(body: str, where: str) -> Body:
    """Return what a body shows. Raises `ReadError` for one that CloudWatch refuses."""
    try:
        return dashboard_body.read(body)
    except (ValueError, RecursionError) as error:
        told = f"{where}: no body of a dashboard: {error}"
        raise ReadError(told, cause=told) from None


def _is_alarm(arn: str, asked: Asked) -> bool:
    """Return whether there is an alarm of an ARN. Raises `Undetermined` for one of another account."""
    found = _ALARM.fullmatch(arn)
    if found is None or found["account"] != asked.account:
        raise Undetermined(f"alarm {arn} is of another account, which is not asked")
    answer = asked.ask(_listing(Alarm).call, region=found["region"]).answer
    alarms = (it for sort in ("MetricAlarms", "CompositeAlarms") for it in answer.get(sort, []))
    return any(it["AlarmName"] == found["name"] for it in alarms)


def _is_there(metric: Plotted, asked: Asked) -> bool:
    """Return whether what a metric is of is there. Raises `Undetermined`."""
    if metric.account not in ("", asked.account):
        raise Undetermined(f"{_told(metric)} is of account {metric.account}, which is not asked")
    region = metric.region or asked.region
    named = [*_named(metric)]
    for kind, name in named:
        listing = _listing(kind)
        if name not in listing.named(asked.ask(listing.call, region=region).answer):
            return False
    if not _has_stage(metric, region, asked):
        return False
    is_of_part = any((metric.namespace, it) in _PARTS for it in metric.dimensions)
    if (is_of_part or not named) and not _is_recorded(metric, region, asked):
        told = f"CloudWatch has measured nothing as {_told(metric)} for two weeks"
        raise Undetermined(f"{told}, and nothing else here tells whether that is there")
    return True


def _named(metric: Plotted) -> Iterator[tuple[type[Kind], str]]:
    """Yield the resources that the dimensions have the names of."""
    for dimension, value in metric.dimensions.items():
        if kind := _MEASURED_BY.get((metric.namespace, dimension)):
            yield kind, value


def _has_stage(metric: Plotted, region: str, asked: Asked) -> bool:
    """Return whether an API of the name has the stage that a metric is of, where it is of one of an API."""
    if not {_API, _STAGE} <= metric.dimensions.keys():
        return True
    apis = asked.ask(APIS, region=region).answer["items"]
    of_name = [it["id"] for it in apis if it["name"] == metric.dimensions[_API]]
    stages = (asked.ask(STAGES, region=region, api=it).answer["item"] for it in of_name)
    return any(it["stageName"] == metric.dimensions[_STAGE] for listed in stages for it in listed)


def _is_recorded(metric: Plotted, region: str, asked: Asked) -> bool:
    dimensions = [{"Name": name, "Value": it} for name, it in metric.dimensions.items()]
    parameters = {
        "Namespace": metric.namespace,
        "MetricName": metric.metric_name,
        "Dimensions": dimensions,
    }
    answer = asked.ask(METRICS, parameters=parameters, region=region).answer
    return any(
        {of["Name"]: of["Value"] for of in it["Dimensions"]} == metric.dimensions for it in answer["Metrics"]
    )


def _told(metric: Plotted) -> str:
    return dashboard_body.told_of(metric.namespace, metric.metric_name, metric.dimensions)
