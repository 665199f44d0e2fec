"""Whether a service of AWS can write what it delivers to the bucket that Terraform names for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from plumbline.kinds.kind import Kind
from plumbline.kinds.s3 import Bucket
from plumbline.policy import OVER_TLS, Context, Policy
from plumbline.terraform.companions import refers_to
from plumbline.terraform.declared import known
from plumbline.values.arns import account_in
from plumbline.values.unknown import Undetermined

if TYPE_CHECKING:
    from plumbline.terraform.model import Configuration, Resource


@dataclass(frozen=True)
class Target:
    """A bucket that something is delivered to."""

    arn: str
    policy: Policy
    """Empty where it has none."""
    key: str | None = None
    """The key of KMS that it encrypts with where whoever writes names none; None where it uses none."""

    def under(self, prefix: Any, account: str, service: str) -> str:
        """Return the ARN of something that a service delivers there for an account."""
        folder = f"{prefix.strip('/')}/" if (prefix := known(prefix)) else ""
        return f"{self.arn}/{folder}AWSLogs/{account}/{service}/x"


def target(named: Any, configuration: Configuration) -> Target:
    """Return the bucket that an argument in a root names.

    Raises `Undetermined` where Terraform does not declare it: a bucket of another account takes what its own
    policy says.
    """
    bucket, home = named_by(named, Bucket, "bucket", configuration)
    model = Bucket.from_terraform(bucket, home, frozenset({"policy", "sse_algorithm", "kms_key"}))
    key = model.kms_key if known(model.sse_algorithm).startswith("aws:kms") else None
    arn = f"arn:{home.settings.partition}:s3:::{known(model.name)}"
    return Target(arn, known(model.policy) or Policy(), key)


def named_by(
    named: Any, kind: type[Kind], attribute: str, configuration: Configuration
) -> tuple[Resource, Configuration]:
    """Return the resource of a kind that an argument in a root names by an attribute, with its own root.

    Raises `Undetermined` where none is declared.
    """
    for home in (configuration, *configuration.others()):
        for resource in kind.declared_in(home):
            if home is configuration and refers_to(named, resource):
                return resource, home
            if isinstance(named, str) and named == _own(kind, attribute, resource, home):
                return resource, home
    noun = kind.noun.replace("_", " ")
    raise Undetermined(f"Terraform here declares no {noun} {known(named)}, so what it lets in is not known")


def _own(kind: type[Kind], attribute: str, resource: Resource, home: Configuration) -> Any:
    """Return what a resource is called by an attribute that is given, or that follows from what is."""
    if f"{resource.type}.{attribute}" in kind.computed:
        return kind.derive(attribute, resource, home)
    return resource.values.get(attribute)


def told_by(service: str, source: str) -> Context:
    """Return what a service says of itself when it delivers for a resource: the ARN of that.

    Source: CloudTrail User Guide, "Amazon S3 bucket policy for CloudTrail"; AWS Config Developer Guide,
    "Permissions for the Amazon S3 Bucket for the AWS Config Delivery Channel".
    """
    return {
        **OVER_TLS,
        "aws:SourceArn": source,
        "aws:SourceAccount": account_in(source),
        "aws:PrincipalIsAWSService": "true",
        "aws:PrincipalServiceName": service,
        "s3:x-amz-acl": "bucket-owner-full-control",
    }
