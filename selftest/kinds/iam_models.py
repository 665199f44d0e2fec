"""Models of IAM's kinds as an account may hold them, at random."""

from typing import Any

from hypothesis import strategies as st

from plumbline.kinds.iam import ManagedPolicy, Role
from plumbline.kinds.iam_authorization import Authorization
from plumbline.kinds.kind import Kind
from plumbline.kinds.placements import Placements
from plumbline.kinds.policy_simulator import OUTSIDE, Simulation
from plumbline.policy import Policy, decide, dynamodb_elsewhere, dynamodb_wildcards, trusted_services
from selftest.kinds.network_models import shown_by_placements
from selftest.policy_documents.cases import ACCOUNT, ACTIONS, CONDITIONS, RESOURCES, TABLE

ROLE = "bbws-role-of-policies"
"""The role that random policies are given to."""
REGION = "af-south-1"

some_names = st.from_regex(r"bbws-[a-z]{3,8}", fullmatch=True)
services = st.sampled_from(["backup.amazonaws.com", "s3.amazonaws.com", "lambda.amazonaws.com"])
decided = [it for it in CONDITIONS if "aws:SecureTransport" in str(it) and "OrgID" not in str(it)]
"""Conditions of which the suite knows whether they hold."""


def _statements(**more: Any) -> st.SearchStrategy[dict[str, Any]]:
    given = {
        "Effect": st.sampled_from(["Allow", "Allow", "Deny"]),
        "Action": st.lists(st.sampled_from(ACTIONS), min_size=1, max_size=3, unique=True),
        "Resource": st.lists(st.sampled_from(RESOURCES), min_size=1, max_size=3, unique=True),
    }
    return st.fixed_dictionaries(given | more, optional={"Condition": st.sampled_from(decided)})


policies = st.lists(_statements(), min_size=1, max_size=2).map(
    lambda statements: Policy.read({"Statement": statements}, "at random")
)


@st.composite
def roles(draw: st.DrawFn) -> Role:
    """A role that services may assume, some of them not after all."""
    name, path = draw(some_names), draw(st.sampled_from(["/", "/service-role/", "/a/b/"]))
    allowed = sorted(draw(st.sets(services, min_size=1)))
    statements: list[dict[str, Any]] = [_assumed("Allow", allowed)]
    if draw(st.booleans()):
        statements.append(_assumed("Deny", [draw(services)]))
    trust = Policy.read({"Statement": statements}, "at random")
    return Role(
        name=name,
        path=path,
        arn=f"arn:aws:iam::{ACCOUNT}:role{path}{name}",
        trust=trust,
        trusted_services=trusted_services(trust, ACCOUNT),
        inline_policies=draw(st.dictionaries(some_names, policies, max_size=2)),
        attached_policies=draw(st.lists(st.sampled_from(OF_AWS), max_size=2, unique=True).map(sorted)),
        permissions_boundary=draw(st.none() | st.sampled_from(OF_AWS)),
    )


OF_AWS = [f"arn:aws:iam::aws:policy/{name}" for name in ("ReadOnlyAccess", "AmazonDynamoDBFullAccess_v2")]
"""Policies of AWS's own that moto knows."""


@st.composite
def managed_policies(draw: st.DrawFn) -> ManagedPolicy:
    """A customer-managed policy, perhaps under a path."""
    name = draw(st.sampled_from(["", "a/", "a/b/"])) + draw(some_names)
    return ManagedPolicy(name=name, arn=f"arn:aws:iam::{ACCOUNT}:policy/{name}", policy=draw(policies))


def shown_by(model: Kind) -> list[Kind]:
    """Return what an account holds where a view of it reads as this model."""
    match model:
        case Simulation():
            return _shown_by_a_simulation(model)
        case Authorization():
            return _shown_by_an_authorization(model)
        case Placements():
            return shown_by_placements(model)
    return [model]


def _shown_by_a_simulation(model: Simulation) -> list[Kind]:
    given = {name: policy for name, policy in model.policies.items() if name.startswith("arn:")}
    limit = {} if model.boundary is None else {f"arn:aws:iam::{ACCOUNT}:policy/limit": model.boundary}
    role = Role(
        name=ROLE,
        trust=Policy(),
        inline_policies={name: it for name, it in model.policies.items() if name not in given},
        attached_policies=list(given),
        permissions_boundary=next(iter(limit), None),
    )
    return [*_managed({**given, **limit}), role]


def _shown_by_an_authorization(model: Authorization) -> list[Kind]:
    inline = {key.partition(" ")[2]: it for key, it in model.policies.items() if " " in key}
    role = Role(name=ROLE, trust=Policy(), inline_policies=inline)
    return [*_managed({key: it for key, it in model.policies.items() if " " not in key}), role]


def _managed(given: dict[str, Policy]) -> list[ManagedPolicy]:
    return [ManagedPolicy(name=key.rpartition("/")[2], policy=policy) for key, policy in given.items()]


def _assumed(effect: str, by: list[str]) -> dict[str, Any]:
    return {"Effect": effect, "Principal": {"Service": by}, "Action": "sts:AssumeRole"}


@st.composite
def simulations(draw: st.DrawFn) -> Simulation:
    """A role with inline and managed policies, perhaps with a boundary, asked for several actions."""
    inline = draw(st.dictionaries(some_names, policies, max_size=2))
    attached = draw(st.dictionaries(some_names, policies, max_size=2))
    given = {**inline, **{f"arn:aws:iam::{ACCOUNT}:policy/{name}": it for name, it in attached.items()}}
    boundary = draw(st.none() | policies)
    actions = draw(st.lists(st.sampled_from(ASKED), min_size=1, max_size=3, unique=True))
    decisions = {action: _decision(given, boundary, action) for action in actions}
    return Simulation(
        name=f"{ROLE} may {', '.join(actions)} on {TABLE}",
        role_arn=f"arn:aws:iam::{ACCOUNT}:role/{ROLE}",
        policies=given,
        boundary=boundary,
        refused={action: decision for action, decision in decisions.items() if decision != "allowed"},
        allowed=sorted(action for action, decision in decisions.items() if decision == "allowed"),
    )


ASKED = ["dynamodb:PutItem", "dynamodb:GetItem", "dynamodb:Query", "dynamodb:CreateTable"]


def _decision(given: dict[str, Policy], boundary: Policy | None, action: str) -> str:
    decision: str = decide(given.values(), action, TABLE)
    outside = boundary is not None and decide([boundary], action, TABLE) != "allowed"
    return OUTSIDE if outside and decision != "explicitDeny" else decision


@st.composite
def authorizations(draw: st.DrawFn) -> Authorization:
    """Roles and policies of some names, with what is wide or foreign about them."""
    held = sorted({f"policy/{name}" for name in draw(st.sets(some_names, max_size=2))} | {f"role/{ROLE}"})
    given = {name: draw(policies) for name in held if name.startswith("policy/")}
    given |= {f"role/{ROLE} {name}": draw(policies) for name in draw(st.sets(some_names, max_size=2))}
    return Authorization(
        name="bbws-*",
        roles_and_policies=held,
        policies=given,
        dynamodb_wildcards=sorted(
            f"{key} grants {it}" for key, policy in given.items() for it in dynamodb_wildcards(policy)
        ),
        dynamodb_elsewhere=sorted(
            f"{key} names {it}"
            for key, policy in given.items()
            for it in dynamodb_elsewhere(policy, ACCOUNT, REGION)
        ),
        trusts={f"arn:aws:iam::{ACCOUNT}:role/{ROLE}": Policy()},
    )
