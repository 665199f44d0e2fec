locals {
  account = var.accounts[var.environment]

  # Who may write where in the bucket, and on whose behalf.
  writers = {
    "cloudtrail.amazonaws.com" = {
      prefix = "cloudtrail"
      source = "arn:aws:cloudtrail:${var.region}:${local.account}:trail/bbws-trail-${var.environment}"
    }
    "config.amazonaws.com" = {
      prefix = "config"
      source = "arn:aws:config:${var.region}:${local.account}:*"
    }
  }
}

# What CloudTrail and Config write: one bucket, closed like every other.
resource "aws_s3_bucket" "audit" {
  bucket = "bbws-audit-${var.environment}"
  tags   = local.tags

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_versioning" "audit" {
  bucket = aws_s3_bucket.audit.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "audit" {
  bucket = aws_s3_bucket.audit.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
    bucket_key_enabled = true
  }
}

resource "aws_s3_bucket_public_access_block" "audit" {
  bucket = aws_s3_bucket.audit.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# The ARN is made of the name, not of the bucket: a plan shows the policy then, which otherwise waits for the bucket.
locals {
  audit_arn = "arn:aws:s3:::bbws-audit-${var.environment}"
}

data "aws_iam_policy_document" "audit" {
  dynamic "statement" {
    for_each = local.writers

    content {
      actions   = ["s3:GetBucketAcl", "s3:ListBucket"]
      resources = [local.audit_arn]

      principals {
        type        = "Service"
        identifiers = [statement.key]
      }

      condition {
        test     = "ArnLike"
        variable = "aws:SourceArn"
        values   = [statement.value.source]
      }
    }
  }

  dynamic "statement" {
    for_each = local.writers

    content {
      actions   = ["s3:PutObject"]
      resources = ["${local.audit_arn}/${statement.value.prefix}/AWSLogs/${local.account}/*"]

      principals {
        type        = "Service"
        identifiers = [statement.key]
      }

      condition {
        test     = "ArnLike"
        variable = "aws:SourceArn"
        values   = [statement.value.source]
      }
    }
  }
}

resource "aws_s3_bucket_policy" "audit" {
  bucket = aws_s3_bucket.audit.id
  policy = data.aws_iam_policy_document.audit.json
}

resource "aws_cloudtrail" "audit" {
  name                       = "bbws-trail-${var.environment}"
  s3_bucket_name             = aws_s3_bucket.audit.id
  s3_key_prefix              = local.writers["cloudtrail.amazonaws.com"].prefix
  is_multi_region_trail      = true
  enable_log_file_validation = true
  tags                       = local.tags

  # CloudTrail tries the bucket when the trail is made.
  depends_on = [aws_s3_bucket_policy.audit]
}
