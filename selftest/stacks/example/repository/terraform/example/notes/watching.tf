resource "aws_cloudwatch_log_group" "api" {
  name              = "/aws/lambda/notes-api-${var.environment}"
  retention_in_days = 30
}

resource "aws_sns_topic" "alerts" {
  name = "notes-alerts-${var.environment}"
}

resource "aws_sns_topic_subscription" "alerts" {
  topic_arn = aws_sns_topic.alerts.arn
  protocol  = "email"
  endpoint  = "notes@example.com"
}

resource "aws_cloudwatch_metric_alarm" "throttled" {
  alarm_name          = "notes-throttled-${var.environment}"
  namespace           = "AWS/DynamoDB"
  metric_name         = "ReadThrottleEvents"
  dimensions          = { TableName = aws_dynamodb_table.notes.name }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
}
