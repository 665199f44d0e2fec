"""What keeps CloudTrail from writing where Terraform has a trail delivered; CreateTrail is refused then.

Source: CloudTrail User Guide, "Amazon S3 bucket policy for CloudTrail", "Configure AWS KMS key policies for
CloudTrail" and "Amazon SNS topic policy for CloudTrail"; API_CreateTrail.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from plumbline.kinds.delivery import named_by, target, told_by
from plumbline.kinds.key_access import by_default, encrypts, policy_of_key
from plumbline.kinds.role_use import Holder
from plumbline.kinds.sns import Topic
from plumbline.policy import OVER_TLS, Context, decide, surely
from plumbline.terraform.declared import Declaration, account, arn, given, known, settings_of
from plumbline.values.arns import account_in, region_in

if TYPE_CHECKING:
    from plumbline.kinds.iam import Role
    from plumbline.kinds.iam_authorization import Authorization
    from plumbline.terraform.model import Configuration, Resource

SERVICE = "cloudtrail.amazonaws.com"


_UNTOLD: Context = {"aws:SourceArn": None, "aws:SourceAccount": None, "aws:PrincipalIsAWSService": "true"}
"""What CloudTrail says of itself when it assumes the role that writes to a log group.

Source: CloudTrail User Guide, "Role policy document for CloudTrail to use CloudWatch Logs for monitoring": it
gives neither `aws:SourceArn` nor `aws:SourceAccount`.
"""


def kept_out_of_logs(trail: str, group: str, role: Role, authorization: Authorization) -> list[str]:
    """Return what a trail is refused that writes to a log group as a role, given the ARNs of trail and group.

    Raises `Undetermined` as `surely` does. Source: as above; a stream is named after account and region.
    """
    holder = Holder.of(role, authorization)
    account, region = account_in(trail), region_in(group)
    stream = f"{group}:log-stream:{account}_CloudTrail_{region}"
    trust, told = known(role.trust), {**OVER_TLS, **_UNTOLD, "aws:PrincipalServiceName": SERVICE}

    def is_not_trusted() -> bool:
        return decide([trust], "sts:AssumeRole", "", ("Service", SERVICE), told) != "allowed"

    writing = (
        (it, partial(holder.may_not, it, stream)) for it in ("logs:CreateLogStream", "logs:PutLogEvents")
    )
    return surely([("sts:AssumeRole", is_not_trusted), *writing])


def refusal(declaration: Declaration) -> str:
    """Return what the bucket, the topic or the key of a declared trail refuses; empty where nothing.

    Raises `Undetermined` where Terraform does not declare them, or what they say hangs on what is not known.
    """
    trail, home = declaration.resource, declaration.configuration
    settings = settings_of(trail, home)
    source = known(arn(settings, "cloudtrail", "trail/", trail.values.get("name"))) or ""
    held = target(trail.values.get("s3_bucket_name"), home)
    owner = account(trail, home) or settings.account or ""
    told, asker = told_by(SERVICE, source), ("Service", SERVICE)
    written = held.under(trail.values.get("s3_key_prefix"), owner, "CloudTrail")
    for action, resource in (("s3:GetBucketAcl", held.arn), ("s3:PutObject", written)):
        if decide([held.policy], action, resource, asker, told) != "allowed":
            return f"AccessDenied: the policy of {held.arn} does not allow {action} to {SERVICE}"
    if reason := _unheard(trail, home):
        return reason
    named = trail.values.get("kms_key_id")
    if not given(named):
        return ""
    key = known(policy_of_key(declaration, named)) or by_default(owner)
    of_trail = {**told, "kms:EncryptionContext:aws:cloudtrail:arn": source}
    may = decide([key], "kms:GenerateDataKey", "", asker, of_trail) == "allowed"
    if may and known(encrypts(declaration, named)):
        return ""
    return f"AccessDenied: the key of {trail.address} does not allow kms:GenerateDataKey to {SERVICE}"


def _unheard(trail: Resource, home: Configuration) -> str:
    """Return why CloudTrail cannot tell the topic or the log group of a trail; empty where it can."""
    group, role = (trail.values.get(f"cloud_watch_logs_{it}_arn") for it in ("group", "role"))
    if given(group) != given(role):
        return "InvalidParameterCombination: a log group and the role that writes to it go together"
    named = trail.values.get("sns_topic_name")
    if not given(named):
        return ""
    topic, root = named_by(named, Topic, "arn" if ":" in str(named) else "name", home)
    if Topic.from_terraform(topic, root).hears_trail(known(trail.values.get("name"))):
        return ""
    return (
        f"InsufficientSnsTopicPolicy: the policy of {topic.address} does not allow sns:Publish to {SERVICE}"
    )
