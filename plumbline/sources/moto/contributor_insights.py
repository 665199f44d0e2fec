"""Contributor Insights of DynamoDB, which moto lacks."""

from moto.core.responses import ActionResult
from moto.dynamodb.responses import DynamoHandler

_ON = "contributor_insights"
"""Where moto's own record of a table keeps it: of the table under an empty name, of indexes under theirs."""


def _described(self: DynamoHandler) -> ActionResult:
    table = self.dynamodb_backend.get_table(self.body["TableName"])
    index = self.body.get("IndexName", "")
    status = vars(table).get(_ON, {}).get(index, "DISABLED")
    told = {"TableName": table.name, "ContributorInsightsRuleList": [], "ContributorInsightsStatus": status}
    return ActionResult({**told, **({"IndexName": index} if index else {})})


def _updated(self: DynamoHandler) -> ActionResult:
    table = self.dynamodb_backend.get_table(self.body["TableName"])
    status = {"ENABLE": "ENABLED", "DISABLE": "DISABLED"}[self.body["ContributorInsightsAction"]]
    vars(table).setdefault(_ON, {})[self.body.get("IndexName", "")] = status
    return _described(self)


def install() -> None:
    """Add the operations to moto."""
    setattr(DynamoHandler, "describe_contributor_insights", _described)  # noqa: B010
    setattr(DynamoHandler, "update_contributor_insights", _updated)  # noqa: B010
