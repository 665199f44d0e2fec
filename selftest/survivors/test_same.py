"""Two texts of Terraform are the same where they leave the same behind, also where it is not known yet."""

from pathlib import Path

import pytest

from plumbline.terraform.evaluation import evaluate
from plumbline.terraform.model import Settings
from selftest.survivors.terraform_world import told

WRITTEN = 'policy = jsonencode({ Statement = [{ Effect = "Deny", Resource = aws_s3_bucket.a.arn }] })'
ASKED = "policy = data.aws_iam_policy_document.a.json"
POLICY = """
resource "aws_s3_bucket" "a" {}

data "aws_iam_policy_document" "a" {
  source_policy_documents = [data.aws_iam_policy_document.b.json]

  statement {
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.a.arn]
  }
}

data "aws_iam_policy_document" "b" {
  statement {
    actions   = ["s3:GetBucketAcl"]
    resources = [aws_s3_bucket.a.arn]
  }
}

resource "aws_s3_bucket_policy" "a" {
  bucket = aws_s3_bucket.a.id
  POLICY
}
"""


def left_behind(folder: Path, text: str) -> str:
    """Return what a root of this text leaves behind."""
    (folder / "main.tf").write_text(text)
    return told(evaluate(folder, settings=Settings(account="100000000005", region="us-east-1")))


@pytest.mark.parametrize(
    ("policy", "old", "new"),
    [
        (WRITTEN, '"Deny"', '"Allow"'),
        (ASKED, '"Deny"', '"Allow"'),
        (ASKED, '"s3:*"', '"s3:GetObject"'),
        (ASKED, "s3:GetBucketAcl", "s3:PutBucketAcl"),
    ],
)
def test_what_is_known_of_an_unknown_text_tells_two_apart(
    tmp_path: Path, policy: str, old: str, new: str
) -> None:
    text = POLICY.replace("POLICY", policy)
    assert left_behind(tmp_path, text) != left_behind(tmp_path, text.replace(old, new))


def test_a_data_source_that_nothing_is_made_of_leaves_nothing_behind(tmp_path: Path) -> None:
    text = POLICY.replace("POLICY", WRITTEN)
    assert left_behind(tmp_path, text) == left_behind(tmp_path, text.replace('"s3:*"', '"s3:GetObject"'))
