"""Dashboards of CloudWatch, and what they plot."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar

from plumbline.kinds import dashboard_body
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.dashboard_body import Plotted
from plumbline.kinds.facet import Fields, Requests, request
from plumbline.kinds.kind import Kind
from plumbline.kinds.listing import Listing
from plumbline.terraform.declared import Declaration
from plumbline.values.model import Text
from plumbline.values.some_of import doubted
from plumbline.values.unknown import Placeholder, ReadError

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

_ARN = "arn:aws:cloudwatch::{account}:dashboard/{name}"
_OF_BODY = ("namespaces", "metrics", "expressions", "explored", "alarms", "unplotted")


class Dashboard(Kind):
    """A dashboard with what its widgets plot. It lies in no region; its widgets say where they look."""

    noun = "dashboard"
    plural = "dashboards"
    expects_some = ("namespaces",)
    terraform_type = "aws_cloudwatch_dashboard"
    name_argument = "dashboard_name"
    regional = False
    listing = Listing(
        Call("cloudwatch:ListDashboards", of="dashboards of {account}"),
        "DashboardEntries[].DashboardName",
        regional=False,
    )
    call = Call(
        "cloudwatch:GetDashboard",
        {"DashboardName": "{name}"},
        of=_ARN,
        missing=("ResourceNotFound", "DashboardNotFoundError"),
    )
    own_arn = call, "[DashboardArn]"
    arguments: ClassVar = dict.fromkeys((*_OF_BODY, "body"), "dashboard_body")

    body: Text = ""
    """The JSON that makes it."""
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

    def unplotted(self, namespaces: list[str]) -> list[str]:
        """Return those of some namespaces of which no metric is plotted.

        Raises `Undetermined` where that hangs on what only CloudWatch finds.
        """
        return [it for it in namespaces if it not in self.namespaces]

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return _told(declaration.at("dashboard_body"), declaration.place("dashboard_body"))

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return _told(answer["DashboardBody"], f"dashboard {asked.name}")

    def requested(self) -> Requests:
        yield request("cloudwatch:PutDashboard", DashboardName=self.name, DashboardBody=self.body)


def _told(text: Any, where: str) -> Fields:
    """Return what a body says. Raises `ReadError` for one that CloudWatch refuses."""
    if isinstance(text, Placeholder):
        return dict.fromkeys(("body", *_OF_BODY[:-1]), text)
    try:
        found = dashboard_body.read(text)
    except (ValueError, RecursionError) as error:
        told = f"{where}: no body of a dashboard: {error}"
        raise ReadError(told, cause=told) from None
    return {
        "body": json.dumps(json.loads(text), sort_keys=True),
        "namespaces": doubted(found.namespaces, found.doubts),
        "metrics": found.metrics,
        "expressions": found.expressions,
        "explored": found.explored,
        "alarms": found.alarms,
    }
