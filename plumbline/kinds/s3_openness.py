"""What lets somebody into a bucket, or keeps them out: its policy, and its access control list.

Source: Amazon S3 User Guide, "Blocking public access to your Amazon S3 storage", "The meaning of public".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.declared_policies import document
from plumbline.kinds.facet import Facet, Fields, Requests, request
from plumbline.policy import ALL, Document, Policy, decide, is_public, of_role
from plumbline.terraform.declared import Beside, Declaration, at, blocks, given, known
from plumbline.values.model import Model, Text
from plumbline.values.unknown import Undetermined

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

_NO_POLICY = ("NoSuchBucketPolicy",)
_GROUPS = "http://acs.amazonaws.com/groups/"
_PUBLIC_GROUPS = ("global/AllUsers", "global/AuthenticatedUsers")
_CANNED = {
    "public-read": "global/AllUsers",
    "public-read-write": "global/AllUsers",
    "authenticated-read": "global/AuthenticatedUsers",
}
"""The canned ACLs that grant something to a group of everybody. Source: S3 User Guide, "Canned ACL"."""


class Permission(Model):
    """What somebody does to a bucket, or to what lies in it."""

    resource: str
    """`arn:aws:s3:::mail-sit/*`."""
    actions: list[str]


class ResourcePolicy(Facet):
    """The bucket's policy."""

    call = Call(
        "s3:GetBucketPolicy",
        {"Bucket": "{name}"},
        of="arn:aws:s3:::{name}",
        absent=_NO_POLICY,
    )
    beside = Beside("aws_s3_bucket_policy", "bucket")
    arguments: ClassVar = {"denied": "policy"}

    policy: Document | None = None

    def denied(self, role: str, needed: list[Permission]) -> list[str]:
        """Return what the policy denies a role of the bucket's account, of what it needs.

        Each as `s3:ReplicateObject on ARN`. What a role may do is up to its own policies; a bucket can only
        refuse it. Raises `Undetermined` where that hangs on what is not known.
        """
        policy = known(self.policy)
        if policy is None:
            return []
        refusing = Policy(statements=[it for it in policy.statements if it.effect == "Deny"])
        asked = [(action, it.resource) for it in needed for action in it.actions]
        found: list[str] = []
        doubts: list[Undetermined] = []
        for action, resource in asked:
            try:
                if _is_denied(refusing, action, resource, str(known(role))):
                    found.append(f"{action} on {resource}")
            except Undetermined as doubt:
                doubts.append(doubt)
        if doubts and not found:
            raise doubts[0]
        return found

    @classmethod
    def within(cls, values: Mapping[str, Any]) -> Mapping[str, Any] | None:
        return {"policy": values["policy"]} if given(values.get("policy")) else None

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        text = declaration.at("policy")
        return {} if text is None else {"policy": document(text, declaration.place("policy"), "resource")}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        if "Policy" not in answer:
            return {}
        return {"policy": Policy.read(answer["Policy"], f"the policy of {asked.name}", "resource")}

    def requested(self) -> Requests:
        if isinstance(self.policy, Policy):
            yield request("s3:PutBucketPolicy", Bucket=self.name, Policy=self.policy.as_json())


def _is_denied(refusing: Policy, action: str, resource: str, role: str) -> bool:
    return decide([ALL, refusing], action, resource, ("AWS", role), of_role(role, resource)) != "allowed"


class PolicyStatus(Facet):
    """Whether S3 calls the bucket's policy public."""

    call = Call(
        "s3:GetBucketPolicyStatus",
        {"Bucket": "{name}"},
        of="arn:aws:s3:::{name}",
        absent=_NO_POLICY,
    )
    beside = Beside("aws_s3_bucket_policy", "bucket")
    arguments: ClassVar = {"policy_is_public": "policy"}
    follows = ("policy",)

    policy_is_public: bool = False

    @classmethod
    def within(cls, values: Mapping[str, Any]) -> Mapping[str, Any] | None:
        return ResourcePolicy.within(values)

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        policy = ResourcePolicy.declared(declaration).get("policy")
        return {} if policy is None else {"policy_is_public": lambda: is_public(known(policy))}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        """Return whether the policy is public; a bucket without one has none, whatever that would say."""
        return {"policy_is_public": answer["PolicyStatus"]["IsPublic"]} if "PolicyStatus" in answer else {}

    def requested(self) -> Requests:
        """Raise `Undetermined` where S3's verdict is not known: moto would give one of its own."""
        known(self.policy_is_public)
        yield from ()


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
