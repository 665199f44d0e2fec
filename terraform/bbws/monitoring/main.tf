locals {
  tags = merge(var.tags, {
    Environment = var.environment
    Component   = "monitoring"
  })
}

# Everything that is noticed goes to one topic. The subscriber has to confirm by mail before anything arrives.
resource "aws_sns_topic" "alerts" {
  name = "bbws-alerts-${var.environment}"
  tags = local.tags
}

resource "aws_sns_topic_subscription" "devops" {
  topic_arn = aws_sns_topic.alerts.arn
  protocol  = "email"
  endpoint  = var.alert_email
}

# The ARN is made of the name, not of the topic: a plan shows the policy then, which otherwise waits for the topic.
locals {
  alerts_arn = "arn:aws:sns:${var.region}:${local.account}:bbws-alerts-${var.environment}"
}

data "aws_iam_policy_document" "alerts" {
  statement {
    actions   = ["sns:Publish"]
    resources = [local.alerts_arn]

    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com", "events.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }
}

resource "aws_sns_topic_policy" "alerts" {
  arn    = aws_sns_topic.alerts.arn
  policy = data.aws_iam_policy_document.alerts.json
}
