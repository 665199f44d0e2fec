# Lambda would make the group with its first line and keep it for ever. Here its errors can be counted from the start.
resource "aws_cloudwatch_log_group" "orders" {
  name              = "/aws/lambda/bbws-order-lambda-${var.environment}"
  retention_in_days = var.log_retention_days
  tags              = local.tags
}

# A template or bucket that is not there: the mail is not sent, and nobody else would notice.
resource "aws_cloudwatch_log_metric_filter" "missing_templates" {
  name           = "bbws-missing-templates-${var.environment}"
  log_group_name = aws_cloudwatch_log_group.orders.name
  pattern        = "?NoSuchKey ?NoSuchBucket"

  metric_transformation {
    namespace     = "BBWS/Orders"
    name          = "MissingTemplates"
    value         = "1"
    default_value = "0"
  }
}
