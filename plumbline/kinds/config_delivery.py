"""Whether what AWS Config records arrives where Terraform has it delivered.

Config delivers as the recorder's role, and where that is refused, or is Config's own, in its own name.

Source: AWS Config Developer Guide, "Permissions for the IAM Role Assigned to AWS Config" and "Permissions for
the Amazon S3 Bucket for the AWS Config Delivery Channel".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plumbline.kinds.declared_policies import MANAGED_BY_AWS, policies_of
from plumbline.kinds.delivery import Target, named_by, target, told_by
from plumbline.kinds.iam import Role
from plumbline.kinds.key_access import by_default, encrypts, is_of_aws, policy_of_key
from plumbline.policy import Context, Policy, by_itself, decide, of_role
from plumbline.terraform.declared import Declaration, account, given, known, region
from plumbline.values.arns import partition_of
from plumbline.values.unknown import Placeholder, Undetermined

if TYPE_CHECKING:
    from plumbline.terraform.model import Configuration, Resource

SERVICE = "config.amazonaws.com"
_ENCRYPTING = "kms:GenerateDataKey"
_OF_THE_SERVICE = f":role/aws-service-role/{SERVICE}/"
_FOR_RECORDERS = frozenset({"AWS_ConfigRole"})
"""AWS's policies for recorders, which let them look at everything and write nowhere.

Source: AWS Managed Policy Reference Guide.
"""


def arrives(declaration: Declaration, channel: Resource, root: Configuration) -> bool:
    """Return whether the bucket of a channel takes what the declared recorder gives it.

    Raises `Undetermined` where Terraform does not declare the bucket or the role, or what they say hangs on
    what is not known.
    """
    recorder, home = declaration.resource, declaration.configuration
    held = target(channel.values.get("s3_bucket_name"), root)
    owner = account(recorder, home) or home.settings.account
    if not owner:
        raise Undetermined(f"the account of {recorder.address} is not known")
    place = region(recorder, home)
    place = home.settings.region if isinstance(place, Placeholder) else place  # a state does not say it
    written = held.under(channel.values.get("s3_key_prefix"), owner, "Config")
    source = f"arn:{partition_of(str(place))}:config:{place}:{owner}:configuration-recorder/x"
    told = told_by(SERVICE, source)
    by_service = decide([held.policy], "s3:PutObject", written, ("Service", SERVICE), told) == "allowed"
    role = recorder.values.get("role_arn")
    own = channel.values.get("s3_kms_key_arn")
    key = own if given(own) else held.key
    if isinstance(role, str) and _OF_THE_SERVICE in role:
        return by_service and _may_encrypt(key, channel, root, ("Service", SERVICE), told)
    if not _records_and_writes(role, home, held, written, by_service=by_service):
        return False
    asker = str(known(_role(role, home)[1].arn))
    return _may_encrypt(key, channel, root, ("AWS", asker), of_role(asker, written))


def _may_encrypt(
    key: Any, channel: Resource, root: Configuration, asker: tuple[str, str], told: Context
) -> bool:
    """Return whether whoever delivers may use the key that it is encrypted with, if there is one.

    Raises `Undetermined` where the policy of the key leaves that to those of a role.
    Source: AWS Config Developer Guide, "Permissions for the KMS Key for the AWS Config Delivery Channel".
    """
    if not given(key) or is_of_aws(key):
        return True
    declared = Declaration(channel, root, (channel,))
    policy = known(policy_of_key(declared, key)) or by_default(str(root.settings.account))
    if decide([policy], _ENCRYPTING, "", asker, told) != "allowed" or not known(encrypts(declared, key)):
        return False
    if decide([by_itself(policy)], _ENCRYPTING, "", asker, told) != "allowed":
        raise Undetermined(f"whether {asker[1]} may use the key of {channel.address} its policy does not say")
    return True


def _role(named: Any, home: Configuration) -> tuple[dict[str, Policy | Placeholder], Role]:
    """Return the role that a recorder names, with its policies. Raises as `named_by`."""
    role, root = named_by(named, Role, "arn", home)
    return policies_of(role, root), Role.from_terraform(role, root, frozenset({"trusted_services", "arn"}))


def _records_and_writes(
    named: Any, home: Configuration, held: Target, written: str, *, by_service: bool
) -> bool:
    """Return whether Config may be the role that is named, and to some end, and one of both may write."""
    policies, model = _role(named, home)
    if SERVICE not in known(model.trusted_services) or not policies:
        return False
    if by_service:
        return True
    granting = [policy for name, policy in policies.items() if not _is_for_recorders(name)]
    asker = str(known(model.arn))
    return (
        decide([*granting, held.policy], "s3:PutObject", written, ("AWS", asker), of_role(asker, written))
        == "allowed"
    )


def _is_for_recorders(policy: str) -> bool:
    of_aws = MANAGED_BY_AWS.fullmatch(policy)
    return bool(of_aws and of_aws["name"] in _FOR_RECORDERS)
