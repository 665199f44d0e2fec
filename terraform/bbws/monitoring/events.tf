locals {
  # What must not happen unnoticed. The first three are API calls, which only a CloudTrail trail turns into events.
  events = {
    table-deleted = {
      source      = ["aws.dynamodb"]
      detail-type = ["AWS API Call via CloudTrail"]
      detail      = { eventSource = ["dynamodb.amazonaws.com"], eventName = ["DeleteTable"] }
    }
    continuous-backups-changed = {
      source      = ["aws.dynamodb"]
      detail-type = ["AWS API Call via CloudTrail"]
      detail      = { eventSource = ["dynamodb.amazonaws.com"], eventName = ["UpdateContinuousBackups"] }
    }
    bucket-deleted = {
      source      = ["aws.s3"]
      detail-type = ["AWS API Call via CloudTrail"]
      detail      = { eventSource = ["s3.amazonaws.com"], eventName = ["DeleteBucket"] }
    }
    table-recorded-as-deleted = {
      source      = ["aws.config"]
      detail-type = ["Config Configuration Item Change"]
      detail = {
        configurationItem = {
          resourceType            = ["AWS::DynamoDB::Table"]
          configurationItemStatus = ["ResourceDeleted"]
        }
      }
    }
  }
}

resource "aws_cloudwatch_event_rule" "noticed" {
  for_each = local.events

  name          = "bbws-${each.key}-${var.environment}"
  event_pattern = jsonencode(each.value)
  tags          = local.tags
}

resource "aws_cloudwatch_event_target" "alerts" {
  for_each = aws_cloudwatch_event_rule.noticed

  rule = each.value.name
  arn  = aws_sns_topic.alerts.arn
}
