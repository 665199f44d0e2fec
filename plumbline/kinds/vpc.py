"""The endpoints of VPCs through which a service is reached."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Self

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.declared_policies import document
from plumbline.kinds.facet import Fields, Requests, request
from plumbline.kinds.kind import Kind, Wanted
from plumbline.policy import Document, Policy, decide, is_for_machines, of_role
from plumbline.terraform.companions import companion, everywhere, speaking
from plumbline.terraform.declared import Declaration, given, known, place
from plumbline.values.unknown import Placeholder, Undetermined, Unexamined, Unknown

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.kinds.dynamodb import Table
    from plumbline.kinds.iam import Role
    from plumbline.terraform.model import Configuration, Resource

_OPEN = {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}
"""What an endpoint without a policy of its own lets through. Source: AWS PrivateLink guide."""
_READS_INDEXES = frozenset({"dynamodb:query", "dynamodb:scan"})
"""The actions that are also taken on indexes, in lower case. Source: service authorization reference."""


class VpcEndpoints(Kind):
    """The VPC endpoints of a service; its name is that of the service, `com.amazonaws.region.dynamodb`."""

    noun = "vpc_endpoints"
    plural = "vpc_endpoints"
    shows = ("vpc_endpoints",)
    terraform_type = "aws_vpc_endpoint"
    further_types = ("aws_vpc_endpoint_policy",)
    name_argument = "service_name"
    call = Call(
        "ec2:DescribeVpcEndpoints",
        {"Filters": [{"Name": "service-name", "Values": ["{name}"]}]},
        of="endpoints of {name}",
    )

    policies: list[Document] = []
    """The policy of each endpoint, in one order."""

    def stops(self, actions: list[str], table: Table, role: Role) -> list[str]:
        """Return the actions on a table or its indexes that some endpoint does not let a role take.

        Raises `Undetermined` where that hangs on what is not known. Source: AWS PrivateLink guide.
        """
        return [
            action
            for action in actions
            if any(
                _stops(policy, action, place, role)
                for policy in self.policies
                for place in _asked(action, table)
            )
        ]

    @classmethod
    def find(cls, configuration: Configuration, name: str, where: str, wanted: Wanted = None) -> Self:
        """Return the endpoints that Terraform declares for the service; there may be none."""
        declared = everywhere(configuration, cls.terraform_type)
        endpoints = [it for it in declared.found if _is_for(it[0], name)]
        policies = sorted((_declared(endpoint, root) for endpoint, root in endpoints), key=repr)
        place_ = str(endpoints[0][0].location) if endpoints else where
        return cls.of(place_, {"name": name, "policies": declared.complete(policies)})

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        """Return the policy of the one endpoint that a resource declares: moto is given each by itself."""
        return {"policies": [_declared(declaration.resource, declaration.configuration)]}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        texts = [it["PolicyDocument"] for it in answer["VpcEndpoints"] if "PolicyDocument" in it]
        found = (Policy.read(text, f"an endpoint of {asked.name}") for text in texts)
        return {"policies": sorted(found, key=str)}

    def requested(self) -> Requests:
        """Yield what creates the endpoints, each in a VPC of its own."""
        for policy in self.policies:
            made = yield request("ec2:CreateVpc", CidrBlock="10.0.0.0/16")
            yield request(
                "ec2:CreateVpcEndpoint",
                VpcId=made["Vpc"]["VpcId"],
                ServiceName=self.name,
                PolicyDocument=policy.as_json(),
            )


def _stops(policy: Policy, action: str, place: str, role: Role) -> bool:
    asker = known(role.arn)
    asked = of_role(asker, place, with_mfa=not is_for_machines(known(role.trust)))
    return decide([policy], action, place, ("AWS", asker), asked) != "allowed"


def _asked(action: str, table: Table) -> Iterator[str]:
    """Yield the ARNs of the table and, for what reads through an index, of its indexes."""
    arn = known(table.arn)
    yield arn
    if action.lower() in _READS_INDEXES:
        yield from (f"{arn}/index/{name}" for name in known(table.index_names))


def _is_for(endpoint: Resource, service: str) -> bool:
    """Return whether an endpoint is one of this service; one of which that is not known counts as one."""
    declared = endpoint.values.get("service_name")
    return isinstance(declared, Placeholder) or declared == service


def _declared(endpoint: Resource, configuration: Configuration) -> Any:
    if isinstance(endpoint.values.get("service_name"), Placeholder):
        return endpoint.values["service_name"]
    try:
        part = companion(endpoint, configuration, "aws_vpc_endpoint_policy", "vpc_endpoint_id")
        speaking(endpoint, part, "policy", configuration.source)
    except Undetermined as undetermined:
        return Unexamined(str(undetermined))
    for holder in [endpoint] if part is None else [part, endpoint]:
        text = holder.values.get("policy")
        computed = isinstance(text, Unknown) and "policy" not in holder.references
        if given(text) and not (computed and configuration.source == "plan"):
            return document(text, place(holder, "policy"), "resource")
    return Policy.read(_OPEN, str(endpoint.location))
