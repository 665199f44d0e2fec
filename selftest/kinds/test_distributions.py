"""Distributions of CloudFront, as Terraform declares them and as AWS describes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from moto.cloudfront.models import cloudfront_backends

from plumbline.kinds.call import Asked
from plumbline.kinds.distributions import CacheBehavior, Distribution
from plumbline.kinds.selection import Selection
from plumbline.sources.moto.account import account, empty_all
from plumbline.terraform.evaluation import evaluate
from plumbline.values.unknown import Missing, Undetermined, Unexamined, Unknown, Unreadable
from selftest.kinds import stub

ACCOUNT, REGION = "123456789012", "eu-west-1"
SHOP = """
resource "aws_cloudfront_distribution" "shop" {
  comment = "shop"
  enabled = true
  aliases = ["www.example.com", "shop.example.com"]

  origin {
    origin_id   = "o"
    domain_name = "o.example.com"
  }
  ordered_cache_behavior {
    path_pattern           = "/api/*"
    target_origin_id       = "o"
    viewer_protocol_policy = "https-only"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
  }
  default_cache_behavior {
    target_origin_id       = "o"
    viewer_protocol_policy = "redirect-to-https"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
  }
  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }
  viewer_certificate {
    acm_certificate_arn      = "arn:aws:acm:us-east-1:123456789012:certificate/c"
    ssl_support_method       = "sni-only"
    minimum_protocol_version = "TLSv1.2_2021"
  }
}
resource "aws_kms_key" "made" {}
"""
METRICS = """
resource "aws_cloudfront_monitoring_subscription" "shop" {
  distribution_id = aws_cloudfront_distribution.shop.id
  monitoring_subscription {
    realtime_metrics_subscription_config {
      realtime_metrics_subscription_status = "Enabled"
    }
  }
}
"""
NAMESPACE = "http://cloudfront.amazonaws.com/doc/2020-05-31/"
COMMENT = '  comment = "shop"\n'
ALIASES = '  aliases = ["www.example.com", "shop.example.com"]\n'
OWN = '    acm_certificate_arn      = "arn:aws:acm:us-east-1:123456789012:certificate/c"\n'
LEAST = '    minimum_protocol_version = "TLSv1.2_2021"\n'
UNKNOWN = "aws_kms_key.made.key_id"


@pytest.fixture(autouse=True)
def without_any() -> None:
    """Nobody has a distribution at first."""
    empty_all()


def declared(folder: Path, old: str = "", new: str = "", name: str = "shop") -> Distribution:
    assert old in SHOP + METRICS
    (folder / "main.tf").write_text((SHOP + METRICS).replace(old, new, 1))
    return Distribution.find(evaluate(folder), name, "main.tf")


def made(name: str = "shop", **more: Any) -> Distribution:
    behaviors = [CacheBehavior(path_pattern="*", viewer_protocol_policy="https-only")]
    return Distribution(**{"name": name, "comment": name, "enabled": True, "behaviors": behaviors, **more})


def test_source_says_how_it_serves(tmp_path: Path) -> None:
    found = declared(tmp_path)
    assert found.enabled
    assert found.additional_metrics == "Enabled"
    assert found.aliases == ["shop.example.com", "www.example.com"]
    assert [it.path_pattern for it in found.behaviors] == ["/api/*", "*"]
    assert found.served_over_plain_http == []
    assert found.minimum_protocol_version == "TLSv1.2_2021"
    assert isinstance(found.status, Unexamined)


def test_what_has_no_comment_is_called_by_the_first_alias(tmp_path: Path) -> None:
    assert declared(tmp_path, COMMENT, "", name="shop.example.com").comment == ""
    with pytest.raises(Missing):
        declared(tmp_path, name="shop.example.com")


@pytest.mark.parametrize(
    ("said", "instead"),
    [
        (ALIASES, ""),
        (ALIASES, f'  aliases = [{UNKNOWN}, "shop.example.com"]\n'),
        ("  enabled", f"  comment = {UNKNOWN}\n  enabled"),
    ],
)
def test_what_is_called_by_what_only_apply_tells_may_be_the_one(
    tmp_path: Path, said: str, instead: str
) -> None:
    (tmp_path / "main.tf").write_text(SHOP.replace(COMMENT, "").replace(said, instead))
    with pytest.raises(Undetermined, match="may be shop: its name is known only after apply"):
        Distribution.find(evaluate(tmp_path), "shop", "main.tf")


@pytest.mark.parametrize(
    ("old", "new", "plain"),
    [
        ('"redirect-to-https"', '"allow-all"', ["*"]),
        ('"https-only"', '"allow-all"', ["/api/*"]),
        ('"redirect-to-https"', '"https-only"', []),
    ],
)
def test_each_behavior_decides_over_what_it_serves(
    tmp_path: Path, old: str, new: str, plain: list[str]
) -> None:
    assert declared(tmp_path, old, new).served_over_plain_http == plain


def test_what_is_served_for_certain_is_told_whatever_is_not_known() -> None:
    policies = {"/a": Unknown("it"), "*": "allow-all"}
    told = [CacheBehavior(path_pattern=path, viewer_protocol_policy=it) for path, it in policies.items()]
    assert made(behaviors=told).served_over_plain_http == ["*"]
    with pytest.raises(Undetermined):
        _ = made(behaviors=told[:1]).served_over_plain_http
    with pytest.raises(Undetermined):
        _ = made(behaviors=Unknown("them")).served_over_plain_http


@pytest.mark.parametrize(
    ("old", "new", "least"),
    [
        (OWN, "    cloudfront_default_certificate = true\n", "TLSv1"),
        (OWN, '    iam_certificate_id = "i"\n', "TLSv1.2_2021"),
        (OWN, f"    acm_certificate_arn = {UNKNOWN}\n", "TLSv1.2_2021"),
        (LEAST, "", "TLSv1"),
    ],
)
def test_a_certificate_of_cloudfront_takes_any_version_of_tls(
    tmp_path: Path, old: str, new: str, least: str
) -> None:
    assert declared(tmp_path, old, new).minimum_protocol_version == least


def test_what_only_apply_tells_is_not_decided(tmp_path: Path) -> None:
    assert isinstance(declared(tmp_path, '"TLSv1.2_2021"', UNKNOWN).minimum_protocol_version, Unknown)
    assert isinstance(declared(tmp_path, '"Enabled"', UNKNOWN).additional_metrics, Unknown)
    assert isinstance(declared(tmp_path, "= true", f'= {UNKNOWN} == "x"').enabled, Unknown)
    with pytest.raises(Undetermined):
        _ = declared(tmp_path, '"https-only"', UNKNOWN).served_over_plain_http


def test_metrics_are_additional_where_somebody_switches_them_on(tmp_path: Path) -> None:
    assert declared(tmp_path, METRICS, "").additional_metrics == "Disabled"
    assert declared(tmp_path, '"Enabled"', '"Disabled"').additional_metrics == "Disabled"


def test_it_is_found_by_what_viewers_reach_it_by(tmp_path: Path) -> None:
    declared(tmp_path)
    by_alias = Selection(Distribution, {"aliases": ["www.example.com"]})
    roots = [evaluate(tmp_path)]
    assert by_alias.in_source(roots, REGION, "main.tf", None).name == "shop"
    aws = account(ACCOUNT, REGION)
    for name in ("www", "old"):
        made(name, aliases=[f"{name}.example.com"]).create(aws)
    assert by_alias.in_account(aws) == "www"
    with pytest.raises(Missing):
        Selection(Distribution, {"aliases": ["a.example.com"]}).in_account(aws)


def test_whichever_region_asks_is_told_of_the_same_distribution() -> None:
    made().create(account(ACCOUNT, REGION))
    assert Distribution.from_aws(account(ACCOUNT, "us-east-1"), "shop").enabled


def test_of_two_of_one_name_nobody_knows_which_is_meant() -> None:
    aws = account(ACCOUNT, REGION)
    made(aliases=["a.example.com"]).create(aws)
    again = {"CallerReference": "again", "Comment": "shop", "Enabled": False}
    origin = {"Quantity": 1, "Items": [{"Id": "o", "DomainName": "o.example.com"}]}
    behavior = {"TargetOriginId": "o", "ViewerProtocolPolicy": "allow-all"}
    config = {**again, "Origins": origin, "DefaultCacheBehavior": behavior}
    aws.write("cloudfront:CreateDistribution", DistributionConfig=config)
    with pytest.raises(Undetermined, match="2 distributions in eu-west-1 are called shop"):
        _ = bool(Distribution.from_aws(aws, "shop").enabled)
    with pytest.raises(Missing):
        Distribution.from_aws(aws, "other")


def test_an_account_without_any_lists_none() -> None:
    aws = account(ACCOUNT, REGION)
    with pytest.raises(Missing, match="distribution shop does not exist"):
        Distribution.from_aws(aws, "shop")
    assert [*Distribution.listing.named(Asked(aws, "").ask(Distribution.listing.call).answer)] == []


def test_a_certificate_of_cloudfront_is_told_so_by_an_account() -> None:
    aws = account(ACCOUNT, REGION)
    made().create(aws)
    listed = aws.write("cloudfront:ListDistributions")["DistributionList"]["Items"]
    found = aws.write("cloudfront:GetDistributionConfig", Id=listed[0]["Id"])
    own = {"CloudFrontDefaultCertificate": True, "MinimumProtocolVersion": "TLSv1.2_2021"}
    config = {**found["DistributionConfig"], "ViewerCertificate": own}
    aws.write(
        "cloudfront:UpdateDistribution",
        Id=listed[0]["Id"],
        IfMatch=found["ETag"],
        DistributionConfig=config,
    )
    assert Distribution.from_aws(aws, "shop").minimum_protocol_version == "TLSv1"


@pytest.mark.parametrize(
    ("ages", "minutes"), [({}, 0), ({"Completed": [90]}, 0), ({"InProgress": [5, 20], "Completed": [90]}, 20)]
)
def test_the_oldest_invalidation_in_progress_counts(ages: dict[str, list[float]], minutes: float) -> None:
    aws = account(ACCOUNT, REGION)
    made().create(aws)
    [distribution] = aws.write("cloudfront:ListDistributions")["DistributionList"]["Items"]
    held = cloudfront_backends[ACCOUNT]["aws"]
    for status, age in ((status, age) for status, of in ages.items() for age in of):
        batch = {"Paths": {"Quantity": 1, "Items": ["/*"]}, "CallerReference": f"{age}"}
        asked = {"DistributionId": distribution["Id"], "InvalidationBatch": batch}
        named = aws.write("cloudfront:CreateInvalidation", **asked)["Invalidation"]["Id"]
        told = {"status": status, "create_time": datetime.now(UTC) - timedelta(minutes=age)}
        vars(held.get_invalidation(distribution["Id"], named)).update(told)
    found = Distribution.from_aws(aws, "shop", {"minutes_invalidating"})
    assert found.minutes_invalidating == pytest.approx(minutes, abs=1)
    assert ("invalidation_id" in found.named_in_remedies()) == bool(minutes)


def test_source_does_not_say_what_is_invalidated(tmp_path: Path) -> None:
    assert isinstance(declared(tmp_path).minutes_invalidating, Unexamined)


def listing(inner: str) -> Distribution:
    answer = f'<?xml version="1.0"?>\n<DistributionList xmlns="{NAMESPACE}">{inner}</DistributionList>'
    aws = stub.account({"ListDistributions": stub.text(answer)})
    return Distribution.from_aws(aws, "shop", {"enabled"})


def test_a_list_that_is_cut_off_is_not_an_empty_one() -> None:
    whole = "<Marker/><MaxItems>100</MaxItems><IsTruncated>false</IsTruncated><Quantity>0</Quantity>"
    with pytest.raises(Missing):
        listing(whole)
    assert isinstance(listing(whole.replace("<Quantity>0</Quantity>", "")).enabled, Unreadable)
    assert isinstance(listing("").enabled, Unreadable)
