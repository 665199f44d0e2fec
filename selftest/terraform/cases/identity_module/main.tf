data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com", "edgelambda.amazonaws.com"]
    }
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::123456789012:root"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = ["2", "1"]
    }
    condition {
      test     = "StringLike"
      variable = "aws:SourceArn"
      values   = ["arn:&{aws:username}/<x>"]
    }
  }
}
data "aws_iam_policy_document" "base" {
  version   = "2012-10-17"
  policy_id = "base"
  statement {
    sid       = "Read"
    actions   = ["s3:Get*", "s3:List*"]
    resources = ["arn:aws:s3:::b/*", "arn:aws:s3:::b"]
  }
  statement {
    sid         = "Write"
    effect      = "Deny"
    not_actions = ["s3:Put*"]
    not_resources = ["arn:aws:s3:::c"]
    not_principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }
  statement {
    actions   = ["kms:Decrypt"]
    resources = ["*"]
  }
}
data "aws_iam_policy_document" "merged" {
  source_policy_documents = [data.aws_iam_policy_document.base.json, jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Sid = "Extra", Effect = "Allow", Action = ["a:B", "a:C"], Resource = "*", Condition = { Bool = { "aws:SecureTransport" = "true" } }, Principal = { AWS = ["x", "y"] } }]
  })]
  statement {
    sid       = "Own"
    actions   = ["logs:*"]
    resources = ["*"]
  }
  override_policy_documents = [jsonencode({
    Statement = [{ Sid = "Read", Effect = "Deny", Action = "s3:*", Resource = ["r1", "r2"], Principal = "*" }]
  })]
}
data "aws_iam_policy_document" "empty" {
}
data "aws_iam_policy_document" "unknown" {
  statement {
    actions   = ["s3:Get*"]
    resources = [aws_iam_role.this["api"].arn]
  }
}
locals {
  roles = { api = { path = "/service/", policies = ["ReadOnlyAccess", "AWSLambdaExecute"] }, job = { policies = [] } }
  attachments = merge([for name, role in local.roles : { for p in role.policies : "${name}/${p}" => { role = name, policy = p } }]...)
}
resource "aws_iam_role" "this" {
  for_each           = local.roles
  name               = "acme-${each.key}"
  path               = lookup(each.value, "path", "/")
  assume_role_policy = data.aws_iam_policy_document.assume.json
  max_session_duration = try(each.value.session, 3600)
  description        = <<-EOT
    Role of ${each.key}:
      %{~ for p in each.value.policies }
      - ${p}
      %{~ endfor }
  EOT
}
resource "aws_iam_policy" "p" {
  name   = "p"
  policy = data.aws_iam_policy_document.merged.json
}
resource "aws_iam_policy" "e" {
  name   = "e"
  policy = data.aws_iam_policy_document.empty.json
}
resource "aws_iam_policy" "base" {
  name   = "base"
  policy = data.aws_iam_policy_document.base.json
}
resource "aws_iam_policy" "minified" {
  name   = "minified"
  policy = data.aws_iam_policy_document.base.minified_json
  description = data.aws_iam_policy_document.base.id
}
resource "aws_iam_policy" "u" {
  name   = "u"
  policy = data.aws_iam_policy_document.unknown.json
}
resource "aws_iam_role_policy_attachment" "this" {
  for_each   = local.attachments
  role       = aws_iam_role.this[each.value.role].name
  policy_arn = "arn:aws:iam::aws:policy/${each.value.policy}"
}
resource "aws_iam_role_policy" "inline" {
  role   = aws_iam_role.this["api"].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [for i, a in ["s3:GetObject", "s3:PutObject"] : {
      Sid      = "S${i}"
      Effect   = i == 0 ? "Allow" : "Deny"
      Action   = a
      Resource = "arn:aws:s3:::b/*"
    }]
  })
}
output "assume" {
  value = data.aws_iam_policy_document.assume.json
}
