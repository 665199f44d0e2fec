"""moto is filled in waves: what refers to what AWS chooses is created after it, with what moto chose."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from moto.core.base_backend import BackendDict

import plumbline.kinds.kms
import plumbline.kinds.s3
import plumbline.sources.moto.pieces
from plumbline.kinds.registry import composed, computed_attribute
from plumbline.kinds.s3_openness import ObjectOwnership
from plumbline.sources.hcl import Roots
from plumbline.sources.moto.account import account
from plumbline.sources.moto.filling import Filled, fill
from plumbline.sources.moto.pieces import Piece
from plumbline.terraform.evaluation import evaluate
from plumbline.terraform.model import Settings, TerraformError
from selftest.kinds.outside import lake_kinds

KINDS = composed([plumbline.kinds.kms, plumbline.kinds.s3], [lake_kinds])
ACCOUNT, REGION = "123456789012", "eu-west-1"
KEY = """
resource "aws_kms_key" "lake" {}
resource "aws_kms_alias" "lake" {
  name          = "alias/lake"
  target_key_id = aws_kms_key.lake.key_id
}
"""


@pytest.fixture(autouse=True)
def theirs(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(plumbline.sources.moto.pieces, "kinds", lambda: KINDS)
    BackendDict.reset()
    yield
    BackendDict.reset()


def filled(folder: Path, source: str) -> Filled:
    """Return moto after it was given what this Terraform declares."""
    (folder / "main.tf").write_text(source)
    settings = Settings(account=ACCOUNT, region=REGION)

    def evaluated(_, chosen):
        return evaluate(folder, settings=settings, computed=computed_attribute, chosen=chosen)

    return fill(account(ACCOUNT, REGION), Roots({"lake": evaluated("lake", None)}, evaluated))


def refused(given: Filled) -> dict[Piece, Exception]:
    """Return what moto was not given, but who owns the objects of its buckets: nothing here says that."""
    return {piece: why for piece, why in given.lacking.items() if piece.facet is not ObjectOwnership}


def buckets(given: Filled) -> list[str]:
    return [it["Name"] for it in given.aws.client("s3").list_buckets()["Buckets"]]


def test_what_names_a_key_is_created_with_the_id_that_moto_chose(tmp_path: Path) -> None:
    bucket = 'resource "aws_s3_bucket" "raw" { bucket = "raw-${aws_kms_key.lake.key_id}" }'
    given = filled(tmp_path, bucket + KEY)
    chosen = given.aws.client("kms").describe_key(KeyId="alias/lake")["KeyMetadata"]["KeyId"]
    assert refused(given) == {}
    assert buckets(given) == [f"raw-{chosen}"]


def test_what_no_stack_names_is_created(tmp_path: Path) -> None:
    given = filled(tmp_path, 'resource "aws_s3_bucket" "other" { bucket = "named-nowhere" }')
    assert buckets(given) == ["named-nowhere"]


def test_a_cycle_of_references_is_refused_as_terraform_does(tmp_path: Path) -> None:
    one = 'resource "aws_s3_bucket" "a" { bucket = "a-${aws_s3_bucket.b.hosted_zone_id}" }'
    other = 'resource "aws_s3_bucket" "b" { bucket = "b-${aws_s3_bucket.a.hosted_zone_id}" }'
    with pytest.raises(TerraformError, match="cycle"):
        filled(tmp_path, f"{one}\n{other}")


def test_a_refused_facet_leaves_the_others_alone(tmp_path: Path) -> None:
    given = filled(
        tmp_path,
        """
        resource "aws_s3_bucket" "raw" {
          bucket = "lake-raw"
          tags   = { "aws:reserved" = "to AWS" }
        }
        resource "aws_s3_bucket_versioning" "raw" {
          bucket = "lake-raw"
          versioning_configuration { status = "Enabled" }
        }
        resource "aws_s3_bucket_lifecycle_configuration" "raw" {
          bucket = aws_s3_bucket.raw.id
          rule {
            id     = "expire"
            status = "Enabled"
            expiration { days = 3 }
          }
        }
        """,
    )
    s3 = given.aws.client("s3")
    assert [piece.facet.__name__ for piece in refused(given)] == ["Tagging"]
    assert s3.get_bucket_versioning(Bucket="lake-raw")["Status"] == "Enabled"
    rules = s3.get_bucket_lifecycle_configuration(Bucket="lake-raw")["Rules"]
    assert [it["Expiration"]["Days"] for it in rules] == [3]


REPLICATING = """
resource "aws_s3_bucket" "other" { bucket = "lake-other" }
resource "aws_s3_bucket_versioning" "other" {
  bucket = aws_s3_bucket.other.id
  versioning_configuration { status = "Enabled" }
}
resource "aws_s3_bucket" "raw" { bucket = "lake-raw" }
resource "aws_s3_bucket_replication_configuration" "raw" {
  bucket = "lake-raw"
  role   = "arn:aws:iam::123456789012:role/replication"
  rule {
    id     = "all"
    status = "Enabled"
    destination { bucket = "arn:aws:s3:::lake-copy" }
  }
}
resource "aws_s3_bucket_versioning" "raw" {
  bucket = "lake-raw"
  versioning_configuration { status = "Enabled" }
  depends_on = [aws_s3_bucket_versioning.other]
}
"""
"""The versioning of what replicates is created last of all."""


def test_replication_is_created_after_versioning_though_it_names_it_nowhere(tmp_path: Path) -> None:
    given = filled(tmp_path, REPLICATING)
    assert refused(given) == {}
    [rule] = given.aws.client("s3").get_bucket_replication(Bucket="lake-raw")["ReplicationConfiguration"][
        "Rules"
    ]
    assert rule["Destination"]["Bucket"] == "arn:aws:s3:::lake-copy"


def test_moto_refuses_replication_before_versioning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the proof above can fail."""
    monkeypatch.setattr(plumbline.kinds.s3.Replicating, "follows", ())
    given = filled(tmp_path, REPLICATING)
    assert [piece.facet.__name__ for piece in refused(given)] == ["Replicating"]


def test_of_a_circle_nothing_is_created_and_everything_else_is(tmp_path: Path) -> None:
    """Terraform applies it: first the alias, then the bucket, then the other alias."""
    given = filled(
        tmp_path,
        KEY
        + """
        resource "aws_s3_bucket" "raw" {
          bucket     = "lake-raw"
          depends_on = [aws_kms_alias.lake]
        }
        resource "aws_kms_alias" "second" {
          name          = "alias/second"
          target_key_id = aws_kms_key.lake.key_id
          depends_on    = [aws_s3_bucket.raw]
        }
        resource "aws_s3_bucket_versioning" "raw" {
          bucket = aws_s3_bucket.raw.id
          versioning_configuration { status = "Enabled" }
        }
        resource "aws_s3_bucket" "other" { bucket = "lake-other" }
        resource "aws_s3_bucket_versioning" "other" {
          bucket = aws_s3_bucket.other.id
          versioning_configuration { status = "Enabled" }
        }
        """,
    )
    told = (
        "moto is given nothing that waits for itself: "
        "aliases of key alias/lake -> bucket lake-raw -> aliases of key alias/lake"
    )
    assert {piece.told: str(reason) for piece, reason in refused(given).items()} == {
        "bucket lake-raw": told,
        "aliases of key alias/lake": told,
    }
    assert buckets(given) == ["lake-other"]
    assert given.aws.client("s3").get_bucket_versioning(Bucket="lake-other")["Status"] == "Enabled"
    assert given.aws.client("kms").describe_key(KeyId="alias/lake")["KeyMetadata"]["Enabled"]


def test_a_kind_from_outside_is_created_with_what_stands_beside_it(tmp_path: Path) -> None:
    given = filled(
        tmp_path,
        """
        resource "aws_s3_bucket" "raw" { bucket = replace(lower(aws_cognito_user_pool.lake.id), "_", "-") }
        resource "aws_cognito_user_pool" "lake" { name = "people of the lake" }
        resource "aws_cognito_user_pool_domain" "lake" {
          domain       = "lake"
          user_pool_id = aws_cognito_user_pool.lake.id
        }
        resource "aws_cognito_user_pool_client" "lake" {
          count        = 2
          name         = "client-${count.index}"
          user_pool_id = aws_cognito_user_pool.lake.id
        }
        """,
    )
    assert refused(given) == {}
    cognito = given.aws.client("cognito-idp")
    chosen = cognito.describe_user_pool_domain(Domain="lake")["DomainDescription"]["UserPoolId"]
    assert buckets(given) == [chosen.lower().replace("_", "-")]
    clients = cognito.list_user_pool_clients(UserPoolId=chosen)["UserPoolClients"]
    assert [it["ClientName"] for it in clients] == ["client-0", "client-1"]


def test_what_is_handed_on_by_what_moto_is_not_given_is_waited_for(tmp_path: Path) -> None:
    handed = 'resource "terraform_data" "id" { input = aws_kms_key.lake.key_id }'
    bucket = 'resource "aws_s3_bucket" "raw" { bucket = "raw-${terraform_data.id.input}" }'
    given = filled(tmp_path, f"{bucket}\n{handed}\n{KEY}")
    chosen = given.aws.client("kms").describe_key(KeyId="alias/lake")["KeyMetadata"]["KeyId"]
    assert refused(given) == {}
    assert buckets(given) == [f"raw-{chosen}"]


MODULES = {
    "keys": """
variable "bucket" {}
resource "aws_kms_key" "lake" { description = var.bucket }
output "id" { value = aws_kms_key.lake.key_id }
""",
    "buckets": """
variable "key" {}
resource "terraform_data" "made" { input = "raw" }
resource "aws_s3_bucket" "raw" {
  bucket     = "lake-raw"
  depends_on = [terraform_data.made]
}
resource "aws_s3_bucket" "other" { bucket = "other-${var.key}" }
output "raw" { value = aws_s3_bucket.raw.id }
""",
}
"""Modules that need each other, of which no resource does."""


def test_what_waits_for_a_part_of_a_module_waits_for_no_more_of_it(tmp_path: Path) -> None:
    for name, source in MODULES.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.tf").write_text(source)
    calls = [
        'module "keys" {\n  source = "./keys"\n  bucket = module.buckets.raw\n}',
        'module "buckets" {\n  source = "./buckets"\n  key    = module.keys.id\n}',
    ]
    given = filled(tmp_path, "\n".join(calls))
    [key] = given.aws.client("kms").list_keys()["Keys"]
    assert refused(given) == {}
    assert sorted(buckets(given)) == ["lake-raw", f"other-{key['KeyId']}"]


def test_what_refers_to_all_instances_of_a_module_waits_for_each(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "main.tf").write_text(MODULES["keys"])
    begun = "[for id in module.keys[*].id : substr(id, 0, 8)]"
    bucket = f'resource "aws_s3_bucket" "raw" {{ bucket = "raw-${{join("-", {begun})}}" }}'
    call = 'module "keys" {\n  source = "./keys"\n  count  = 2\n  bucket = "none"\n}'
    given = filled(tmp_path, f"{bucket}\n{call}")
    assert refused(given) == {}
    [name] = buckets(given)
    assert all(it["KeyId"][:8] in name for it in given.aws.client("kms").list_keys()["Keys"])
