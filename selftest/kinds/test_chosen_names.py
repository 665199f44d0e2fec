"""Ids of keys, which AWS chooses, in the parity of two accounts."""

from pathlib import Path

import pytest

from plumbline.expectations.stack import Stack, Subject
from plumbline.sources.differences import Comparison, Reading
from plumbline.sources.parity import Environment, parity
from plumbline.values.put_back import putting_back
from plumbline.values.unknown import Identity

STACK = """\
format: 2
stack: shop
title: Shop
region: eu-west-1
environments: {dev: {account: "111111111111"}, prod: {account: "222222222222"}}
terraform: {directory: .}
buckets: {data: {name: "shop-{env}-data"}}
"""
KEYS = 'keys: {main: {name: "alias/shop-{env}"}}\n'
IDS = {
    "dev": "arn:aws:kms:eu-west-1:111111111111:key/1-a",
    "prod": "arn:aws:kms:eu-west-1:222222222222:key/2-b",
}
CENTRAL = "arn:aws:kms:eu-west-1:333333333333:key/3-c"


def environment(folder: Path, name: str, stack: str, kms_key: str | None) -> Environment:
    (folder / "shop.yaml").write_text(stack)
    read = Stack(folder / "shop.yaml")
    subjects = dict(read.subjects(name))
    given: dict[str, dict[str, object]] = {"main": {"arn": IDS[name]}, "data": {"kms_key": kms_key}}
    readings: dict[Subject, Reading] = {
        it: it.kind.of("x", {"name": it.name, **given[key]}) for key, it in subjects.items()
    }
    return Environment(name, subjects, readings, read.placeholders(name), is_account=True)


def compared(folder: Path, stack: str, dev: str | None, prod: str | None) -> Comparison:
    return parity(environment(folder, "dev", stack, dev), environment(folder, "prod", stack, prod))[0]


def test_a_key_that_the_stack_names_is_compared_by_its_name(tmp_path: Path) -> None:
    told = compared(tmp_path, STACK + KEYS, IDS["dev"], IDS["prod"])
    assert not told.differs
    assert not told.open
    assert [it.field for it in compared(tmp_path, STACK + KEYS, None, IDS["prod"]).differences] == ["kms_key"]


@pytest.mark.parametrize(
    ("dev", "prod", "differing", "open_"),
    [
        (IDS["dev"], IDS["prod"], [], ["kms_key"]),
        (IDS["dev"], CENTRAL, [], ["kms_key"]),
        (CENTRAL, CENTRAL, [], []),
        (None, IDS["prod"], ["kms_key"], []),
    ],
)
def test_of_a_key_that_it_does_not_name_nobody_knows_whether_it_is_for_the_same(
    tmp_path: Path, dev: str | None, prod: str | None, differing: list[str], open_: list[str]
) -> None:
    told = compared(tmp_path, STACK, dev, prod)
    assert [it.field for it in told.differences] == differing
    assert [it.field for it in told.open] == open_


def test_a_key_that_apply_will_make_is_known_by_its_place_in_either_environment() -> None:
    of = {it: Identity(f"/infra/envs/{it}", f'aws_kms_key.k["{it}"]', "arn") for it in ("dev", "prod")}
    dev, prod = {"env": "dev"}, {"env": "prod"}
    assert putting_back(dev, prod)(of["dev"]) == putting_back(prod, dev)(of["prod"])


GROUPS = 'cache_clusters: {data: {name: "shop-{env}"}}\n'
GROUP = 'security_groups: {main: {name: "shop-{env}"}}\n'


@pytest.mark.parametrize(("named", "open_"), [(GROUP, []), ("", ["security_group_ids", "vpc_id"])])
def test_a_security_group_that_the_stack_names_is_compared_by_its_name(
    tmp_path: Path, named: str, open_: list[str]
) -> None:
    ids = {"dev": "sg-0123456789abcdef0", "prod": "sg-0fedcba9876543210"}
    vpcs = {} if named else {"dev": "vpc-0123456789abcdef0", "prod": "vpc-0fedcba9876543210"}
    sides = []
    for name in ids:
        (tmp_path / "shop.yaml").write_text(STACK.replace("buckets: ", "#") + GROUPS + named)
        stack = Stack(tmp_path / "shop.yaml")
        given = {
            "main": {"id": ids[name]},
            "data": {"security_group_ids": [ids[name]], "vpc_id": vpcs.get(name, "")},
        }
        subjects = dict(stack.subjects(name))
        readings: dict[Subject, Reading] = {
            it: it.kind.of("x", {"name": it.name, **given[key]}) for key, it in subjects.items()
        }
        sides.append(Environment(name, subjects, readings, stack.placeholders(name), is_account=True))
    told = parity(*sides)[0]
    assert not told.differs
    assert sorted(it.field.partition("[")[0] for it in told.open) == open_
