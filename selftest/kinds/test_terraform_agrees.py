"""Law 2: what Terraform source declares, as the suite evaluates it, is what Terraform applies."""

import json
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

import pytest

from plumbline.aws.reads import Answers, Aws
from plumbline.expectations.stack import Subject
from plumbline.kinds.declared_policies import MANAGED_BY_AWS
from plumbline.kinds.iam_authorization import Authorization
from plumbline.kinds.kind import Kind
from plumbline.kinds.output import Output
from plumbline.kinds.policy_simulator import Simulation
from plumbline.kinds.registry import computed_attribute, kinds
from plumbline.sources.source import name_of
from plumbline.terraform.declared import known
from plumbline.terraform.model import Settings
from plumbline.values.unknown import Identity, Placeholder, Spelled, Unexamined, Unknown
from selftest.applied.environment import Applied
from selftest.applied.fixtures import only
from selftest.kinds.agreement import Pairs, carried, differences, lacked_by_nature
from selftest.mutations.worlds import declared
from selftest.stacks.bbws import BBWS

pytestmark = pytest.mark.heavy


@cache
def every_model(applied: Applied) -> dict[str, tuple[Kind, Kind]]:
    """Return each resource as its source declares it, and as the account that it was applied to shows it.

    One that an output names has another name in an account: its id, where the source has its alias.
    """
    source = declared(applied.proven)
    aws = Aws(cache(applied.client), applied.account, applied.region, Answers(), calls=None)
    return {
        subject.key: (source.read(subject), _applied(subject, aws.within(subject.region)))
        for subject in applied.proven.stack.subjects(applied.environment).values()
        if subject.root and list(subject.kind.calls_for()) and not isinstance(subject.found_by, Output)
    }


def _applied(subject: Subject, aws: Aws) -> Kind:
    return subject.kind.from_aws(aws, name_of(subject, aws))


def models(applied: Applied) -> dict[str, tuple[Kind, Kind]]:
    """Return those of which a root declares all; an account's authorization is declared by several."""
    pairs = every_model(applied)
    return {key: pair for key, pair in pairs.items() if not isinstance(pair[0], Authorization)}


def test_each_resource_is_applied_as_it_is_evaluated(applied: Applied) -> None:
    found: dict[str, Pairs] = {key: differences(*pair) for key, pair in models(applied).items()}
    assert {key: pairs for key, pairs in found.items() if pairs} == {}


def test_every_field_is_compared_but_those_that_one_side_lacks_by_nature(applied: Applied) -> None:
    for key, (source, account) in models(applied).items():
        left_out = type(source).model_fields.keys() - carried(source, account).keys()
        replication = {name for name in left_out if name.startswith("replica")}
        others = {name for name in left_out if isinstance(getattr(source, name), Identity | Spelled)}
        chosen = type(source).chosen.keys() | others  # by AWS, for it or for what it names
        may_lack = lacked_by_nature(source, account) | replication | chosen | _of_accounts_alone(source)
        assert left_out <= may_lack | _of_random_names(source), key


def _of_random_names(source: Kind) -> set[str]:
    """Return what source cannot say of a bucket whose name has a random end, and of what names it."""
    told = {name: getattr(source, name) for name in type(source).model_fields}
    why = {
        name: it.origin if isinstance(it, Unknown) else it.reason
        for name, it in told.items()
        if isinstance(it, Unknown | Unexamined)
    }
    return {name for name, it in why.items() if re.search(r"\b(aws_s3_bucket|random_\w+)\.", it)}


def _of_accounts_alone(source: Kind) -> set[str]:
    """Return what source cannot say: which key an alias stands for, and what policies of AWS's own allow."""
    if not isinstance(source, Simulation):
        return set()
    by_aws = any(map(MANAGED_BY_AWS.fullmatch, known(source.policies)))
    return {"allowed", "refused"} if by_aws or ":alias/" in source.name else set()


@only(BBWS)
def test_what_a_root_declares_of_an_authorization_is_in_the_account(applied: Applied) -> None:
    checked = 0
    for source, account in every_model(applied).values():
        if isinstance(source, Authorization) and isinstance(account, Authorization):
            assert {*source.roles_and_policies} <= {*account.roles_and_policies}
            known = {
                key: it
                for key, it in source.policies.items()
                if not isinstance(it, Placeholder) and _is_asked_for(key, source.name)
            }
            assert {key: account.policies.get(key) for key in known} == known
            checked += len(known)
    assert checked > 5


def _is_asked_for(policy: str, names: str) -> bool:
    """Whether a policy is of somebody who is asked for by name in an account."""
    holder = policy.partition(" ")[0].rpartition("/")[2]
    return any(fnmatchcase(holder, name) for name in names.split())


def test_what_follows_by_rule_is_what_the_provider_gives(applied: Applied) -> None:
    settings = Settings(account=applied.account, region=applied.region)
    held = [instance for root in applied.roots for instance in applied_instances(applied, root)]
    rules = [rule.split(".") for kind in kinds().values() for rule in kind.computed]
    checked = {
        (address, attribute): (computed_attribute(type_, attribute, values, settings), values[attribute])
        for type_, address, values in held
        for of, attribute in rules
        if of == type_
    }
    assert checked
    assert {place: pair for place, pair in checked.items() if pair[0] != pair[1]} == {}


def applied_instances(applied: Applied, root: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield type, address and attributes of everything that a root's state manages."""
    state = json.loads((applied.folder / root / "terraform.tfstate").read_text())
    for resource in state["resources"]:
        address = f"{root}: {resource['type']}.{resource['name']}"
        for instance in resource["instances"]:
            if resource["mode"] == "managed":
                key = instance.get("index_key", "")
                yield resource["type"], f"{address}[{key}]", instance["attributes"]
