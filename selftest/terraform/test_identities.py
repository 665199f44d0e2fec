"""A name that AWS will choose is compared by the address that makes it, and by nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.terraform.evaluation import evaluate
from plumbline.terraform.identities import NAMES, TAKES, identity
from plumbline.terraform.model import Configuration
from plumbline.terraform.schema import find
from plumbline.values.encoding import decoded, encoded
from plumbline.values.unknown import Identity, Undetermined, Unexamined, Unknown

IDENTITIES = st.builds(
    Identity,
    st.sampled_from(["a", "b"]),
    st.sampled_from(["aws_kms_key.x", 'aws_kms_key.x["k"]', "module.m.aws_kms_key.x"]),
    st.sampled_from(["id", "arn", "key_id"]),
)
ANYTHING = st.one_of(
    IDENTITIES, st.text(), st.none(), st.integers(), st.builds(Unknown, st.text()), st.lists(st.text())
)
MAIN = """
resource "aws_kms_key" "a" {}
resource "aws_kms_key" "b" {
  count = 2
}
resource "aws_s3_bucket_versioning" "v" {
  bucket = "b"
  versioning_configuration {
    status = "Enabled"
  }
}
resource "aws_kms_key" "many" {
  count = length(timestamp()) > 5 ? 1 : 2
}
resource "random_password" "p" {}
module "m" {
  source = "./m"
  key    = aws_kms_key.a.arn
}
locals {
  key   = aws_kms_key.a.arn
  known = true
}
%s
"""
CHILD = 'variable "key" {\n  type = string\n}\noutput "key" {\n  value = var.key\n}\n'


def equal(left: Any, right: Any) -> bool | None:
    """Whether two are equal; None where that is refused."""
    try:
        return bool(left == right)
    except Undetermined:
        return None


@given(IDENTITIES, IDENTITIES, IDENTITIES)
def test_equality_is_an_equivalence(one: Identity, two: Identity, three: Identity) -> None:
    assert equal(one, one) is True
    assert equal(one, two) == equal(two, one)
    if equal(one, two) and equal(two, three):
        assert equal(one, three) is True


@given(IDENTITIES, ANYTHING)
def test_equality_never_guesses(one: Identity, other: Any) -> None:
    """Within one root the address decides; with anything else there is no answer, from either side."""
    comparable = isinstance(other, Identity) and other.root == one.root
    expected = other.address == one.address if comparable else None
    assert equal(one, other) is equal(other, one) is expected
    if expected is not None:
        assert (one != other) is not expected


@given(IDENTITIES, st.text())
def test_the_reason_names_both(one: Identity, other: str) -> None:
    with pytest.raises(Undetermined) as refused:
        assert one != other
    assert one.origin in refused.value.reason
    assert repr(other) in refused.value.reason


USES: list[Any] = [
    str,
    hash,
    bool,
    len,
    list,
    "{}".format,
    lambda it: it + "x",
    lambda it: it < it,
    lambda it: it.lower(),
]


@pytest.mark.parametrize("use", USES)
def test_no_other_use_decides(use: Any) -> None:
    with pytest.raises((Undetermined, TypeError)):
        use(Identity("r", "aws_kms_key.x", "arn"))


def test_a_placeholder_of_another_sort_gives_its_own_reason() -> None:
    with pytest.raises(Undetermined, match="only deployed"):
        assert Identity("r", "aws_kms_key.x", "arn") == Unexamined("only deployed")


def test_an_evidence_file_keeps_it() -> None:
    kept = decoded(json.loads(json.dumps(encoded(Identity("r", "aws_kms_key.x", "arn")))))
    assert isinstance(kept, Identity)
    assert kept == Identity("r", "aws_kms_key.x", "id")


@pytest.mark.parametrize("type", sorted(NAMES))
def test_the_provider_decides_every_name(type: str) -> None:
    """What could be configured is no name that AWS chooses, but for the `id` of older types."""
    schema = find("resource", type)
    assert schema is not None
    for name in NAMES[type]:
        attribute = schema.attribute(name)
        assert attribute is not None
        assert attribute.computed
        assert not attribute.required
        assert name == "id" or not attribute.optional


def test_an_argument_takes_names_that_are_known_as_such() -> None:
    assert [type for types in TAKES.values() for type in types if type not in NAMES] == []


def test_instances_that_nobody_can_tell_apart_have_no_identity() -> None:
    assert identity("r", "aws_kms_key.x[*]", "aws_kms_key", "arn") is None


def evaluated(tmp_path: Path, text: str, **options: Any) -> Configuration:
    """The evaluation of a root with keys, a module and this text."""
    (tmp_path / "main.tf").write_text(MAIN % text, "utf-8")
    (tmp_path / "m").mkdir(exist_ok=True)
    (tmp_path / "m" / "main.tf").write_text(CHILD, "utf-8")
    return evaluate(tmp_path, **options)


@pytest.mark.parametrize(
    "expression",
    [
        "aws_kms_key.a.arn",
        "aws_kms_key.a.key_id",
        "local.key",
        "module.m.key",
        '"${aws_kms_key.a.arn}"',
        "local.known ? aws_kms_key.a.arn : null",
        "try(aws_kms_key.a.arn, null)",
        "try(aws_kms_key.b[7].arn, aws_kms_key.a.arn)",
        "[aws_kms_key.b[0].arn, aws_kms_key.a.arn][1]",
        "{ for k in [aws_kms_key.a] : \"x\" => k.arn }.x",
        "tostring(aws_kms_key.a.arn)",
        "one([aws_kms_key.a.arn])",
    ],
)  # fmt: skip
def test_what_is_exactly_one_name_is_its_identity(tmp_path: Path, expression: str) -> None:
    found = evaluated(tmp_path, f'output "o" {{\n  value = {expression}\n}}\n').outputs["o"]
    assert isinstance(found, Identity)
    assert found == Identity(str(tmp_path), "aws_kms_key.a", "arn")
    assert found != Identity(str(tmp_path), "aws_kms_key.b[0]", "arn")


@pytest.mark.parametrize(
    "expression",
    [
        '"${aws_kms_key.a.arn}/x"',
        "upper(aws_kms_key.a.arn)",
        "timestamp() == \"\" ? aws_kms_key.a.arn : aws_kms_key.a.arn",
        "aws_s3_bucket_versioning.v.id",
        "random_password.p.result",
        "random_password.p.id",
        "data.aws_kms_key.k.arn",
        "aws_kms_key.many[0].arn",
        "coalesce(aws_kms_key.a.arn, \"x\")",
        "aws_kms_key.a.policy",
        "try(upper(aws_kms_key.a.arn), null)",
    ],
)  # fmt: skip
def test_anything_more_or_less_is_just_unknown(tmp_path: Path, expression: str) -> None:
    data = 'data "aws_kms_key" "k" {\n  key_id = "k"\n}\n'
    found = evaluated(tmp_path, f'{data}output "o" {{\n  value = {expression}\n}}\n').outputs["o"]
    assert isinstance(found, Unknown)
    assert not isinstance(found, Identity)


def test_terraform_compares_no_name_before_it_is_there(tmp_path: Path) -> None:
    found = evaluated(tmp_path, 'output "o" {\n  value = aws_kms_key.a.arn == local.key\n}\n').outputs["o"]
    assert isinstance(found, Unknown)


def test_what_aws_chose_is_given_and_nothing_else_changes(tmp_path: Path) -> None:
    text = """
resource "aws_kms_alias" "x" {
  name          = "alias/x"
  target_key_id = aws_kms_key.a.key_id
}
resource "aws_kms_alias" "y" {
  name          = "alias/y"
  target_key_id = aws_kms_key.b[1].key_id
}
output "text" {
  value = "${local.key}/x"
}
"""
    chosen = {"aws_kms_key.a": {"arn": "arn:aws:kms:eu-west-1:123456789012:key/k", "key_id": "k"}}
    before, after = evaluated(tmp_path, text), evaluated(tmp_path, text, chosen=chosen)
    assert [resource.address for resource in before.resources] == [it.address for it in after.resources]
    changed = [
        (one.address, other.values)
        for one, other in zip(before.resources, after.resources, strict=True)
        if repr(one.values) != repr(other.values)
    ]
    assert changed == [("aws_kms_alias.x", {"name": "alias/x", "target_key_id": "k"})]
    assert after.outputs == {"text": "arn:aws:kms:eu-west-1:123456789012:key/k/x"}
