# Lambda would make its groups with the first line and keep them for ever.
resource "aws_cloudwatch_log_group" "function" {
  for_each = local.functions

  name              = "/aws/lambda/${local.name_prefix}-${each.key}"
  retention_in_days = var.log_retention_days
  kms_key_id        = aws_kms_key.stack.arn
}

# WAF takes only a group whose name begins like this.
resource "aws_cloudwatch_log_group" "waf" {
  name              = "aws-waf-logs-${local.name_prefix}"
  retention_in_days = var.log_retention_days
  kms_key_id        = aws_kms_key.stack.arn
}

data "aws_iam_policy_document" "waf_logs" {
  statement {
    sid       = "WafDelivers"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["arn:aws:logs:${var.region}:${var.account_id}:log-group:aws-waf-logs-${local.name_prefix}:*"]

    principals {
      type        = "Service"
      identifiers = ["delivery.logs.amazonaws.com"]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["arn:aws:logs:${var.region}:${var.account_id}:*"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [var.account_id]
    }
  }
}

resource "aws_cloudwatch_log_resource_policy" "waf" {
  policy_name     = "${local.name_prefix}-waf"
  policy_document = data.aws_iam_policy_document.waf_logs.json
}

# One setting of the account and region: the role as which API Gateway writes logs.
resource "aws_api_gateway_account" "this" {
  cloudwatch_role_arn = aws_iam_role.logging["apigateway"].arn

  depends_on = [aws_iam_role_policy_attachment.logging]
}

locals {
  logging = {
    apigateway = "AmazonAPIGatewayPushToCloudWatchLogs"
    appsync    = "AWSAppSyncPushToCloudWatchLogs"
  }
}

data "aws_iam_policy_document" "logging_trust" {
  for_each = local.logging

  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["${each.key}.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "logging" {
  for_each = local.logging

  name               = "${local.name_prefix}-${each.key}-logs"
  assume_role_policy = data.aws_iam_policy_document.logging_trust[each.key].json
}

resource "aws_iam_role_policy_attachment" "logging" {
  for_each = local.logging

  role       = aws_iam_role.logging[each.key].name
  policy_arn = "arn:aws:iam::aws:policy/service-role/${each.value}"
}
