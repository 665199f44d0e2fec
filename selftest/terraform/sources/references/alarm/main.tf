variable "topics" {}

resource "aws_cloudwatch_metric_alarm" "this" {
  alarm_name          = "inner"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  alarm_actions       = var.topics
}
