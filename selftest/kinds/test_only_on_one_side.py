"""What only one of two sides lists, and what the other one would not list, did it have that."""

from pathlib import Path

from plumbline.expectations.stack import Stack, Subject
from plumbline.kinds.inventory import Inventory
from plumbline.kinds.listing import Existing
from plumbline.sources.differences import Comparison
from plumbline.sources.listed import apart, code_and_account
from plumbline.sources.parity import Environment, parity

STACK = """\
format: 2
stack: shop
title: Shop
region: eu-west-1
environments: {dev: {}, prod: {region: us-east-1}}
terraform: {directory: .}
inventories:
  ours: {name: tables, asks: {of: tables, prefixes: [shop-, "shared-dev-"]}}
  theirs: {name: other tables, asks: {of: tables, prefixes: [orders-], regions: [eu-north-1]}}
"""
WHY = "the other side may have it: only what begins with"


def subjects(folder: Path, environment: str) -> dict[str, Subject]:
    (folder / "shop.yaml").write_text(STACK)
    return dict(Stack(folder / "shop.yaml").subjects(environment))


def listing(*names: str, region: str = "eu-west-1") -> Inventory:
    return Inventory.of("x", {"name": "x", "found": [Existing(name=it, region=region) for it in names]})


def told(of: Comparison) -> tuple[set[str], dict[str, str]]:
    return {it.what for it in of.alone}, {it.what: it.reason for it in of.open}


def drift(folder: Path, *declared: Existing) -> tuple[set[str], dict[str, str]]:
    code = Inventory.of("x", {"name": "x", "found": [*declared]})
    lists = [code_and_account(it, code, listing()) for it in subjects(folder, "dev").values()]
    return told(apart(lists))


def test_what_an_account_does_not_list_may_be_there(tmp_path: Path) -> None:
    alone, open_ = drift(tmp_path, Existing(name="users", region="eu-west-1"))
    assert not alone
    assert open_["table users"].startswith(WHY)
    alone, open_ = drift(tmp_path, Existing(name="shop-x", region="eu-south-2"))
    assert not alone
    assert open_["table shop-x in eu-south-2"].endswith("only eu-west-1 is listed there")


def test_what_one_of_several_inventories_would_list_is_not_there(tmp_path: Path) -> None:
    assert drift(tmp_path, Existing(name="orders-a", region="eu-north-1")) == (
        {"table orders-a in eu-north-1"},
        {},
    )
    assert drift(tmp_path, Existing(name="shop-x", region="eu-west-1")) == ({"table shop-x"}, {})


def test_what_another_environment_of_the_account_names_is_declared_there(tmp_path: Path) -> None:
    """Both environments have a table of the stack in one account; of another account's none is known."""
    table = "tables: {orders: {name: 'shop-orders-{env}', root: .}}\n"
    apiece = "environments: {dev: {account: '%s'}, prod: {account: '%s'}}"
    for accounts, alone in (
        (("1" * 12, "1" * 12), {"shop-x"}),
        (("1" * 12, "2" * 12), {"shop-x", "shop-orders-prod"}),
    ):
        given = STACK.replace("environments: {dev: {}, prod: {region: us-east-1}}", apiece % accounts) + table
        (tmp_path / "shop.yaml").write_text(given)
        ours = Stack(tmp_path / "shop.yaml").subjects("dev")["ours"]
        account = listing("shop-x", "shop-orders-dev", "shop-orders-prod")
        found, _ = told(
            apart([code_and_account(ours, listing("shop-orders-dev"), account)], ["table shop-orders-dev"])
        )
        assert found == {f"table {it}" for it in alone}


def environment(folder: Path, name: str, found: Inventory, *, is_account: bool) -> Environment:
    ours = {"ours": subjects(folder, name)["ours"]}
    placeholders = Stack(folder / "shop.yaml").placeholders(name)
    return Environment(name, ours, {ours["ours"]: found}, placeholders, is_account=is_account)


def test_what_the_other_environment_does_not_list_is_not_only_in_one(tmp_path: Path) -> None:
    """The account of prod is asked for `shared-dev-`, and would call it `shared-prod-x`."""
    for is_account, expected in ((True, {"table shop-x"}), (False, {"table shop-x", "table shared-{env}-x"})):
        dev = environment(tmp_path, "dev", listing("shop-x", "shared-dev-x"), is_account=is_account)
        prod = environment(tmp_path, "prod", listing(region="us-east-1"), is_account=is_account)
        alone, open_ = told(parity(dev, prod)[0])
        assert alone == expected
        assert set(open_) == {"table shop-x", "table shared-{env}-x"} - expected


def test_a_stray_is_looked_for_by_each_word_that_it_may_be_called_by(tmp_path: Path) -> None:
    """prod calls itself by one word where dev has two, so that nobody knows which one a name has."""
    envs = "environments: {dev: {values: {word: nonprod}}, prod: {values: {word: prod}}}"
    lists = "{name: log groups, asks: {of: log_groups, prefixes: ['acme-{env}-', 'acme-{word}-']}}"
    text = f"format: 2\nstack: shop\ntitle: Shop\nregion: eu-west-1\n{envs}\nterraform: {{directory: .}}\n"
    (tmp_path / "shop.yaml").write_text(f"{text}inventories: {{ours: {lists}}}\n")
    stack = Stack(tmp_path / "shop.yaml")
    sides = []
    for name, found in (("dev", listing()), ("prod", listing("acme-prod-stray"))):
        ours = stack.subjects(name)["ours"]
        sides.append(
            Environment(name, {"ours": ours}, {ours: found}, stack.placeholders(name), is_account=True)
        )
    assert told(parity(*sides)[0]) == ({"log group acme-{env|word}-stray"}, {})
