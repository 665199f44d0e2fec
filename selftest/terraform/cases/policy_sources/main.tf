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

# Another document is taken over as it is, but for the order of its principals and of its conditions.
data "aws_iam_policy_document" "other" {
  source_policy_documents = [
    <<-EOT
      {
        "statement": [
          {
            "Sid": "Other",
            "effect": "Allow",
            "NotAction": [],
            "Action": ["s3:Put*"],
            "Resource": ["b", "c", "a"],
            "Principal": { "Service": "s", "AWS": ["a", "c", "b"] },
            "Condition": { "StringLike": { "b": ["one"], "a": ["x", "y"] }, "Bool": { "c": false }, "NumericLessThan": { "d": 1.2 } }
          }
        ]
      }
    EOT
  ]

  statement {
    actions = ["s3:Get*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    principals {
      type        = "Service"
      identifiers = ["s3.amazonaws.com"]
    }
  }
}

output "other" {
  value = data.aws_iam_policy_document.other.json
}

output "documents" {
  value = [data.aws_iam_policy_document.own.json, data.aws_iam_policy_document.override.minified_json]
}
