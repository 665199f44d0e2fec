"""What a bucket's policy says: whom it keeps out, and whether access logs get in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from plumbline.aws.authorization import actions
from plumbline.kinds.call import Asked
from plumbline.kinds.declared_policies import document
from plumbline.kinds.facet import Facet, Fields, Requests, request
from plumbline.kinds.role_use import Holder
from plumbline.kinds.s3_call import of_bucket
from plumbline.kinds.spelled_policies import about_bucket
from plumbline.policy import (
    ALL,
    OVER_TLS,
    WITHOUT_TLS,
    Context,
    Document,
    Policy,
    decide,
    of_role,
    surely,
    undenied,
)
from plumbline.terraform.declared import Beside, Declaration, given, known
from plumbline.values.arns import partition_of
from plumbline.values.model import Model
from plumbline.values.unknown import Spelled, Undetermined

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.kinds.iam import Role
    from plumbline.kinds.iam_authorization import Authorization
    from plumbline.kinds.s3_openness import Ownership
    from plumbline.values.model import Text

_DELIVERY = ("Service", "logging.s3.amazonaws.com")
_WRITES = ("WRITE", "FULL_CONTROL")
_NO_POLICY = Policy(statements=[])


class Permission(Model):
    """What somebody does to a bucket, or to what lies in it."""

    resource: str
    """`arn:aws:s3:::mail-sit/*`."""
    actions: list[str]


class BucketPolicy(Facet):
    """The policy of the bucket."""

    call = of_bucket("s3:GetBucketPolicy", "NoSuchBucketPolicy")
    beside = Beside("aws_s3_bucket_policy", "bucket")
    arguments: ClassVar = dict.fromkeys(
        ("allowed_without_tls", "denied", "refused", "refuses_logs_of"), "policy"
    )

    if TYPE_CHECKING:
        arn: Text
        region: str
        account: str
        sse_algorithm: str
        object_ownership: Ownership | None
        log_delivery: list[Text]
        locks: str | None
        payer: str

    policy: Document | None = None

    @property
    def allowed_without_tls(self) -> list[str]:
        """What of the bucket and its objects the policy does not deny everybody over plain HTTP.

        Source: Amazon S3 User Guide, "Security best practices", "Enforce encryption of data in transit".
        """
        policy = known(self.policy) or _NO_POLICY
        places = [self._arn(self.name), f"{self._arn(self.name)}/*"]
        told = {"aws:ResourceAccount": self.account, "s3:ResourceAccount": self.account}
        owned = {key: value for key, value in told.items() if isinstance(value, str)}
        return undenied(policy, places, "s3", actions("s3"), {**WITHOUT_TLS, **owned})

    def denied(self, role: str, needed: list[Permission]) -> list[str]:
        """Return what the policy denies a role of the bucket's account, of what it needs.

        Each as `s3:ReplicateObject on ARN`. What a role may do is up to its own policies; a bucket can only
        refuse it. Raises `Undetermined` where that hangs on what is not known.
        """
        policy = known(self.policy)
        if policy is None:
            return []
        refusing = Policy(statements=[it for it in policy.statements if it.effect == "Deny"])
        return surely(
            (f"{action} on {it.resource}", partial(_is_denied, refusing, action, it.resource, role))
            for it in needed
            for action in it.actions
        )

    def refused(self, actions: list[str], role: Role, authorization: Authorization) -> list[str]:
        """Return what a role of the bucket's account may not do with all objects.

        `authorization` holds the documents of the managed policies that the role is given. Raises
        `Undetermined` where nothing is refused for certain, and something may be.
        """
        place = self.arn.text if isinstance(self.arn, Spelled) else known(self.arn)
        holder = Holder.of(role, authorization)
        asking = holder.seen({name: about_bucket(it, place) for name, it in holder.own.items()})
        of_bucket = None if self.policy is None else about_bucket(self.policy, place)
        told = {"aws:ResourceAccount": self.account, "s3:ResourceAccount": self.account}
        owned = {key: it for key, it in told.items() if isinstance(it, str)}
        return asking.refused(actions, f"{place}/*", of_bucket, owned)

    def refuses_logs_of(self, bucket: str, prefix: str) -> list[str]:
        """Return why access logs of a bucket of the same account do not arrive below a prefix of this one.

        The service that delivers them needs the policy, or an ACL that Object Ownership leaves in force,
        cannot use a key of KMS, and puts nothing where Object Lock keeps it for a time by default, or where
        whoever asks pays. Raises `Undetermined` where that hangs on what is not known.
        Source: Amazon S3 User Guide, "Enabling Amazon S3 server access logging".
        """
        return [*self._encrypted(), *self._on_terms(), *self._shut(bucket, prefix)]

    def _encrypted(self) -> Iterator[str]:
        if self.sse_algorithm != "AES256":
            yield f"its default encryption is {self.sse_algorithm}, and logs are delivered with AES256 alone"

    def _on_terms(self) -> Iterator[str]:
        if self.locks is not None:
            yield f"Object Lock keeps by default ({self.locks}) what is put, and no logs are delivered then"
        if self.payer != "BucketOwner":
            yield f"requests are paid for by {self.payer}, and no logs are delivered then"

    def _shut(self, bucket: str, prefix: str) -> Iterator[str]:
        told: dict[str, Any] = {
            "aws:SourceAccount": self.account,
            "aws:SourceArn": self._arn(bucket) if isinstance(bucket, str) else bucket,
            "aws:PrincipalServiceName": _DELIVERY[1],
            "aws:PrincipalIsAWSService": "true",
        }
        context: Context = {**OVER_TLS, **{key: it for key, it in told.items() if isinstance(it, str)}}
        place = f"{self._arn(self.name)}/{known(prefix)}*"
        policy = known(self.policy) or _NO_POLICY
        try:
            decision = decide([policy], "s3:PutObject", place, _DELIVERY, context)
        except Undetermined:
            for it in told.values():  # why nobody knows it, where the request is what nobody knows
                known(it)
            raise
        if decision == "explicitDeny":
            yield f"its policy denies {_DELIVERY[1]} s3:PutObject on {place}"
        elif decision == "implicitDeny" and not self._acl_lets_in():
            yield f"neither its policy nor its ACL lets {_DELIVERY[1]} put objects on {place}"

    def _acl_lets_in(self) -> bool:
        return any(it in self.log_delivery for it in _WRITES) and (
            self.object_ownership != "BucketOwnerEnforced"
        )

    def _arn(self, bucket: str) -> str:
        return f"arn:{partition_of(known(self.region))}:s3:::{known(bucket)}"

    @classmethod
    def within(cls, values: Mapping[str, Any]) -> Mapping[str, Any] | None:
        return {"policy": values["policy"]} if given(values.get("policy")) else None

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        text = declaration.at("policy")
        if text is None:
            return {}
        at = declaration.place("policy")
        return {"policy": document(text, at, "resource", root=declaration.resource.root)}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        text = answer.get("Policy")
        return {"policy": text and Policy.read(text, f"the policy of {asked.name}", "resource")}

    def requested(self) -> Requests:
        if self.policy is not None:
            yield request("s3:PutBucketPolicy", Bucket=self.name, Policy=self.policy.as_json())


def _is_denied(refusing: Policy, action: str, resource: str, role: str) -> bool:
    asker = str(known(role))
    return decide([ALL, refusing], action, resource, ("AWS", asker), of_role(asker, resource)) != "allowed"
