locals {
  trail     = "elite-adventures-audit"
  trail_arn = "arn:aws:cloudtrail:${var.region}:${var.account_id}:trail/${local.trail}"
}

resource "aws_cloudtrail" "audit" {
  name                       = local.trail
  s3_bucket_name             = aws_s3_bucket.this["audit"].bucket
  kms_key_id                 = aws_kms_key.stack.arn
  is_multi_region_trail      = true
  enable_log_file_validation = true
  enable_logging             = true

  # CloudTrail tries the bucket when the trail is made.
  depends_on = [aws_s3_bucket_policy.this]
}

data "aws_iam_policy_document" "trail" {
  statement {
    sid       = "TheTrailLooksAtTheBucket"
    actions   = ["s3:GetBucketAcl"]
    resources = ["arn:aws:s3:::${local.buckets.audit}"]

    principals {
      type        = "Service"
      identifiers = ["cloudtrail.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceArn"
      values   = [local.trail_arn]
    }
  }

  statement {
    sid       = "TheTrailIsDelivered"
    actions   = ["s3:PutObject"]
    resources = ["arn:aws:s3:::${local.buckets.audit}/AWSLogs/${var.account_id}/*"]

    principals {
      type        = "Service"
      identifiers = ["cloudtrail.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceArn"
      values   = [local.trail_arn]
    }
  }
}
