"""What opens a bucket to everybody: its policy, and its access control list.

Source: Amazon S3 User Guide, "Blocking public access to your Amazon S3 storage", "The meaning of public".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.declared_policies import document
from plumbline.kinds.facet import Facet, Fields, Requests, request
from plumbline.policy import Document, Policy, is_public
from plumbline.terraform.declared import Beside, Declaration, at, blocks, given, known
from plumbline.values.model import Text
from plumbline.values.unknown import Placeholder, Unexamined

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

_NOT_ASKED = Unexamined("an account is asked whether S3 calls the policy public, not what it says")
_GROUPS = "http://acs.amazonaws.com/groups/"
_PUBLIC_GROUPS = ("global/AllUsers", "global/AuthenticatedUsers")
_CANNED = {
    "public-read": "global/AllUsers",
    "public-read-write": "global/AllUsers",
    "authenticated-read": "global/AuthenticatedUsers",
}
"""The canned ACLs that grant something to a group of everybody. Source: S3 User Guide, "Canned ACL"."""


class PolicyStatus(Facet):
    """Whether S3 calls the bucket's policy public."""

    call = Call(
        "s3:GetBucketPolicyStatus",
        {"Bucket": "{name}"},
        of="arn:aws:s3:::{name}",
        absent=("NoSuchBucketPolicy",),
    )
    beside = Beside("aws_s3_bucket_policy", "bucket")
    arguments: ClassVar = {"policy_is_public": "policy"}

    policy: Document | None = None
    """The policy, as source declares it."""
    policy_is_public: bool = False

    @classmethod
    def within(cls, values: Mapping[str, Any]) -> Mapping[str, Any] | None:
        return {"policy": values["policy"]} if given(values.get("policy")) else None

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        text = declaration.at("policy")
        if text is None:
            return {}
        policy = document(text, declaration.place("policy"), "resource")
        return {"policy": policy, "policy_is_public": lambda: is_public(known(policy))}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        """Return whether the policy is public; a bucket without one has none, whatever that would say."""
        if "PolicyStatus" not in answer:
            return {}
        return {"policy": _NOT_ASKED, "policy_is_public": answer["PolicyStatus"]["IsPublic"]}

    def requested(self) -> Requests:
        """Yield what gives the bucket its policy. Raises `Undetermined` where S3's verdict is not known."""
        if isinstance(self.policy_is_public, Placeholder):
            self.policy_is_public.refuse()
        if isinstance(self.policy, Policy):
            yield request("s3:PutBucketPolicy", Bucket=self.name, Policy=self.policy.as_json())


class AccessControlList(Facet):
    """Whom the ACL grants something to."""

    call = Call("s3:GetBucketAcl", {"Bucket": "{name}"}, of="arn:aws:s3:::{name}")
    beside = Beside("aws_s3_bucket_acl", "bucket")
    arguments: ClassVar = {"public_grantees": "acl"}

    public_grantees: list[Text] = []
    """The groups of everybody that the ACL grants something to."""

    @classmethod
    def within(cls, values: Mapping[str, Any]) -> Mapping[str, Any] | None:
        grants = [
            {"grantee": [{"uri": grant.get("uri")}]}
            for grant in blocks(values, "grant")
            if given(grant.get("uri"))
        ]
        if not grants and not given(values.get("acl")):
            return None
        return {"acl": values.get("acl"), "access_control_policy": [{"grant": grants}]}

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        granted = [
            at(grant, "grantee", "uri")
            for policy in declaration.blocks("access_control_policy")
            for grant in blocks(policy, "grant")
        ]
        canned = known(declaration.at("acl"))
        if canned in _CANNED:
            granted.append(f"{_GROUPS}{_CANNED[canned]}")
        return {"public_grantees": _public(granted)}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {"public_grantees": _public([grant["Grantee"].get("URI") for grant in answer["Grants"]])}

    def requested(self) -> Requests:
        if self.public_grantees:
            grants = [
                {"Grantee": {"Type": "Group", "URI": uri}, "Permission": "READ"}
                for uri in self.public_grantees
            ]
            listed = {"Owner": {"ID": "owner"}, "Grants": grants}
            yield request("s3:PutBucketAcl", Bucket=self.name, AccessControlPolicy=listed)


def _public(granted: list[Any]) -> list[str]:
    """Return the groups of everybody among grantees. Raises `Undetermined` where one is not known."""
    return sorted({uri for uri in _known(granted) if uri.endswith(_PUBLIC_GROUPS)})


def _known(granted: list[Any]) -> Iterator[str]:
    yield from (uri for uri in map(known, granted) if uri)
