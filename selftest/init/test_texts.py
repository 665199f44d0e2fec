"""Names and values that YAML, or a stack, would take for something else."""

import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from plumbline.commands.init.filled_in import Different, joined, own_words
from plumbline.commands.init.found import everywhere, own_beginning
from plumbline.commands.init.words import with_own_words
from plumbline.commands.init.yaml_text import lines
from plumbline.suite.dropped import dropped
from plumbline.suite.sentences import all_functions
from plumbline.values.data import Document
from plumbline.values.filling import fill
from selftest.front_door import REPOSITORY
from selftest.init.repository import FOLDER, Repository

ODD = [
    *("yes", "on", "null", "~", "1e3", "0x1F", "12:30", "2026-01-01", "3.10", "0777", "=", "<<"),
    *(
        "a: b",
        "#hash",
        "- dash",
        "'single",
        '"double',
        "%percent",
        "@at",
        "*star",
        "&and",
        "!bang",
        "[x]",
        "a, b",
    ),
    *("line\nbreak", "tab\there", "ünïcode-名前", " lead", "trail ", "{x}", "{env}", "a{b}c", "${x}"),
]
NAMES = {"dev": {"env": "dev", "account": "123456789012", "region": "eu-west-1", "stack": "s"}}
NAMES["prod"] = {**NAMES["dev"], "env": "prod", "account": "210987654321"}
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from(ODD),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), VALUES, max_size=3))
def test_what_is_written_is_read_as_it_was(values: dict[str, Any]) -> None:
    text = "\n".join(lines(values))
    assert (yaml.safe_load(text) or {}) == values


@given(VALUES)
def test_what_several_environments_have_is_filled_in_as_each_has_it(value: Any) -> None:
    each = dict.fromkeys(NAMES, value)
    try:
        one = joined(each, NAMES)
    except Different:
        return
    for env in NAMES:
        assert fill(one, NAMES[env]) == value


@pytest.mark.parametrize(
    ("dev", "prod", "one"),
    [
        ("shop-dev", "shop-prod", "shop-{env}"),
        ("dev-shop-dev", "prod-shop-prod", "{env}-shop-{env}"),
        ("dev-shop-dev", "dev-shop-prod", "dev-shop-{env}"),
        ("same", "same", "same"),
        ("of 123456789012", "of 210987654321", "of {account}"),
        (
            "arn:aws:sns:eu-west-1:123456789012:a",
            "arn:aws:sns:eu-west-1:210987654321:a",
            "arn:aws:sns:{region}:{account}:a",
        ),
        ("eu-west-1", "eu-west-1", "{region}"),
        ("in eu-west-1", "in eu-west-1", "in eu-west-1"),
        ({"a": ["x-dev"]}, {"a": ["x-prod"]}, {"a": ["x-{env}"]}),
        ({"k-dev": 1}, {"k-prod": 1}, {"k-{env}": 1}),
        ("shop-d", "shop-p", None),
        (1, 2, None),
        ([1], [1, 2], None),
        ("{env}", "{env}", None),
        ("{other}", "{other}", None),
    ],
    ids=str,
)
def test_names_are_put_together_where_the_environment_tells_them_apart(dev: Any, prod: Any, one: Any) -> None:
    try:
        found = joined({"dev": dev, "prod": prod}, NAMES)
    except Different:
        found = None
    assert found == one


GROUPS = """\
resource "aws_cloudwatch_log_group" "g" {
  for_each = toset(NAMES)
  name     = each.value
}
resource "aws_s3_bucket" "a" {
  bucket = "shop-a"
  tags   = { yes = "no", "1e3" = "1e3", "Ü: ä" = "x\\ny" }
}
resource "aws_s3_bucket" "b" {
  bucket = "shop-b"
  tags   = { api_key = "hunter2hunter2" }
}
resource "aws_s3_bucket" "c" {
  bucket = "shop-c"
  tags   = { k = "{not_one}" }
}
"""


def test_odd_names_are_written_so_that_the_stack_means_them_or_left_out(repository: Repository) -> None:
    names = json.dumps(ODD).replace("${", "$${")
    repository.write({"infra/main.tf": GROUPS.replace("NAMES", names)})
    ended = repository.init("shop", "--terraform", "infra")
    assert ended.code == 0, ended.complained
    subjects = repository.stack("shop").subjects("default").values()
    left_out = {"{x}", "{env}", "a{b}c", "line\nbreak", " lead", "trail "}
    assert {it.name for it in subjects if it.kind.plural == "log_groups"} == {*ODD} - left_out
    assert (
        "a{b}c in default, {env} in default, {x} in default: a stack would fill in the braces"
        in ended.printed
    )
    assert "a stack takes no name of several lines, or with a blank at an end" in ended.printed
    expected = {it.name: it.expected for it in subjects if it.kind.plural == "buckets"}
    assert expected["shop-a"]["tags"] == {"yes": "no", "1e3": "1e3", "Ü: ä": "x\ny"}
    assert "tags" not in expected["shop-b"]
    assert "s3.tags of shop-b in default: not known: a secret, which is never written: tags" in ended.printed
    assert "hunter2" not in ended.printed + repository.text("stacks", "shop")
    assert "tags" not in expected["shop-c"]
    assert_usable(repository, "shop")


SENSITIVE = """\
variable "hidden" {
  type      = string
  sensitive = true
  default   = "kept-from-everybody"
}
resource "aws_s3_bucket" "a" { bucket = var.hidden }
resource "aws_s3_bucket" "b" {
  bucket = "shop-b"
  tags   = { whose = var.hidden }
}
"""


def test_what_terraform_marks_as_sensitive_is_never_written(repository: Repository) -> None:
    ended = repository.write({"infra/main.tf": SENSITIVE}).init("shop", "--terraform", "infra")
    assert ended.code == 0, ended.complained
    assert "aws_s3_bucket.a in default: its name is a secret, which is never written" in ended.printed
    written = repository.text("stacks", "shop") + repository.text("runbooks", "shop")
    assert "kept-from" not in ended.printed + written


def test_names_that_come_to_one_key_have_one_each(repository: Repository) -> None:
    repository.write(
        {
            "infra/main.tf": (
                'resource "aws_s3_bucket" "x" { bucket = "shop-orders" }\n'
                'resource "aws_sns_topic" "x" { name = "shop-orders" }\n'
                'resource "aws_cloudwatch_log_group" "x" { name = "shop-orders" }\n'
                'resource "aws_cloudwatch_log_group" "y" { name = "shop orders" }\n'
                'resource "aws_cloudwatch_log_group" "z" { name = "shop#orders" }\n'
            )
        }
    )
    ended = repository.init("shop", "--terraform", "infra")
    assert ended.code == 0, ended.complained
    named = {it.name for it in repository.stack("shop").subjects("default").values()}
    assert {"shop-orders", "shop orders", "shop#orders"} <= named
    assert_usable(repository, "shop")


def assert_usable(repository: Repository, name: str) -> None:
    """Hold what was written against what a run refuses."""
    from plumbline.commands.init.made_of import run_of

    stack, runbook = repository.stack(name), repository.runbook(name)
    run = run_of(stack, ("hcl",))
    run.runbooks[name] = runbook
    assert not list(dropped(run, all_functions([REPOSITORY / "tests"])))
    assert Document(repository.folder / FOLDER / "stacks" / f"{name}.yaml").data["stack"] == name


@pytest.mark.parametrize(
    ("dev", "prod", "words"),
    [
        ("acme-d-orders", "acme-p-orders", {"short": ("d", "p")}),
        ("acme-dv-a-dv", "acme-prd-a-prd", {"short": ("dv", "prd")}),
        ("Lake-Dev", "Lake-Prod", {"title": ("Dev", "Prod")}),
        ("/acme/DEV", "/acme/PROD", {"upper": ("DEV", "PROD")}),
        ("acme-dev", "acme-prod", {}),
        ("acme-blue", "acme-green", {}),
        ("acme-d-x1", "acme-p-x2", {"short": ("d", "p")}),
        ("acme-d-data-dev", "acme-p-data-prod", {"short": ("d", "p")}),
        ("acmed", "acmep", {}),
        ("acme-d", "acme-p-more", {}),
        ("acme-d--x", "acme-p-_x", {}),
        ("acme--x", "acme__x", {}),
        ("", "acme", {}),
    ],
)
def test_a_word_that_tells_environments_apart_is_a_placeholder(
    dev: str, prod: str, words: dict[str, tuple[str, str]]
) -> None:
    found = with_own_words(NAMES, [{"dev": dev, "prod": prod}])
    assert {key: (found["dev"][key], found["prod"][key]) for key in own_words(found["dev"])} == words
    if words and not dev.endswith("x1"):
        one = joined({"dev": dev, "prod": prod}, found)
        assert (fill(one, found["dev"]), fill(one, found["prod"])) == (dev, prod)


def test_a_word_of_no_environment_is_one_where_two_names_have_it() -> None:
    names = [{"dev": f"{it}-blue", "prod": f"{it}-green"} for it in ("a", "b")]
    assert with_own_words(NAMES, names[:1]) == NAMES
    found = with_own_words(NAMES, names)
    assert [joined(it, found) for it in names] == ["a-{word}", "b-{word}"]


def test_what_one_environment_alone_has_tells_nothing() -> None:
    assert with_own_words(NAMES, [{"dev": "acme-d"}]) == NAMES


def test_a_word_that_is_a_whole_value_stays_what_it_is() -> None:
    names = with_own_words(NAMES, [{"dev": "acme-d-a", "prod": "acme-p-a"}])
    with pytest.raises(Different):
        joined({"dev": "d", "prod": "p"}, names)


@pytest.mark.parametrize(
    ("name", "begins", "everywhere_"),
    [
        ("acme-d-data-dev", "acme-d-", "acme-{short}-data-dev"),
        ("acme-dev-d", "acme-dev-", "acme-{env}-d"),
        ("acme", "acme", "acme"),
    ],
)
def test_a_name_begins_up_to_the_word_that_stands_first(name: str, begins: str, everywhere_: str) -> None:
    words = {"env": "dev", "short": "d"}
    assert own_beginning(name, words.values()) == begins
    assert everywhere(name, words) == everywhere_


SPELT = {
    env: {"env": env, "short": env[0], "upper": env.upper(), "title": env.title()}
    | {"stack": "shop", "account": account, "region": "eu-west-1"}
    for env, account in (("dev", "111111111111"), ("prod", "222222222222"))
}
MANY = "{env} {upper} {title} {short} {account} " * 50
"""More ways to fill in placeholders, each here or there, than anybody could try."""


def test_a_text_with_the_environment_in_many_spellings_is_one() -> None:
    told = {env: MANY.format(**names) for env, names in SPELT.items()}
    assert joined(told, SPELT) == MANY
    with pytest.raises(Different):
        joined({env: f"{text} version {len(env)}" for env, text in told.items()}, SPELT)


@pytest.mark.parametrize(
    ("in_dev", "in_prod", "one"),
    [
        ("dev-to-dev", "prod-to-dev", "{env}-to-dev"),
        ("devdev", "prodprod", "{env}{env}"),
        ("d", "p", None),
        ("dev", "prod", "{env}"),
        ("dev-to-prod", "prod-to-dev", None),
    ],
)
def test_a_placeholder_stands_where_all_have_its_word(in_dev: str, in_prod: str, one: str | None) -> None:
    told = {"dev": in_dev, "prod": in_prod}
    if one is not None:
        assert joined(told, SPELT) == one
        return
    with pytest.raises(Different):
        joined(told, SPELT)
