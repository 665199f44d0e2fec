"""A facet that ends in an error of its own takes no other one along, and is told as a fault."""

from dataclasses import replace

import pytest
from botocore.exceptions import ParamValidationError

from plumbline.kinds.facet import Found
from plumbline.kinds.kind import Kind
from plumbline.kinds.s3 import Bucket
from plumbline.proofs import examples
from plumbline.sources.moto.filling import _not_created
from plumbline.sources.moto.pieces import Piece
from plumbline.terraform.model import Configuration, Location, Resource
from plumbline.values.encoding import decoded, encoded
from plumbline.values.unknown import Fault, ReadError, Unreadable
from selftest.kinds.outside.planted import READ, Acceleration, Case, extending
from selftest.kinds.outside.test_kit import bucket


def dividing(cls, *_):
    return {"accelerated": 1 // 0}


def dividing_later(cls, *_):
    return {"accelerated": lambda: 1 // 0}


def misspelt(cls, *_):
    return {"acelerated": "Enabled"}


DIVIDED = "planted.Acceleration ends in ZeroDivisionError: integer division or modulo by zero"
STRAY = "planted.Acceleration gives acelerated, which is no field of it (did you mean accelerated?)"
STATED = [
    ("read", dividing, DIVIDED),
    ("described", dividing, DIVIDED),
    ("described", dividing_later, DIVIDED),
    ("described", misspelt, STRAY),
    ("declared", dividing, DIVIDED),
    ("declared", dividing_later, DIVIDED),
    ("declared", misspelt, STRAY),
]


def from_aws(kind: type[Kind]) -> Kind:
    aws = examples._empty()
    aws.write(
        "s3:CreateBucket", Bucket="lake", CreateBucketConfiguration={"LocationConstraint": examples.REGION}
    )
    aws.write("s3:PutBucketTagging", Bucket="lake", Tagging={"TagSet": [{"Key": "of", "Value": "lake"}]})
    return kind.from_aws(aws, "lake")


def from_terraform(kind: type[Kind]) -> Kind:
    values = {"bucket": "lake", "tags": {"of": "lake"}}
    lake = Resource("aws_s3_bucket.lake", "aws_s3_bucket", "lake", "", values, Location("main.tf", 1))
    return kind.find(Configuration(root=None, source="hcl", resources=(lake,)), "lake", "in main.tf")


@pytest.mark.parametrize(("method", "wrong", "told"), STATED, ids=lambda it: getattr(it, "__name__", it))
def test_its_own_fields_are_faults_and_the_others_stand(method, wrong, told):
    facet = extending(Case("", {method: classmethod(wrong), "extends": "bucket"}, ())).facets()[1]
    read = (from_terraform if method == "declared" else from_aws)(bucket(facet))
    assert isinstance(read.accelerated, Unreadable)
    with pytest.raises(Fault) as fault:
        read.accelerated.refuse()
    assert str(fault.value).endswith(told)
    assert read.tags == {"of": "lake"}
    assert read.name == "lake"


def test_a_sound_one_is_read_beside_them():
    facet = extending(Case("", {"extends": "bucket"}, ())).facets()[1]
    assert from_aws(bucket(facet)).accelerated is None
    assert Acceleration.extends == ""


def test_a_fault_is_one_when_it_is_replayed():
    fault = Unreadable(Fault("x ends in y", cause="x ends in y", advice="mend it"))
    again = decoded(encoded(fault))
    assert isinstance(again.error, Fault)
    assert again.error.args == fault.error.args


def asking(cls, asked):
    return Found({"accelerated": asked.ask(replace(cls.call, of="arn:aws:s3:::{nam}")).at("Status")}, "")


def test_a_placeholder_that_its_own_reading_leaves_open_is_told_as_one():
    facet = extending(Case("", {"read": classmethod(asking), "extends": "bucket"}, ())).facets()[1]
    with pytest.raises(Fault) as fault:
        from_aws(bucket(facet)).accelerated.refuse()
    told = f"{READ} names {{nam}}, which nothing says (did you mean name?)"
    assert str(fault.value).endswith(f"ends in NameError: {told}")


def misreading(cls, answer, asked):
    return {"accelerated": answer["Nope"]}


def test_an_answer_that_it_reads_otherwise_names_where_it_does():
    facet = extending(Case("", {"described": classmethod(misreading), "extends": "bucket"}, ())).facets()[1]
    with pytest.raises(ReadError, match="is not what the API describes") as read:
        from_aws(bucket(facet)).accelerated.refuse()
    line = misreading.__code__.co_firstlineno + 1
    assert str(read.value.advice).endswith(f"or the kind that reads it so is wrong: {__file__}:{line}")


def test_a_request_that_aws_takes_no_call_for_is_a_fault_of_it():
    with pytest.raises(ParamValidationError) as refused:
        examples._empty().write("s3:PutBucketAccelerateConfiguration", Buckt="lake")
    piece = Piece(("root", "aws_s3_bucket.lake"), Bucket, Acceleration, "lake", "eu-west-1")
    told = _not_created(piece, refused.value)
    assert isinstance(told, Fault)
    assert "planted.Acceleration requests what AWS takes no call for" in str(told)
