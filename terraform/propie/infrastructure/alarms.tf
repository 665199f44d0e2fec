locals {
  of_api = { ApiName = local.name_prefix, Stage = local.stage }

  # DynamoDB counts throttled requests of reads and writes apart. Over all operations ThrottledRequests has no metric.
  throttles = {
    for pair in setproduct(["properties", "enquiries"], ["Read", "Write"]) :
    "${pair[0]}-${lower(pair[1])}" => { table = "${local.name_prefix}-${pair[0]}", metric = "${pair[1]}ThrottleEvents" }
  }
}

# Each looks at five minutes. Where nothing happens there is no metric, and nothing is wrong.
resource "aws_cloudwatch_metric_alarm" "api_server_errors" {
  alarm_name          = "${local.name_prefix}-api-5xx"
  alarm_description   = "Server errors of the API: look at the functions' logs, and at recent deployments."
  namespace           = "AWS/ApiGateway"
  metric_name         = "5XXError"
  dimensions          = local.of_api
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 5
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
}

# Of what is 0 or 1 for each request, the average is the share.
resource "aws_cloudwatch_metric_alarm" "api_client_errors" {
  alarm_name          = "${local.name_prefix}-api-4xx"
  alarm_description   = "More than a quarter of the requests are refused: look for a broken client, or for throttling."
  namespace           = "AWS/ApiGateway"
  metric_name         = "4XXError"
  dimensions          = local.of_api
  statistic           = "Average"
  period              = 300
  evaluation_periods  = 3
  threshold           = 0.25
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "api_latency" {
  alarm_name          = "${local.name_prefix}-api-latency"
  alarm_description   = "One request of twenty takes more than two seconds: look at the functions' durations."
  namespace           = "AWS/ApiGateway"
  metric_name         = "Latency"
  dimensions          = local.of_api
  extended_statistic  = "p95"
  period              = 300
  evaluation_periods  = 3
  threshold           = 2000
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "frontend_server_errors" {
  alarm_name          = "${local.name_prefix}-frontend-5xx"
  alarm_description   = "Server errors of the front end: look at the last job of the branch."
  namespace           = "AWS/AmplifyHosting"
  metric_name         = "5xxErrors"
  dimensions          = { App = aws_amplify_app.frontend["main"].id }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 5
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
}

# In seconds, to the first byte.
resource "aws_cloudwatch_metric_alarm" "frontend_latency" {
  alarm_name          = "${local.name_prefix}-frontend-latency"
  alarm_description   = "One page of twenty begins after more than two seconds: look at the last release."
  namespace           = "AWS/AmplifyHosting"
  metric_name         = "Latency"
  dimensions          = { App = aws_amplify_app.frontend["main"].id }
  extended_statistic  = "p95"
  period              = 300
  evaluation_periods  = 3
  threshold           = 2
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "table_throttles" {
  for_each = local.throttles

  alarm_name          = "${local.name_prefix}-${each.key}-throttles"
  alarm_description   = "Requests to the table are throttled: look at its capacity, and for one key that all ask for."
  namespace           = "AWS/DynamoDB"
  metric_name         = each.value.metric
  dimensions          = { TableName = each.value.table }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_metric_alarm" "function_errors" {
  for_each = local.functions

  alarm_name          = "${local.name_prefix}-${each.key}-errors"
  alarm_description   = "Errors of the function: look at its log, and set the alias back where a release brought them."
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = "${local.name_prefix}-${each.key}" }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 5
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
}

# 1 for a sign-in that succeeds and 0 for one that does not: the average is the share. There is no metric of failures.
resource "aws_cloudwatch_metric_alarm" "sign_ins" {
  alarm_name        = "${local.name_prefix}-sign-ins"
  alarm_description = "Fewer than half of the sign-ins succeed: look at the pool's client, and for whoever tries passwords."
  namespace         = "AWS/Cognito"
  metric_name       = "SignInSuccesses"
  dimensions = {
    UserPool       = aws_cognito_user_pool.users.id
    UserPoolClient = aws_cognito_user_pool_client.web.id
  }
  statistic           = "Average"
  period              = 300
  evaluation_periods  = 3
  threshold           = 0.5
  comparison_operator = "LessThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
}

resource "aws_sns_topic" "alerts" {
  name              = "${local.name_prefix}-alerts"
  kms_master_key_id = aws_kms_key.stack.key_id
}

data "aws_iam_policy_document" "alerts" {
  statement {
    sid       = "AlarmsPublish"
    actions   = ["sns:Publish"]
    resources = ["arn:aws:sns:${var.region}:${var.account_id}:${local.name_prefix}-alerts"]

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
