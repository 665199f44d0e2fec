resource "aws_cloudwatch_dashboard" "notes" {
  dashboard_name = "notes-${var.environment}"

  dashboard_body = jsonencode({
    widgets = [
      {
        type = "metric"
        properties = {
          region = var.region
          stat   = "Sum"
          metrics = [
            ["AWS/DynamoDB", "ReadThrottleEvents", "TableName", "notes-${var.environment}"],
            [".", "WriteThrottleEvents", ".", "."],
            ["AWS/S3", "4xxErrors", "BucketName", "notes-attachments-${var.environment}", "FilterId", "all"],
          ]
        }
      }
    ]
  })
}

resource "aws_cloudwatch_metric_alarm" "refused" {
  alarm_name          = "notes-refused-${var.environment}"
  namespace           = "AWS/S3"
  metric_name         = "4xxErrors"
  dimensions          = { BucketName = "notes-attachments-${var.environment}", FilterId = "all" }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 2
  comparison_operator = "GreaterThanThreshold"
  threshold           = 100
  treat_missing_data  = "notBreaching"
}
