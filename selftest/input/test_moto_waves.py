"""What moto is not given of a stack is told where it is asked for, and nowhere else."""

import pytest

from selftest.front_door import Outcome
from selftest.input.tree import Tree

THE_STACK = """\
format: 2
stack: waves
title: Buckets, one of which moto cannot hold as declared
region: eu-west-1
environments: {test: {}}
terraform: {directory: terraform/waves}
buckets:
  raw: {name: lake-raw, root: data, expect: &versioned {versioning: Enabled, tags: {Owner: lake}}}
  other: {name: lake-other, root: data, expect: *versioned}
"""
THE_RUNBOOK = """\
format: 2
stack: waves
title: A runbook of two sentences
source: waves.md
sections: {'1': Buckets}
invariants:
  waves-versioning: &sentence
    test: s3.versioning
    section: '1'
    statement: It is so.
    severity: P2
    evidence: [hcl, aws]
    remedy: {source: [mend it], account: [aws s3 ls]}
  waves-tags: {<<: *sentence, test: s3.tags}
"""
BUCKETS = """\
resource "aws_s3_bucket" "raw" {
  bucket = "lake-raw"
  tags   = { Owner = "lake" }
}
resource "aws_s3_bucket" "other" {
  bucket = "lake-other"
  tags   = { Owner = "lake" }
}
resource "aws_s3_bucket_versioning" "raw" {
  bucket = aws_s3_bucket.raw.id
  versioning_configuration { status = "Enabled" }
}
resource "aws_s3_bucket_versioning" "other" {
  bucket = aws_s3_bucket.other.id
  versioning_configuration { status = "Enabled" }
}
"""
SUBSCRIBERS = """\
resource "aws_sns_topic" "news" { name = "news" }
resource "aws_sns_topic_subscription" "first" {
  topic_arn = aws_sns_topic.news.arn
  protocol  = "email"
  endpoint  = "first@example.com"
}
resource "aws_sns_topic_subscription" "second" {
  topic_arn  = aws_sns_topic.news.arn
  protocol   = "email"
  endpoint   = "second@example.com"
  depends_on = [aws_s3_bucket.raw]
}
"""


@pytest.fixture
def waves(tree: Tree) -> Tree:
    """The suite with a stack of two buckets."""
    written = {"fixtures/stacks/waves.yaml": THE_STACK, "fixtures/runbooks/waves.yaml": THE_RUNBOOK}
    for file, text in (written | {"terraform/waves/data/main.tf": BUCKETS}).items():
        (tree.path / file).parent.mkdir(parents=True, exist_ok=True)
        (tree.path / file).write_text(text)
    return tree


def outcomes(tree: Tree) -> dict[str, Outcome]:
    """Return how each sentence ended on moto, by its id and the bucket."""
    run = tree.run("--stack=waves", "--source=moto")
    assert run.outcomes, run.output
    return {f"{it.invariant} {it.resource}": it for it in run.outcomes.values()}


def test_a_facet_that_moto_refuses_leaves_the_others_alone(waves: Tree) -> None:
    waves.edit("terraform/waves/data/main.tf", 'Owner = "lake"', '"aws:owner" = "lake"')
    found = outcomes(waves)
    refused = found.pop("waves-tags lake-raw")
    assert refused.verdict == "error"
    assert "moto refuses to create tags of bucket lake-raw as declared" in refused.message
    assert [it.verdict for it in found.values()] == ["passed"] * 3


def test_a_circle_is_told_of_what_is_in_it_and_leaves_the_others_alone(waves: Tree) -> None:
    """The bucket waits for a subscription, and another subscription of the same topic for the bucket."""
    source = waves.path / "terraform/waves/data/main.tf"
    waiting = 'bucket     = "lake-raw"\n  depends_on = [aws_sns_topic_subscription.first]'
    source.write_text(BUCKETS.replace('bucket = "lake-raw"', waiting, 1) + SUBSCRIBERS)
    found = outcomes(waves)
    told = (
        "moto is given nothing that waits for itself: "
        "bucket lake-raw -> subscriptions of topic news -> bucket lake-raw"
    )
    assert {name: it.verdict for name, it in found.items()} == {
        "waves-versioning lake-raw": "skipped",
        "waves-tags lake-raw": "skipped",
        "waves-versioning lake-other": "passed",
        "waves-tags lake-other": "passed",
    }
    for name in ("waves-versioning lake-raw", "waves-tags lake-raw"):
        assert told in found[name].message


MODULES = {
    "main.tf": """\
module "zones" {
  source = "./zones"
  logs   = module.logs.bucket
}
module "logs" {
  source  = "./logs"
  buckets = module.zones.buckets
}
""",
    "zones/main.tf": """\
variable "logs" {}
resource "aws_s3_bucket" "raw" {
  bucket = "lake-raw"
  tags   = { Owner = "lake", Logs = var.logs }
}
resource "aws_s3_bucket_versioning" "raw" {
  bucket = aws_s3_bucket.raw.bucket
  versioning_configuration { status = "Enabled" }
}
output "buckets" { value = [aws_s3_bucket.raw.bucket] }
""",
    "logs/main.tf": """\
variable "buckets" {}
data "aws_iam_policy_document" "topic" {
  statement {
    actions   = ["sns:Publish"]
    resources = ["*"]
    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com"]
    }
  }
}
data "aws_iam_policy_document" "bucket" {
  statement {
    actions   = ["s3:PutObject"]
    resources = [for it in concat(var.buckets, [aws_s3_bucket.other.bucket]) : "arn:aws:s3:::${it}/*"]
    principals {
      type        = "Service"
      identifiers = ["logging.s3.amazonaws.com"]
    }
  }
}
resource "aws_sns_topic" "news" { name = "news" }
resource "aws_sns_topic_policy" "news" {
  arn    = aws_sns_topic.news.arn
  policy = data.aws_iam_policy_document.topic.json
}
resource "aws_s3_bucket" "other" {
  bucket = "lake-other"
  tags   = { Owner = "lake" }
}
resource "aws_s3_bucket_versioning" "other" {
  bucket = aws_s3_bucket.other.bucket
  versioning_configuration { status = "Enabled" }
}
resource "aws_s3_bucket_policy" "other" {
  bucket = aws_s3_bucket.other.bucket
  policy = data.aws_iam_policy_document.bucket.json
}
output "bucket" { value = aws_s3_bucket.other.bucket }
""",
}
"""Two modules that take from each other, as Terraform allows: none of their resources waits for itself."""


def test_modules_that_take_outputs_of_each_other_are_no_circle(waves: Tree) -> None:
    for file, text in MODULES.items():
        path = waves.path / "terraform/waves/data" / file
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    closed = "tags: {Owner: lake}, policy_is_public: false, public_grantees: []}"
    waves.edit("fixtures/stacks/waves.yaml", "tags: {Owner: lake}}", closed)
    open_ = "  waves-open: {<<: *sentence, test: s3.not-public}\n  waves-tags:"
    waves.edit("fixtures/runbooks/waves.yaml", "  waves-tags:", open_)
    found = outcomes(waves)
    assert {name: it.verdict for name, it in found.items()} == dict.fromkeys(found, "passed")


def test_resources_of_a_module_that_wait_for_what_is_no_kind_do_not_wait_for_each_other(waves: Tree) -> None:
    folder = waves.path / "terraform/waves/data"
    awaited = '\n  depends_on = [terraform_data.owner]\n  tags   = { Owner = "lake" }'
    (folder / "zones").mkdir()
    (folder / "zones/main.tf").write_text(
        'resource "terraform_data" "owner" {}\n' + BUCKETS.replace('\n  tags   = { Owner = "lake" }', awaited)
    )
    (folder / "main.tf").write_text('module "zones" { source = "./zones" }\n')
    assert {it.verdict for it in outcomes(waves).values()} == {"passed"}


AN_API = """\
format: 2
stack: waves
title: An API of which moto is not given the routes
region: eu-west-1
environments: {test: {}}
terraform: {directory: terraform/waves}
rest_apis:
  api: {name: orders, root: data, expect: {least_rates: {prod: 5}, least_bursts: {prod: 5}}}
"""
OF_A_BODY = """\
resource "aws_api_gateway_rest_api" "orders" {
  name = "orders"
  body = jsonencode({ openapi = "3.0.1", info = { title = "orders", version = "1" }, paths = {} })
}
resource "aws_api_gateway_deployment" "orders" {
  rest_api_id = aws_api_gateway_rest_api.orders.id
}
resource "aws_api_gateway_stage" "prod" {
  rest_api_id   = aws_api_gateway_rest_api.orders.id
  deployment_id = aws_api_gateway_deployment.orders.id
  stage_name    = "prod"
}
resource "aws_api_gateway_method_settings" "all" {
  rest_api_id = aws_api_gateway_rest_api.orders.id
  stage_name  = aws_api_gateway_stage.prod.stage_name
  method_path = "*/*"
  settings {
    throttling_rate_limit  = 10
    throttling_burst_limit = 10
  }
}
"""


def test_what_follows_something_that_moto_was_not_given_is_not_refused(waves: Tree) -> None:
    """moto has no stage where nobody knows the routes: that its settings are refused says nothing of AWS."""
    (waves.path / "fixtures/stacks/waves.yaml").write_text(AN_API)
    runbook = THE_RUNBOOK.partition("  waves-tags")[0].replace("s3.versioning", "api.least-throttle")
    (waves.path / "fixtures/runbooks/waves.yaml").write_text(runbook)
    (waves.path / "terraform/waves/data/main.tf").write_text(OF_A_BODY)
    [found] = outcomes(waves).values()
    assert found.verdict == "skipped"
    assert "the body of aws_api_gateway_rest_api.orders gives its routes" in found.message
