# GitHub vouches for the jobs of the repository; no key is kept anywhere.
locals {
  environment  = trimprefix(var.role_name, "gh-actions-plan-")
  state_bucket = "tf-state-${var.account_id}-${var.region}"
  # The keys are there only after the environment is: until somebody names them, those of the account in this region.
  kms_keys = coalescelist(var.kms_key_arns, ["arn:aws:kms:${var.region}:${var.account_id}:key/*"])
}

resource "aws_iam_openid_connect_provider" "github" {
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = ["arn:aws:iam::${var.account_id}:oidc-provider/token.actions.githubusercontent.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:aud"
      values   = ["sts.amazonaws.com"]
    }

    # Only jobs of this repository that run in the environment of GitHub which is called as ours is.
    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:sub"
      values   = ["repo:${var.repo}:environment:${local.environment}"]
    }
  }
}

resource "aws_iam_role" "plan" {
  name               = var.role_name
  description        = "Plans of the data lake ${local.environment}, made by GitHub Actions"
  assume_role_policy = data.aws_iam_policy_document.trust.json

  depends_on = [aws_iam_openid_connect_provider.github]
}

# Decrypting and encrypting alone do not write an object that KMS encrypts: S3 asks for a data key.
data "aws_iam_policy_document" "keys" {
  statement {
    actions   = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:DescribeKey"]
    resources = local.kms_keys
  }
}

resource "aws_iam_role_policy" "keys" {
  name   = "use-keys"
  role   = aws_iam_role.plan.name
  policy = data.aws_iam_policy_document.keys.json
}

data "aws_iam_policy_document" "state" {
  statement {
    actions   = ["s3:ListBucket"]
    resources = ["arn:aws:s3:::${local.state_bucket}"]
  }

  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::${local.state_bucket}/*"]
  }

  # A plan holds the lock while it reads.
  statement {
    actions   = ["dynamodb:DescribeTable", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem"]
    resources = ["arn:aws:dynamodb:${var.region}:${var.account_id}:table/tf-locks"]
  }
}

resource "aws_iam_role_policy" "state" {
  name   = "read-state"
  role   = aws_iam_role.plan.name
  policy = data.aws_iam_policy_document.state.json
}
