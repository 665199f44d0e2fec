"""What opens a bucket to others: its policy, and its access control list where that is in force.

Source: Amazon S3 User Guide, "Blocking public access to your Amazon S3 storage", "The meaning of public".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeAlias

from plumbline.kinds.call import Asked
from plumbline.kinds.facet import Facet, Fields, Requests, request
from plumbline.kinds.kind import NOT_DEPLOYED
from plumbline.kinds.s3_call import of_bucket
from plumbline.kinds.s3_policy import BucketPolicy
from plumbline.policy import Document, is_public
from plumbline.terraform.declared import Beside, Declaration, at, blocks, given, known
from plumbline.values.model import Text

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

Ownership: TypeAlias = Literal["BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"]
_GROUPS = "http://acs.amazonaws.com/groups/"
_PUBLIC_GROUPS = ("global/AllUsers", "global/AuthenticatedUsers")
_CANNED = {
    "public-read": "global/AllUsers",
    "public-read-write": "global/AllUsers",
    "authenticated-read": "global/AuthenticatedUsers",
}
"""The canned ACLs that grant something to a group of everybody. Source: S3 User Guide, "Canned ACL"."""
_LOG_DELIVERY = "s3/LogDelivery"
_CANNED_FOR_LOGS = {"log-delivery-write": ["READ_ACP", "WRITE"]}


class PolicyStatus(Facet):
    """Whether S3 calls the bucket's policy public."""

    call = of_bucket("s3:GetBucketPolicyStatus", "NoSuchBucketPolicy")
    beside = Beside("aws_s3_bucket_policy", "bucket")
    arguments: ClassVar = {"policy_is_public": "policy"}

    if TYPE_CHECKING:
        policy: Document | None

    policy_is_public: bool = False

    @classmethod
    def within(cls, values: Mapping[str, Any]) -> Mapping[str, Any] | None:
        return BucketPolicy.within(values)

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        policy = BucketPolicy.declared(declaration).get("policy")
        return {} if policy is None else {"policy_is_public": lambda: is_public(known(policy))}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        """Return whether the policy is public; a bucket without one has none, whatever that would say."""
        if "PolicyStatus" not in answer:
            return {}
        return {"policy_is_public": answer["PolicyStatus"]["IsPublic"]}

    def requested(self) -> Requests:
        """Yield nothing: S3 judges the policy that it has.

        Raises `Undetermined` where the verdict is not known, or the policy cannot be given to S3.
        """
        known(self.policy_is_public)
        if (policy := known(self.policy)) is not None:
            policy.as_json()
        yield from ()


class AccessControlList(Facet):
    """Whom the ACL grants something to."""

    call = of_bucket("s3:GetBucketAcl")
    beside = Beside("aws_s3_bucket_acl", "bucket")
    arguments: ClassVar = dict.fromkeys(("public_grantees", "log_delivery"), "acl")

    public_grantees: list[Text] = []
    """The groups of everybody that the ACL grants something to."""
    log_delivery: list[Text] = []
    """What the ACL permits the group that delivers access logs: WRITE, READ_ACP, ..."""

    @classmethod
    def within(cls, values: Mapping[str, Any]) -> Mapping[str, Any] | None:
        grants = [
            {"grantee": [{"uri": grant.get("uri")}], "permission": permission}
            for grant in blocks(values, "grant")
            if given(grant.get("uri"))
            for permission in known(grant.get("permissions"))
        ]
        if not grants and not given(values.get("acl")):
            return None
        return {"acl": values.get("acl"), "access_control_policy": [{"grant": grants}]}

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        granted = [
            (at(grant, "grantee", "uri"), grant.get("permission"))
            for policy in declaration.blocks("access_control_policy")
            for grant in blocks(policy, "grant")
        ]
        canned = known(declaration.at("acl"))
        if canned in _CANNED:
            granted.append((f"{_GROUPS}{_CANNED[canned]}", "READ"))
        granted += [(f"{_GROUPS}{_LOG_DELIVERY}", it) for it in _CANNED_FOR_LOGS.get(canned, ())]
        return _of_groups(granted)

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return _of_groups([(grant["Grantee"].get("URI"), grant["Permission"]) for grant in answer["Grants"]])

    def requested(self) -> Requests:
        granted = [
            *((uri, "READ") for uri in self.public_grantees),
            *((f"{_GROUPS}{_LOG_DELIVERY}", it) for it in self.log_delivery),
        ]
        if granted:
            grants = [
                {"Grantee": {"Type": "Group", "URI": uri}, "Permission": permission}
                for uri, permission in granted
            ]
            listed = {"Owner": {"ID": "owner"}, "Grants": grants}
            yield request("s3:PutBucketAcl", Bucket=self.name, AccessControlPolicy=listed)


class ObjectOwnership(Facet):
    """Who owns the objects, and with it whether the ACL is in force."""

    call = of_bucket("s3:GetBucketOwnershipControls", "OwnershipControlsNotFoundError")
    beside = Beside("aws_s3_bucket_ownership_controls", "bucket")
    arguments: ClassVar = {"object_ownership": "rule"}

    in_answer: ClassVar = {"object_ownership": "OwnershipControls?.Rules[0].ObjectOwnership"}

    object_ownership: Ownership | None = None
    """None in an account where that was never configured: the ACL is in force.

    Where source says nothing it hangs on the day on which the bucket was created. Source: Amazon S3 User
    Guide, "Controlling ownership of objects and disabling ACLs for your bucket".
    """

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        owned = declaration.at("rule", "object_ownership")
        return {"object_ownership": NOT_DEPLOYED if owned is None else owned}

    def requested(self) -> Requests:
        if isinstance(self.object_ownership, str):
            rules = [{"ObjectOwnership": self.object_ownership}]
            yield request(
                "s3:PutBucketOwnershipControls", Bucket=self.name, OwnershipControls={"Rules": rules}
            )


def _of_groups(granted: list[tuple[Any, Any]]) -> Fields:
    """Return the fields that grants make. Raises `Undetermined` where a grantee is not known."""
    told = [(uri, permission) for uri, permission in granted if known(uri)]
    return {
        "public_grantees": sorted({uri for uri, _ in told if uri.endswith(_PUBLIC_GROUPS)}),
        "log_delivery": lambda: sorted({known(it) for uri, it in told if uri.endswith(_LOG_DELIVERY)}),
    }
