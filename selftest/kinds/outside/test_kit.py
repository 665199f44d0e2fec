"""Kinds and facets from outside pass the kit, and the kit names each thing that is wrong with one."""

from types import ModuleType

import pytest

import plumbline.kinds.s3
from plumbline.kinds import Beside, Call, Facet, Kind
from plumbline.kinds.registry import KindError, composed
from plumbline.proofs import mistakes
from selftest.kinds.outside import lake_kinds
from selftest.kinds.outside.lake_kinds import Key, Lifecycle, LifecycleRule

KEY = Key(name="alias/lake", description="of the lake", rotation=True)


def module(*classes: type) -> ModuleType:
    """Return a module of another distribution that holds these classes."""
    made = ModuleType("theirs")
    for each in classes:
        setattr(made, each.__name__, each)
    return made


def bucket(*facets: type[Facet]) -> type[Kind]:
    return composed([plumbline.kinds.s3], [module(*facets)])["bucket"]


def extended(**stated: object) -> type[Facet]:
    """Return the lifecycle facet with something else stated."""
    return type("Lifecycle", (Lifecycle,), {"__doc__": Lifecycle.__doc__, "extends": "bucket", **stated})


def one_rule(kind: type[Kind]) -> Kind:
    rule = LifecycleRule(id="expire", expiration_days=30)
    return kind(name="lake-raw", region="eu-west-1", lifecycle_rules=[rule])


def test_a_kind_from_outside_passes():
    assert mistakes(Key, [KEY]) == []


def test_a_facet_from_outside_passes():
    kind = bucket(Lifecycle)
    assert mistakes(kind, [one_rule(kind)]) == []


def test_a_facet_from_outside_is_a_part_of_its_kind():
    kinds = composed([plumbline.kinds.s3], [lake_kinds])
    assert Lifecycle in kinds["bucket"].facets()
    assert "lifecycle_rules" in kinds["bucket"].model_fields
    assert kinds["key"] is Key


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (Call("s3:GetBucketLifecycleConfiguration"), "did you mean s3:"),
        (Call("s3:PutBucketTagging", action="s3:PutBucketTagging"), "does more than read"),
    ],
)
def test_a_permission_that_is_none_is_refused_when_it_registers(call, told):
    with pytest.raises(KindError, match=told):
        bucket(type("Lifecycle", (Facet,), {"__doc__": "x", "extends": "bucket", "call": call}))


def test_a_facet_of_no_kind_is_refused():
    with pytest.raises(
        KindError, match=r"theirs\.Lifecycle: there is no kind 'buckte' \(did you mean bucket\?\)"
    ):
        bucket(extended(extends="buckte"))


def test_a_noun_that_there_is_already_is_refused():
    with pytest.raises(KindError, match="there is a kind bucket already"):
        bucket(type("Bucket", (Kind,), {"__doc__": "x", "noun": "bucket", "plural": "buckets"}))


def test_the_kit_names_a_parameter_that_the_operation_does_not_take():
    class Described(Key):
        """A key."""

        noun, plural = "key", "keys"
        call = Call("kms:DescribeKey", {"KeyName": "{name}"}, of="{name}", on="*")

    assert "key: kms:DescribeKey takes no parameter KeyName" in mistakes(Described)


def test_the_kit_names_an_argument_that_terraform_does_not_know():
    class Declared(Key):
        """A key."""

        noun, plural = "key", "keys"
        arguments = {"description": "text"}

    assert "key: aws_kms_key has no argument text" in mistakes(Declared)


def test_the_kit_names_a_resource_that_terraform_does_not_know():
    kind = bucket(extended(beside=Beside("aws_s3_bucket_lifecycles", "bucket")))
    assert "bucket: the AWS provider has no resource aws_s3_bucket_lifecycles" in mistakes(kind)


def test_the_kit_names_a_field_that_moto_does_not_give_back():
    class Silent(Key):
        """A key."""

        noun, plural = "key", "keys"

        @classmethod
        def described(cls, answer, asked):
            return {"description": ""}

    silent = Silent(name="alias/lake", description="of the lake")
    assert "key: description was given to moto as 'of the lake' and read as ''" in mistakes(Silent, [silent])


def test_the_kit_names_a_facet_whose_reading_calls_more_than_it_says():
    class Lifecycle(Facet):
        """What S3 deletes by itself."""

        extends = "bucket"
        call = lake_kinds.Lifecycle.call
        lifecycle_rules: list[str] = []

        @classmethod
        def read(cls, asked):
            asked.ask(Call("s3:GetBucketTagging", {"Bucket": "{name}"}, absent=("NoSuchTagSet",))).at(
                "@"
            ).value()
            return super().read(asked)

        @classmethod
        def described(cls, answer, asked):
            return {"lifecycle_rules": []}

    kind = bucket(Lifecycle)
    told = mistakes(kind, [kind(name="lake-raw", region="eu-west-1")])
    assert "bucket: reading lifecycle_rules alone calls s3:GetBucketTagging, too" in told
    assert "bucket: lifecycle_rules cannot be read where s3:GetBucketTagging is denied" in told
