resource "aws_cloudwatch_log_group" "trail" {
  name              = "CloudTrail/ThreatIntelPlatform"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.data_key_arn
}

# CloudTrail says neither its account nor its ARN when it assumes the role: a condition on these would keep it out.
data "aws_iam_policy_document" "trail_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["cloudtrail.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "trail" {
  name               = "threat-intel-trail-delivery-role-${var.environment}"
  assume_role_policy = data.aws_iam_policy_document.trail_trust.json
}

# CloudTrail names its streams after the account and the region of what happened.
data "aws_iam_policy_document" "trail_delivery" {
  statement {
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["arn:aws:logs:${var.region}:${var.account_id}:log-group:CloudTrail/ThreatIntelPlatform:log-stream:${var.account_id}_CloudTrail_*"]
  }
}

resource "aws_iam_role_policy" "trail_delivery" {
  name   = "TrailDeliveryPolicy"
  role   = aws_iam_role.trail.name
  policy = data.aws_iam_policy_document.trail_delivery.json
}

resource "aws_cloudtrail" "this" {
  name                       = var.trail_name
  s3_bucket_name             = var.trail_bucket_name
  kms_key_id                 = var.data_key_arn
  is_multi_region_trail      = true
  enable_log_file_validation = true
  enable_logging             = true
  cloud_watch_logs_group_arn = "${aws_cloudwatch_log_group.trail.arn}:*"
  cloud_watch_logs_role_arn  = aws_iam_role.trail.arn

  # CloudTrail tries the group when the trail is made.
  depends_on = [aws_iam_role_policy.trail_delivery]
}
