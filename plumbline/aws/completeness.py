"""Whether an answer has what AWS always sends: what is cut off must not pass for an empty account.

botocore leaves out of an answer what did not come. AWS sends a list that is empty as an empty list, in JSON
and XML alike, but for S3: there a list of objects is as many elements as there are objects.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from botocore.model import OperationModel
    from botocore.paginate import Paginator

_COUNTED = {"Query": "Count", "Scan": "Count"}
"""What always comes of items that may be asked for by their number alone. Source: DynamoDB API reference."""

_FURTHER_LISTS = {
    "GetAccountAuthorizationDetails": ("GroupDetailList", "RoleDetailList", "Policies"),
}
"""The lists that pages are made of besides the first; of others botocore's newest is not in every answer."""

_ALWAYS: Mapping[str, tuple[str, ...]] = {
    "apigateway:GetRestApi": ("id",),
    "backup:DescribeRegionSettings": ("ResourceTypeOptInPreference",),
    "backup:GetBackupPlan": ("BackupPlan",),
    "backup:GetBackupSelection": ("BackupSelection",),
    "backup:GetBackupVaultAccessPolicy": ("Policy",),
    "ce:GetCostAndUsage": ("ResultsByTime",),
    "cloudtrail:GetEventSelectors": ("EventSelectors|AdvancedEventSelectors",),
    "cloudtrail:GetTrailStatus": ("IsLogging",),
    "cloudwatch:GetDashboard": ("DashboardBody",),
    "cognito-idp:AdminGetUser": ("Enabled", "UserStatus"),
    "cognito-idp:GetUserPoolMfaConfig": ("MfaConfiguration",),
    "dynamodb:DescribeContributorInsights": ("ContributorInsightsStatus",),
    "dynamodb:GetResourcePolicy": ("Policy",),
    "events:DescribeRule": ("Arn", "State"),
    "iam:GetOpenIDConnectProvider": ("Url", "ClientIDList"),
    "kms:GetKeyPolicy": ("Policy",),
    "kms:GetKeyRotationStatus": ("KeyRotationEnabled",),
    "lambda:GetAccountSettings": ("AccountLimit",),
    "lambda:GetFunctionConfiguration": ("FunctionArn",),
    "lambda:GetPolicy": ("Policy",),
    "logs:GetQueryResults": ("results", "status"),
    "logs:StartQuery": ("queryId",),
    "logs:StopQuery": ("success",),
    "s3:GetBucketAcl": ("Owner", "Grants"),
    "secretsmanager:DescribeSecret": ("ARN",),
    "secretsmanager:GetResourcePolicy": ("ARN",),
    "wafv2:GetIPSet": ("IPSet",),
    "wafv2:GetWebACL": ("WebACL",),
}
"""What always comes of what is not paged, where an answer has several members; of `a|b` one does.

The answer of another operation has members of the same names. Source: the API references.
"""

_MAY_BE_EMPTY = frozenset(
    {
        *("GetBucketLocation", "GetBucketVersioning", "GetBucketLogging"),
        *("GetBucketNotificationConfiguration", "GetBucketAccelerateConfiguration"),
    }
)
"""What answers nothing for us-east-1, and for a bucket of which this was never configured.

Source: S3 API reference.
"""

_EMPTY_BUT_FOR_ITS_ID = frozenset({"GetFunctionConcurrency"})
"""What answers an empty document for what was never configured: that it is AWS's its request id alone tells.

Source: Lambda API reference.
"""

_READS = ("Describe", "Get", "List", "Lookup", "Search", "Select", "Simulate", "Validate", "BatchGet")
"""How operations begin whose answer says at least something."""


def lacking(operation: OperationModel, pages: Paginator | None, answer: Mapping[str, Any]) -> str:
    """Return the first member that AWS always sends and an answer lacks; empty where it lacks none."""
    shape = operation.output_shape
    if shape is None:
        return ""
    always = _of_pages(operation, pages) if pages else _of_one(operation)
    absent = [member for member in always if not _has(answer, member)]
    if not absent and not pages and operation.name.startswith(_READS):
        says_nothing = all(answer.get(member) in (None, {}) for member in shape.members)
        absent = list(shape.members) if says_nothing and not _may_be_empty(operation.name, answer) else []
    return next(iter(absent), "").replace("|", " or ")


def _may_be_empty(operation: str, answer: Mapping[str, Any]) -> bool:
    identified = answer.get("ResponseMetadata", {}).get("RequestId")
    return operation in _MAY_BE_EMPTY or bool(operation in _EMPTY_BUT_FOR_ITS_ID and identified)


def _of_one(operation: OperationModel) -> Iterator[str]:
    """Yield the members that always come of an answer without pages."""
    yield from operation.output_shape.required_members
    yield from _ALWAYS.get(f"{operation.service_model.service_name}:{operation.name}", ())


def _of_pages(operation: OperationModel, pages: Paginator) -> Iterator[str]:
    """Yield the lists that the pages of an answer are made of; of one within a member, what comes with it.

    CloudFront sends no list that is empty, and how many there are.
    """
    first, _, within = _COUNTED.get(operation.name, str(pages.result_keys[0].expression)).partition(".")
    member = operation.output_shape.members.get(first)
    if member is not None and not member.serialization.get("flattened"):
        yield first
        yield from _FURTHER_LISTS.get(operation.name, ())
        if within:
            yield from (f"{first}.{it}" for it in member.required_members)


def _has(answer: Mapping[str, Any], member: str) -> bool:
    """Return whether an answer has a member, one of several, or a member of a member: `List.Quantity`."""
    if "|" in member:
        return any(it in answer for it in member.split("|"))
    first, _, within = member.partition(".")
    return first in answer and (not within or within in (answer[first] or {}))
