"""A bucket is what its own blocks and the resources beside it say together, in source, plans and states."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from plumbline.kinds.public_access import AccountPublicAccess
from plumbline.kinds.registry import computed_attribute
from plumbline.kinds.s3 import Bucket
from plumbline.kinds.s3_object import StoredObject
from plumbline.terraform.evaluation import evaluate
from plumbline.terraform.model import Configuration, Location, Resource, Settings
from plumbline.values.unknown import ReadError, Undetermined, Unknown

ACCOUNT, REGION = "123456789012", "eu-west-1"
ALL = "http://acs.amazonaws.com/groups/global/AllUsers"
POLICY = """jsonencode({
    Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "*" }]
  })"""
VERSIONED = "versioning {\n enabled = true\n}"
NOT_VERSIONED = "versioning {\n enabled = false\n}"
ENCRYPTED = """server_side_encryption_configuration {
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "aws:kms"
    }
    bucket_key_enabled = true
  }
}"""
REPLICATED = """replication_configuration {
  role = "arn:aws:iam::123456789012:role/r"
  rules {
    id     = "r"
    status = "Enabled"
    filter {
      prefix = "x/"
      tags   = { copy = "yes" }
    }
    destination {
      bucket = "arn:aws:s3:::copies"
    }
  }
}"""
GRANTED = f'grant {{\n type = "Group"\n uri = "{ALL}"\n permissions = ["READ"]\n}}'


def beside(type_: str, body: str, name: str = "x") -> str:
    """A resource beside the bucket."""
    return f'resource "{type_}" "{name}" {{\n  bucket = aws_s3_bucket.b.id\n{body}\n}}\n'


VERSIONING = "aws_s3_bucket_versioning"
ON = 'versioning_configuration {\n status = "Enabled"\n}'
OFF = 'versioning_configuration {\n status = "Suspended"\n}'
ACCESS = "aws_s3_bucket_public_access_block"


def declared(folder: Path, within: str = "", *others: str) -> Configuration:
    """The evaluation of a bucket with these blocks, and of these resources beside it."""
    text = f'resource "aws_s3_bucket" "b" {{\n  bucket = "b"\n{within}\n}}\n' + "".join(others)
    folder.mkdir(exist_ok=True)
    (folder / "main.tf").write_text(text)
    return evaluate(folder, settings=Settings(ACCOUNT, REGION), computed=computed_attribute)


def bucket(configuration: Configuration) -> Bucket:
    """The bucket that it declares."""
    return Bucket.find_in(REGION, configuration, "b", "here")


def test_a_value_that_a_field_cannot_take_is_told_where_it_stands_and_as_it_may_be(tmp_path: Path) -> None:
    configuration = declared(tmp_path, "", "\n" * 9, beside(VERSIONING, ON.replace("Enabled", "enabled")))
    with pytest.raises(
        ReadError, match=r"main\.tf:1[3-6]: versioning is 'enabled': input should be 'Enabled' or 'Suspended'"
    ):
        assert bucket(configuration).versioning


def test_a_value_that_a_field_cannot_take_is_told_of_the_call_that_gave_it() -> None:
    located = {"versioning": "s3:GetBucketVersioning of b"}
    model = Bucket.of("s3:HeadBucket of b", {"name": "b", "versioning": "enabled"}, located)
    with pytest.raises(ReadError, match=r"^s3:GetBucketVersioning of b: versioning is 'enabled'"):
        assert model.versioning


WITHIN: dict[str, tuple[str, str, Any]] = {
    "versioned": (VERSIONED, "versioning", "Enabled"),
    "not versioned": (NOT_VERSIONED, "versioning", None),
    "encrypted": (ENCRYPTED, "sse_algorithm", "aws:kms"),
    "with a bucket key": (ENCRYPTED, "bucket_key_enabled", True),
    "encrypted by S3 itself": ("", "sse_algorithm", "AES256"),
    "without a bucket key": ("", "bucket_key_enabled", False),
    "replicated": (REPLICATED, "replicates_to", ["arn:aws:s3:::copies"]),
    "replicated in part": (REPLICATED, "replicates_only", {"arn:aws:s3:::copies": ["prefix x/", "tag copy"]}),
    "not replicated": ("", "replication_rules", {}),
    "public by a canned ACL": ('acl = "public-read-write"', "public_grantees", [ALL]),
    "public by a grant": (GRANTED, "public_grantees", [ALL]),
    "private": ('acl = "private"', "public_grantees", []),
    "public by its policy": (f"policy = {POLICY}", "policy_is_public", True),
    "without a policy": ("", "policy_is_public", False),
}


@pytest.mark.parametrize("case", WITHIN)
def test_what_stands_within_a_bucket_is_read(tmp_path: Path, case: str) -> None:
    text, field, value = WITHIN[case]
    assert getattr(bucket(declared(tmp_path / "root", text)), field) == value


@pytest.mark.parametrize("source", ["plan", "state"])
@pytest.mark.parametrize("case", WITHIN)
def test_so_it_is_in_a_plan_and_in_the_state_of_an_older_provider(
    tmp_path: Path, case: str, source: Any
) -> None:
    text, field, value = WITHIN[case]
    configuration = replace(declared(tmp_path / "root", text), source=source)
    assert getattr(bucket(configuration), field) == value


CONTRADICTING = {
    "two access blocks": (
        "",
        ("public_access_block",),
        beside(ACCESS, "block_public_acls = true"),
        beside(ACCESS, "", "y"),
    ),
    "two of versioning": ("", ("versioning",), beside(VERSIONING, ON), beside(VERSIONING, OFF, "y")),
    "within and beside": (NOT_VERSIONED, ("versioning",), beside(VERSIONING, ON)),
    "two policies": (
        f"policy = {POLICY}",
        ("policy_is_public",),
        beside("aws_s3_bucket_policy", "policy = jsonencode({ Statement = [] })"),
    ),
    "two ACLs": ('acl = "private"', ("public_grantees",), beside("aws_s3_bucket_acl", 'acl = "public-read"')),
}


@pytest.mark.parametrize("case", CONTRADICTING)
def test_what_contradicts_itself_is_undetermined(tmp_path: Path, case: str) -> None:
    within, fields, *others = CONTRADICTING[case]
    found = bucket(declared(tmp_path / "root", within, *others))
    for field in fields:
        with pytest.raises(Undetermined, match=r"both configure aws_s3_bucket\.b, and differ"):
            _ = getattr(found, field) == "anything"


def test_what_says_the_same_twice_is_no_contradiction(tmp_path: Path) -> None:
    assert bucket(declared(tmp_path / "root", VERSIONED, beside(VERSIONING, ON))).versioning == "Enabled"


def test_what_a_state_holds_within_gives_way_to_what_stands_beside(tmp_path: Path) -> None:
    configuration = replace(
        declared(tmp_path / "root", NOT_VERSIONED, beside(VERSIONING, ON)), source="state"
    )
    assert bucket(configuration).versioning == "Enabled"


def access_block(name: str, *settings: str) -> str:
    """An access block of the account."""
    return f'resource "aws_s3_account_public_access_block" "{name}" {{\n' + "\n".join(settings) + "\n}\n"


CLOSED = tuple(
    f"{name} = true" for name in AccountPublicAccess.model_fields["public_access_block"].default.model_dump()
)


def of_the_account(tmp_path: Path, here: str, there: str) -> AccountPublicAccess:
    """What two roots say of the account."""
    other = declared(tmp_path / "there", "", there)
    own = replace(declared(tmp_path / "here", "", here), others=lambda: (other,))
    return AccountPublicAccess.find_in(REGION, own, ACCOUNT, "here")


def test_the_access_block_of_an_account_may_be_declared_in_any_root(tmp_path: Path) -> None:
    assert of_the_account(tmp_path, "", access_block("all", *CLOSED)).public_access_block.block_public_acls


def test_two_access_blocks_of_an_account_that_differ_are_neither(tmp_path: Path) -> None:
    with pytest.raises(Undetermined, match="both configure the public access block of account"):
        of_the_account(tmp_path, access_block("all", *CLOSED), access_block("none"))


def test_two_buckets_of_one_name_that_differ_are_neither(tmp_path: Path) -> None:
    again = 'resource "aws_s3_bucket" "again" {\n  bucket = "b"\n  force_destroy = true\n}\n'
    with pytest.raises(Undetermined, match="both configure bucket b, and differ"):
        bucket(declared(tmp_path / "root", "", again))


RULE = """rule {
  id       = "%s"
  status   = "%s"
  priority = %s
  filter {
    %s
  }
  destination {
    bucket = "arn:aws:s3:::%s"
  }
}
"""
TOGETHER = {
    "one for all": ([("Enabled", "", "a")], {"a": []}),
    "a narrow one beside it": ([("Enabled", "", "a"), ("Enabled", 'prefix = "x"', "a")], {"a": []}),
    "a narrow one that is disabled": ([("Disabled", 'prefix = "x"', "a"), ("Enabled", "", "a")], {"a": []}),
    "one for all that is disabled": (
        [("Disabled", "", "a"), ("Enabled", 'prefix = "x"', "a")],
        {"a": ["prefix x"]},
    ),
    "a second destination": (
        [("Enabled", "", "a"), ("Enabled", 'prefix = "x"', "b")],
        {"a": [], "b": ["prefix x"]},
    ),
    "all of it elsewhere": (
        [("Enabled", "", "b"), ("Enabled", 'prefix = "x"', "a")],
        {"a": ["prefix x"], "b": []},
    ),
    "two narrow ones": (
        [("Enabled", 'prefix = "x"', "a"), ("Enabled", 'prefix = "y"', "a")],
        {"a": ["prefix x", "prefix y"]},
    ),
    "a tag": ([("Enabled", 'tag {\n key = "k"\n value = "v"\n}', "a")], {"a": ["tag k"]}),
    "both": ([("Enabled", 'and {\n prefix = "x"\n tags = {k = "v"}\n}', "a")], {"a": ["prefix x", "tag k"]}),
}


@pytest.mark.parametrize("case", TOGETHER)
def test_rules_are_taken_together_for_each_destination(tmp_path: Path, case: str) -> None:
    rules, only = TOGETHER[case]
    body = 'role = "r"\n' + "".join(
        RULE % (number, status, number, scope, to) for number, (status, scope, to) in enumerate(rules, 1)
    )
    found = bucket(declared(tmp_path / "root", "", beside("aws_s3_bucket_replication_configuration", body)))
    assert found.replicates_only == {f"arn:aws:s3:::{to}": narrowing for to, narrowing in only.items()}
    enabled = {f"arn:aws:s3:::{to}" for status, _, to in rules if status == "Enabled"}
    assert {*found.replicates_to} == enabled


@pytest.mark.parametrize(
    ("content_type", "media_type"),
    [
        ("text/html", "text/html"),
        ("text/html; charset=utf-8", "text/html"),
        ("Text/HTML ;charset=UTF-8", "text/html"),
        ("text/htmlx", "text/htmlx"),
        (None, None),
    ],
)
def test_media_types_are_the_same_in_any_case_and_with_any_parameter(
    content_type: Any, media_type: Any
) -> None:
    assert StoredObject(name="b/k", content_type=content_type).media_type == media_type


def test_only_an_enabled_rule_with_metrics_is_measured() -> None:
    rule = {"status": "Enabled", "destination": "arn:aws:s3:::b-dr", "metrics": True}
    silent = {"r": rule | {"metrics": False}, "s": rule | {"status": "Disabled"}}
    bucket = Bucket(name="b", replication_rules={"q": rule, **silent})
    assert bucket.measured_replication() == [
        {"SourceBucket": "b", "DestinationBucket": "b-dr", "RuleId": "q"}
    ]


SUFFIX = 'resource "random_id" "suffix" {\n byte_length = 2\n}\n'
NAMES: dict[str, tuple[str, list[str]]] = {
    "a suffix": ('"b-${random_id.suffix.hex}"', ["random_id.suffix"]),
    "another form of it": ('"b-${random_id.suffix.dec}"', ["random_id.suffix"]),
    "by way of a local": ("local.name", ["random_id.suffix"]),
    "in the middle": ('"b-${random_id.suffix.hex}-x"', []),
    "at the beginning": ('"${random_id.suffix.hex}-b"', []),
    "no suffix": ('"b-0a1b"', []),
    "another one": ('"b-${random_string.other.result}"', ["random_string.other"]),
}


@pytest.mark.parametrize("case", NAMES)
def test_what_the_name_of_a_bucket_ends_in(tmp_path: Path, case: str) -> None:
    name, found = NAMES[case]
    local = 'locals {\n name = "b-${random_id.suffix.hex}"\n}\n'
    other = 'resource "random_string" "other" {\n length = 4\n}\n'
    source = f'resource "aws_s3_bucket" "b" {{\n bucket = {name}\n}}\n{SUFFIX}{local}{other}'
    (tmp_path / "main.tf").write_text(source)
    configuration = evaluate(tmp_path, computed=computed_attribute)
    assert Bucket.from_terraform(configuration.at("aws_s3_bucket.b"), configuration).named_after == found


def made_up(name: str) -> Bucket:
    """A bucket as a state holds it, beside what was made up."""
    place, held = Location("state.json", 1), {"byte_length": 2, "hex": "0a1b", "dec": "2587"}
    suffix = Resource("random_id.suffix", "random_id", "suffix", "", held, place)
    its = Resource("aws_s3_bucket.b", "aws_s3_bucket", "b", "", {"bucket": name}, place)
    return Bucket.from_terraform(its, Configuration(Path("live"), "state", (suffix, its)))


def test_in_a_state_the_name_ends_in_the_value() -> None:
    assert made_up("b-0a1b").named_after == ["random_id.suffix"]
    assert made_up("b-2587").named_after == ["random_id.suffix"]
    assert made_up("b-0a1c").named_after == []


def test_a_plan_does_not_say_what_a_name_ends_in() -> None:
    place = Location("plan.json", 1)
    name = Unknown("random_id.suffix.hex")
    its = Resource("aws_s3_bucket.b", "aws_s3_bucket", "b", "", {"bucket": name}, place)
    found = Bucket.from_terraform(its, Configuration(Path("live"), "plan", (its,)))
    with pytest.raises(Undetermined, match=r"random_id\.suffix\.hex"):
        assert found.named_after == []


def test_what_says_that_the_bucket_is_somebody_else_s_aws_refuses(tmp_path: Path) -> None:
    def versioning(owner: str) -> Any:
        part = beside(VERSIONING, f'expected_bucket_owner = "{owner}"\n{ON}')
        return bucket(declared(tmp_path / owner, "", part)).versioning

    assert versioning(ACCOUNT) == "Enabled"
    assert "AWS refuses it: expected_bucket_owner of " in str(versioning("111122223333").reason)
