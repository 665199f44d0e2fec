# Lambda would make its groups with the first line and keep them for ever.
resource "aws_cloudwatch_log_group" "function" {
  for_each = local.functions

  name              = "/aws/lambda/${local.name_prefix}-${each.key}"
  retention_in_days = var.log_retention_days
  kms_key_id        = aws_kms_key.stack.arn
}

resource "aws_cloudwatch_log_group" "api" {
  name              = "/aws/apigateway/${local.name_prefix}"
  retention_in_days = var.log_retention_days
  kms_key_id        = aws_kms_key.stack.arn
}

# WAF takes only a group whose name begins like this.
resource "aws_cloudwatch_log_group" "waf" {
  name              = "aws-waf-logs-elite-adventures"
  retention_in_days = var.log_retention_days
  kms_key_id        = aws_kms_key.stack.arn
}

data "aws_iam_policy_document" "waf_logs" {
  statement {
    sid       = "WafDelivers"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["arn:aws:logs:${var.region}:${var.account_id}:log-group:aws-waf-logs-elite-adventures:*"]

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

# What the function writes of each lead it kept.
resource "aws_cloudwatch_log_metric_filter" "leads_submitted" {
  name           = "${local.name_prefix}-submitted"
  log_group_name = aws_cloudwatch_log_group.function["leads"].name
  pattern        = "\"lead submitted\""

  metric_transformation {
    namespace     = "EliteAdventures/Leads"
    name          = "LeadsSubmitted"
    value         = "1"
    default_value = "0"
  }
}

# One setting of the account and region: the role as which API Gateway writes logs.
resource "aws_api_gateway_account" "this" {
  cloudwatch_role_arn = aws_iam_role.api_logs.arn

  depends_on = [aws_iam_role_policy_attachment.api_logs]
}

data "aws_iam_policy_document" "api_logs_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["apigateway.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "api_logs" {
  name               = "${local.name_prefix}-api-logs"
  assume_role_policy = data.aws_iam_policy_document.api_logs_trust.json
}

resource "aws_iam_role_policy_attachment" "api_logs" {
  role       = aws_iam_role.api_logs.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
}
