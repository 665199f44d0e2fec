# A document's own statements replace those of its sources with the same id, and the overrides theirs.
provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "fake"
  secret_key                  = "fake"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

data "aws_iam_policy_document" "source" {
  statement {
    sid       = "Read"
    actions   = ["s3:Get*"]
    resources = ["*"]
  }

  statement {
    sid       = "Write"
    actions   = ["s3:Put*"]
    resources = ["*"]
  }
}

data "aws_iam_policy_document" "own" {
  source_policy_documents = [data.aws_iam_policy_document.source.json]

  statement {
    sid       = "Read"
    effect    = "Deny"
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::a/*"]
  }
}

data "aws_iam_policy_document" "override" {
  source_policy_documents   = [data.aws_iam_policy_document.source.json]
  override_policy_documents = [data.aws_iam_policy_document.own.json]

  statement {
    sid       = "Write"
    effect    = "Deny"
    actions   = ["s3:PutObject"]
    resources = ["*"]
  }
}

output "documents" {
  value = [data.aws_iam_policy_document.own.json, data.aws_iam_policy_document.override.minified_json]
}
