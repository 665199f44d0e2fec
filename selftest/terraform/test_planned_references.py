"""What a plan says of references is what the source says, or nothing.

Terraform prints which references an expression has and not what it makes of them; the plan is its own.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from plumbline.kinds.cloudwatch import Alarm
from plumbline.kinds.kms import Key
from plumbline.kinds.registry import computed_attribute
from plumbline.sources.recorded import followed
from plumbline.terraform.companions import companion
from plumbline.terraform.declared import at
from plumbline.terraform.evaluation import evaluate
from plumbline.terraform.model import Configuration, Settings
from plumbline.terraform.plan import read_plan
from plumbline.values.some_of import members
from plumbline.values.unknown import Identity, Undetermined, Unknown
from selftest.terraform.record import ACCOUNT, SOURCES, TRUTH

SETTINGS = Settings(ACCOUNT, "eu-west-3")
ONE, OTHER = (f"arn:aws:sns:eu-west-3:{ACCOUNT}:{name}" for name in ("one", "other"))
UNSAID = "a plan does not say which"
ENCRYPTION = "aws_s3_bucket_server_side_encryption_configuration"
BLOCK = "aws_s3_bucket_public_access_block"
PARTS = {
    "aws_s3_bucket_accelerate_configuration": ("status",),
    BLOCK: ("block_public_acls",),
    "aws_s3_bucket_ownership_controls": ("rule", "object_ownership"),
    "aws_s3_bucket_request_payment_configuration": ("payer",),
    ENCRYPTION: ("rule", "apply_server_side_encryption_by_default", "sse_algorithm"),
    "aws_s3_bucket_versioning": ("versioning_configuration", "status"),
}


@pytest.fixture(scope="module")
def source() -> Configuration:
    return evaluate(SOURCES / "references", computed=computed_attribute, settings=SETTINGS)


@pytest.fixture(scope="module")
def planned() -> Configuration:
    plan = read_plan(TRUTH / "references-plan.json", SETTINGS)
    return followed(replace(plan, settings=SETTINGS))


def said(configuration: Configuration, bucket: str, part: str, path: tuple[str, ...]) -> Any:
    """What a part of a bucket says; "undetermined" where that is not known."""
    target = configuration.at(bucket)
    try:
        found = companion(target, configuration, part, "bucket", target.values["bucket"])
        value = at(found.values, *path) if found else None
        return value if value == value else None
    except Undetermined:
        return "undetermined"


@pytest.mark.parametrize("part", sorted(PARTS))
def test_of_no_bucket_a_plan_says_what_the_source_does_not(
    source: Configuration, planned: Configuration, part: str
) -> None:
    named = [it for it in source.of_type("aws_s3_bucket") if isinstance(it.values["bucket"], str)]
    for bucket in named:
        found = said(planned, bucket.address, part, PARTS[part])
        assert found in (said(source, bucket.address, part, PARTS[part]), "undetermined"), bucket.address


@pytest.mark.parametrize("bucket", [
    'aws_s3_bucket.zone["raw"]',
    'aws_s3_bucket.zone["curated"]',
    "aws_s3_bucket.counted[0]",
    "aws_s3_bucket.counted[2]",
    'module.inner["data"].aws_s3_bucket.this',
    'module.inner["data-logs"].aws_s3_bucket.this',
    "aws_s3_bucket.raw",
])  # fmt: skip
def test_what_every_instance_says_is_said_of_each(planned: Configuration, bucket: str) -> None:
    part = "aws_s3_bucket_accelerate_configuration"
    assert said(planned, bucket, part, PARTS[part]) == "Enabled"


@pytest.mark.parametrize("zone", ["raw", "curated"])
def test_what_all_say_is_said_where_they_differ_elsewhere(planned: Configuration, zone: str) -> None:
    assert said(planned, f'aws_s3_bucket.zone["{zone}"]', ENCRYPTION, PARTS[ENCRYPTION]) == "aws:kms"


@pytest.mark.parametrize("bucket", [
    'aws_s3_bucket.zone["raw"]',
    'aws_s3_bucket.zone["curated"]',
    'aws_s3_bucket.only["only"]',
])  # fmt: skip
def test_what_is_chained_to_another_companion_is_followed_through_it(
    planned: Configuration, bucket: str
) -> None:
    assert said(planned, bucket, BLOCK, PARTS[BLOCK]) is True


def test_a_bucket_that_is_named_after_something_else_is_what_is_meant(planned: Configuration) -> None:
    part = "aws_s3_bucket_accelerate_configuration"
    assert said(planned, "aws_s3_bucket.called_after", part, PARTS[part]) == "Enabled"


@pytest.mark.parametrize(("bucket", "part"), [
    ("aws_s3_bucket.raw", "aws_s3_bucket_versioning"),
    ("aws_s3_bucket.raw_logs", "aws_s3_bucket_versioning"),
    ("aws_s3_bucket.raw", "aws_s3_bucket_request_payment_configuration"),
    ('aws_s3_bucket.zone["raw"]', "aws_s3_bucket_versioning"),
    ('aws_s3_bucket.zone["raw"]', "aws_s3_bucket_ownership_controls"),
    ("aws_s3_bucket.counted[1]", "aws_s3_bucket_versioning"),
    ('module.inner["data"].aws_s3_bucket.this', "aws_s3_bucket_versioning"),
    ('module.inner["data"].aws_s3_bucket.this', "aws_s3_bucket_ownership_controls"),
    ("aws_s3_bucket.counted[1]", BLOCK),
    ("aws_s3_bucket.raw", BLOCK),
    ("aws_s3_bucket.raw_logs", BLOCK),
    ("aws_s3_bucket.base", "aws_s3_bucket_versioning"),
    ("aws_s3_bucket.longer", "aws_s3_bucket_versioning"),
])  # fmt: skip
def test_which_one_is_meant_is_not_said(planned: Configuration, bucket: str, part: str) -> None:
    assert said(planned, bucket, part, PARTS[part]) == "undetermined"


def key(configuration: Configuration, bucket: str) -> Any:
    """The key of a bucket."""
    target = configuration.at(bucket)
    part = companion(target, configuration, ENCRYPTION, "bucket", target.values["bucket"])
    assert part is not None
    return at(part.values, "rule", "apply_server_side_encryption_by_default", "kms_master_key_id")


def test_a_key_of_one_of_several_instances_is_none_of_them(planned: Configuration) -> None:
    """Terraform prints the same references for the own key and for another one's."""
    own = Identity(planned.at('aws_kms_key.zone["raw"]').root, 'aws_kms_key.zone["raw"]', "arn")
    with pytest.raises(Undetermined, match=UNSAID):
        assert key(planned, 'aws_s3_bucket.zone["raw"]') == own


@pytest.mark.parametrize("alias", ["alias/raw", "alias/curated"])
def test_of_the_key_of_an_alias_is_known_what_all_keys_say(planned: Configuration, alias: str) -> None:
    found = Key.find(planned, alias, "here")
    assert found.rotation is True
    own = planned.at('aws_kms_key.zone["raw"]')
    for uncertain in (
        lambda: found.deletion_window_in_days == 7,
        lambda: found.arn == Identity(own.root, own.address, "arn"),
        lambda: alias in found.aliases,
    ):
        with pytest.raises(Undetermined):
            uncertain()


def test_the_only_instance_is_meant_by_any_key(planned: Configuration) -> None:
    found = key(planned, 'aws_s3_bucket.only["only"]')
    assert isinstance(found, Identity)
    assert found.address == "aws_kms_key.only[0]"


@pytest.mark.parametrize(("alarm", "actions"), [
    ("plain", [ONE]),
    ("several", [ONE, OTHER]),
    ("inner", [ONE, OTHER]),
    ("only", [ONE.replace(":one", ":only")]),
    ("beside", [ONE]),
])  # fmt: skip
def test_a_set_of_references_holds_them_and_may_hold_more(
    planned: Configuration, alarm: str, actions: list[str]
) -> None:
    """Terraform calls the whole set unknown, and prints no text that is written beside the references."""
    found = Alarm.find(planned, alarm, "here").alarm_actions
    assert members(found) == actions
    for uncertain in (lambda: found == actions, lambda: "another" in found):
        with pytest.raises(Undetermined, match=r"aws_cloudwatch_metric_alarm.*alarm_actions holds beside"):
            uncertain()


def test_a_map_with_a_reference_in_it_is_not_what_it_refers_to(planned: Configuration) -> None:
    with pytest.raises(Undetermined, match=r"aws_s3_bucket\.raw"):
        assert Alarm.find(planned, "beside", "here").dimensions == "raw"
    assert isinstance(planned.at("aws_s3_bucket.longer").values["tags"], Unknown)


def test_no_name_is_that_of_another_of_its_type(planned: Configuration) -> None:
    """`"${aws_s3_bucket.base.id}-backup"` has the references of `aws_s3_bucket.base.id`."""
    name = planned.at("aws_s3_bucket.longer").values["bucket"]
    assert isinstance(name, Unknown)
    assert "aws_s3_bucket.base" in name.origin


def test_what_the_stack_names_elsewhere_may_be_meant_as_well() -> None:
    plan = replace(read_plan(TRUTH / "references-plan.json", SETTINGS), settings=SETTINGS)
    part = "aws_s3_bucket_accelerate_configuration"
    for longer, told in (("zone-raw-elsewhere", "undetermined"), ("elsewhere", "Enabled")):
        found = followed(plan, {"aws_s3_bucket": {"zone-raw", longer}})
        assert said(found, 'aws_s3_bucket.zone["raw"]', part, PARTS[part]) == told


@pytest.mark.parametrize("alarm", ["branch", "looked-up", "filtered", "zone-raw"])
def test_of_more_than_a_list_of_references_no_member_is_known(planned: Configuration, alarm: str) -> None:
    actions = Alarm.find(planned, alarm, "here").alarm_actions
    for topic in (ONE, OTHER):
        with pytest.raises(Undetermined, match=UNSAID):
            assert topic in actions
