locals {
  # An id of a query has small letters, digits and underscores.
  ids = { for key, name in var.function_names : replace(key, "-", "_") => name }
}

# The share of failed invocations of all functions together. Where nothing ran there is no share, and nothing is wrong.
resource "aws_cloudwatch_metric_alarm" "high_error_rate" {
  alarm_name          = "threat-intel-high-error-rate-${var.environment}"
  alarm_description   = "More than 5 percent of invocations failed within five minutes: look at the functions' logs."
  comparison_operator = "GreaterThanThreshold"
  threshold           = 5
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  actions_enabled     = true
  alarm_actions       = [aws_sns_topic.alerts.arn]
  ok_actions          = [aws_sns_topic.alerts.arn]

  metric_query {
    id          = "error_rate"
    label       = "Failed invocations in percent"
    expression  = "100 * SUM([${join(", ", [for id in sort(keys(local.ids)) : "errors_${id}"])}]) / SUM([${join(", ", [for id in sort(keys(local.ids)) : "invocations_${id}"])}])"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = local.ids

    content {
      id = "errors_${metric_query.key}"

      metric {
        namespace   = "AWS/Lambda"
        metric_name = "Errors"
        dimensions  = { FunctionName = metric_query.value }
        stat        = "Sum"
        period      = 300
      }
    }
  }

  dynamic "metric_query" {
    for_each = local.ids

    content {
      id = "invocations_${metric_query.key}"

      metric {
        namespace   = "AWS/Lambda"
        metric_name = "Invocations"
        dimensions  = { FunctionName = metric_query.value }
        stat        = "Sum"
        period      = 300
      }
    }
  }
}

resource "aws_sns_topic" "alerts" {
  name              = "threat-intel-alerts-${var.environment}"
  kms_master_key_id = var.data_key_arn
}

data "aws_iam_policy_document" "alerts" {
  statement {
    sid       = "AlarmsPublish"
    actions   = ["sns:Publish"]
    resources = ["arn:aws:sns:${var.region}:${var.account_id}:threat-intel-alerts-${var.environment}"]

    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [var.account_id]
    }
  }
}

resource "aws_sns_topic_policy" "alerts" {
  arn    = aws_sns_topic.alerts.arn
  policy = data.aws_iam_policy_document.alerts.json
}

# Whoever is told has to confirm by mail before anything arrives.
resource "aws_sns_topic_subscription" "alerts" {
  topic_arn = aws_sns_topic.alerts.arn
  protocol  = "email"
  endpoint  = var.alerts_email
}
