"""Dashboards of CloudWatch, and what they plot."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import AfterValidator

from plumbline.kinds import dashboard_body
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.dashboard_body import Plotted
from plumbline.kinds.dashboard_resources import BODY, PlottedResources
from plumbline.kinds.facet import Fields, Requests, request
from plumbline.kinds.kind import Kind
from plumbline.kinds.listing import Listing
from plumbline.terraform.declared import Declaration, known
from plumbline.values.model import Model, Text
from plumbline.values.some_of import SomeOf, doubted
from plumbline.values.unknown import Placeholder, ReadError, Undetermined

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

_OF_BODY = ("titles", "namespaces", "metrics", "expressions", "explored", "alarms", "log_groups", "regions")
_ASKED = ("untitled", "unplotted", "unplotted_metrics", "unshown_logs", "read_elsewhere")


def _metric(text: str) -> str:
    if len(text.split(" ")) != 2:
        raise ValueError(f"{text!r} is not a namespace, a blank, and a metric: AWS/EC2 CPUUtilization")
    return text


class DashboardLimits(Model):
    """What can be expected of a dashboard besides its fields."""

    some_titles: list[str]
    """Titles that widgets of it have."""
    some_metrics: list[Annotated[str, AfterValidator(_metric)]]
    """Metrics that it plots, of whatever resource: a namespace, a blank, and a name."""
    some_log_groups: list[str]
    """Log groups whose lines it looks through, whichever of them it then shows."""


class Dashboard(PlottedResources, Kind):
    """A dashboard with what its widgets plot. It lies in no region; its widgets say where they look."""

    noun = "dashboard"
    plural = "dashboards"
    expects_some = ("namespaces", "some_titles", "some_metrics", "some_log_groups")
    terraform_type = "aws_cloudwatch_dashboard"
    name_argument = "dashboard_name"
    regional = False
    listing = Listing(
        Call("cloudwatch:ListDashboards", of="dashboards of {account}"),
        "DashboardEntries[].DashboardName",
        regional=False,
    )
    limits = DashboardLimits
    call = BODY
    own_arn = call, "[DashboardArn]"
    arguments: ClassVar = dict.fromkeys((*_OF_BODY, *_ASKED, "body"), "dashboard_body")

    body: Text = ""
    """The JSON that makes it."""
    titles: list[Text] = []
    """What stands above its widgets, in their order."""
    namespaces: list[Text] = []
    """The namespaces of what is plotted, by itself or in an expression; each once, sorted."""
    metrics: list[Plotted] = []
    """The metrics that are plotted, or that a plotted expression is made of; each as often as it is."""
    expressions: list[Text] = []
    """The expressions that are plotted: metric math, searches, queries."""
    explored: dict[str, list[Text]] = {}
    """The metrics that explorers plot of whatever resources there are, by resource type."""
    alarms: list[Text] = []
    """The ARNs of the alarms whose state or metric is shown."""
    log_groups: list[Text] = []
    """The log groups whose lines its queries look through, each once."""
    regions: list[Text] = []
    """The regions that its metrics and logs are read in, where a widget names one; each once, sorted. Of a
    service of all regions, such as CloudFront, that in which it publishes its metrics is left out."""

    def unplotted(self, namespaces: list[str]) -> list[str]:
        """Return those of some namespaces of which no metric is plotted.

        Raises `Undetermined` where that hangs on what only CloudWatch finds.
        """
        return [it for it in namespaces if it not in self.namespaces]

    def read_elsewhere(self, regions: list[str]) -> list[str]:
        """Return the regions besides some that it reads metrics or logs in."""
        return [it for it in self.regions if it not in regions]

    def untitled(self, titles: list[str]) -> list[str]:
        """Return those of some titles that no widget has."""
        return [it for it in titles if it not in self.titles]

    def unshown_logs(self, log_groups: list[str]) -> list[str]:
        """Return those of some log groups whose lines no query of it looks through.

        Raises `Undetermined` where that hangs on what only CloudWatch finds.
        """
        return [it for it in log_groups if it not in self.log_groups]

    def unplotted_metrics(self, metrics: list[str]) -> list[str]:
        """Return those of some metrics, `AWS/EC2 CPUUtilization`, that are plotted of no resource.

        Raises `Undetermined` where that hangs on what only CloudWatch finds.
        """
        return [it for it in metrics if not self._plots(*it.split(" "))]

    def _plots(self, namespace: str, metric_name: str) -> bool:
        if any((it.namespace, it.metric_name) == (namespace, metric_name) for it in self.metrics):
            return True
        found = [(it, _finds(it, namespace, metric_name)) for it in self.expressions]
        if any(whether for _, whether in found):
            return True
        for it in (expression for expression, whether in found if whether is None):
            raise Undetermined(f"whether it finds {namespace} {metric_name} is not known of {known(it)}")
        if isinstance(self.namespaces, SomeOf):
            self.namespaces.refuse()
        return False

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return _told(declaration.at("dashboard_body"), declaration.place("dashboard_body"))

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return _told(answer["DashboardBody"], f"dashboard {asked.name}")

    def requested(self) -> Requests:
        yield request("cloudwatch:PutDashboard", DashboardName=self.name, DashboardBody=self.body)


def _finds(expression: Text, namespace: str, metric_name: str) -> bool | None:
    """Return whether an expression finds metrics of a name; None where nobody here knows."""
    if isinstance(expression, Placeholder):
        return None
    return dashboard_body.finds(expression, namespace, metric_name)


def _told(text: Any, where: str) -> Fields:
    """Return what a body says. Raises `ReadError` for one that CloudWatch refuses."""
    if isinstance(text, Placeholder):
        return dict.fromkeys(("body", *_OF_BODY), text)
    try:
        found = dashboard_body.read(text)
    except (ValueError, RecursionError) as error:
        told = f"{where}: no body of a dashboard: {error}"
        raise ReadError(told, cause=told) from None
    return {
        "body": json.dumps(json.loads(text), sort_keys=True),
        "titles": found.titles,
        "namespaces": doubted(found.namespaces, found.doubts),
        "metrics": found.metrics,
        "expressions": found.expressions,
        "explored": found.explored,
        "alarms": found.alarms,
        "log_groups": doubted(found.log_groups, found.of_logs_unread),
        "regions": sorted(found.regions),
    }
