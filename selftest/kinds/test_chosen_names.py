"""Names that AWS chooses, of keys, APIs, user pools and others, in the parity of two accounts."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from plumbline.expectations.stack import Stack, Subject
from plumbline.sources.differences import Comparison, Reading
from plumbline.sources.parity import Environment, parity
from plumbline.values.put_back import putting_back
from plumbline.values.unknown import Identity

Given = Mapping[str, Any]
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
        given: dict[str, Given] = {
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


READER = 'roles: {reader: {name: "shop-{env}-reader"}}\n'
ALARM = 'alarms: {sign-ins: {name: "shop-{env}"}}\n'
POOLS = {"dev": "eu-west-1_aaaaaaaaa", "prod": "eu-west-1_bbbbbbbbb"}
APIS = {"dev": "a1b2c3d4e5", "prod": "f6g7h8i9j0"}
VERSIONS = {"dev": "9", "prod": "12"}
ACCOUNTS = {"dev": "111111111111", "prod": "222222222222"}


def arn(service: str, env: str, rest: str) -> str:
    return f"arn:aws:{service}:eu-west-1:{ACCOUNTS[env]}:{rest}"


def secret(env: str) -> tuple[Given, str]:
    it = arn("secretsmanager", env, f"secret:shop-{env}-{POOLS[env][-6:]}")
    return {"arn": it}, it


def user_pool(env: str) -> tuple[Given, str]:
    it = arn("cognito-idp", env, f"userpool/{POOLS[env]}")
    return {"id": POOLS[env], "arn": it}, it


def rest_api(env: str) -> tuple[Given, str]:
    return {"id": APIS[env]}, arn("execute-api", env, f"{APIS[env]}/live/*")


def layer(env: str) -> tuple[Given, str]:
    it = arn("lambda", env, f"layer:shop-{env}:{VERSIONS[env]}")
    return {"arn": it}, it


def side(folder: Path, stack: str, env: str, given: Given) -> Environment:
    """An environment with what a source gives of its resources, by their keys."""
    (folder / "shop.yaml").write_text(STACK.replace("buckets: ", "#") + stack)
    read = Stack(folder / "shop.yaml")
    subjects = dict(read.subjects(env))
    readings: dict[Subject, Reading] = {
        it: it.kind.of("x", {"name": it.name, **given[key]}) for key, it in subjects.items()
    }
    return Environment(env, subjects, readings, read.placeholders(env), is_account=True)


@pytest.mark.parametrize("chosen", [secret, user_pool, rest_api, layer])
def test_what_the_stack_names_is_compared_by_that_name_wherever_it_is_referred_to(
    tmp_path: Path, chosen: Callable[[str], tuple[Given, str]]
) -> None:
    def reads(env: str, referred: str) -> Environment:
        allowed = {"effect": "Allow", "actions": ["x:Read"], "resources": [referred]}
        reader = {"inline_policies": {"all": {"statements": [allowed]}}}
        named = f'{chosen.__name__}s: {{chosen: {{name: "shop-{{env}}"}}}}\n'
        return side(tmp_path, READER + named, env, {"reader": reader, "chosen": chosen(env)[0]})

    told = parity(*(reads(env, chosen(env)[1]) for env in ACCOUNTS))[0]
    assert not told.differs
    assert not told.open
    mistaken = parity(*(reads(env, chosen("dev")[1]) for env in ACCOUNTS))[0]
    assert [it.field.partition(".")[0] for it in mistaken.differences] == ["inline_policies"]


def test_of_a_user_pool_that_it_does_not_name_nobody_knows_whether_it_is_for_the_same(tmp_path: Path) -> None:
    given = {env: {"sign-ins": {"dimensions": {"UserPool": pool}}} for env, pool in POOLS.items()}
    told = parity(*(side(tmp_path, ALARM, env, given[env]) for env in POOLS))[0]
    assert not told.differs
    assert [it.field for it in told.open] == ["dimensions.UserPool"]
