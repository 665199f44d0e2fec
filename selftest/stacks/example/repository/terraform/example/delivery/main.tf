locals {
  account = var.accounts[var.environment]
}

resource "aws_kms_key" "notes" {
  description             = "Notes and their attachments"
  enable_key_rotation     = true
  rotation_period_in_days = 180

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::${local.account}:root" }
      Action    = "kms:*"
      Resource  = "*"
    }]
  })
}

resource "aws_kms_alias" "notes" {
  name          = "alias/notes-${var.environment}"
  target_key_id = aws_kms_key.notes.key_id
}

resource "aws_kms_alias" "deliveries" {
  name          = "alias/notes-deliveries-${var.environment}"
  target_key_id = aws_kms_key.notes.key_id
}

resource "aws_iam_openid_connect_provider" "github" {
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

resource "aws_iam_role" "deployer" {
  name = "notes-deployer-${var.environment}"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = "arn:aws:iam::${local.account}:oidc-provider/token.actions.githubusercontent.com" }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringEquals = { "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com" }
        StringLike   = { "token.actions.githubusercontent.com:sub" = "repo:notes/notes:environment:${var.environment}" }
      }
    }]
  })
}

resource "aws_iam_role_policy" "key" {
  name = "use-of-the-key"
  role = aws_iam_role.deployer.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey"]
      Resource = "arn:aws:kms:${var.region}:${local.account}:key/*"
      Condition = {
        "ForAnyValue:StringEquals" = { "kms:ResourceAliases" = "alias/notes-${var.environment}" }
      }
    }]
  })
}
