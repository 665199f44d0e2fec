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
