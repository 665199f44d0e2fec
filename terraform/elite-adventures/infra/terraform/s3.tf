# What every bucket has: versions, one owner, no public, a policy.
resource "aws_s3_bucket" "this" {
  for_each = local.buckets

  bucket        = each.value
  force_destroy = false

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_ownership_controls" "this" {
  for_each = local.buckets

  bucket = aws_s3_bucket.this[each.key].bucket

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "this" {
  for_each = local.buckets

  bucket = aws_s3_bucket.this[each.key].bucket

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "this" {
  for_each = local.buckets

  bucket = aws_s3_bucket.this[each.key].bucket

  versioning_configuration {
    status = "Enabled"
  }
}

# What is personal. The bucket key asks KMS once for many objects.
resource "aws_s3_bucket_server_side_encryption_configuration" "kms" {
  for_each = toset(["audit", "data"])

  bucket = aws_s3_bucket.this[each.key].bucket

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.stack.arn
    }
    bucket_key_enabled = true
  }
}

# S3 delivers no access logs into a bucket with a key of KMS by default, and everybody may read the site.
resource "aws_s3_bucket_server_side_encryption_configuration" "aes256" {
  for_each = toset(["frontend", "logs"])

  bucket = aws_s3_bucket.this[each.key].bucket

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

# The log bucket would log into itself.
resource "aws_s3_bucket_logging" "this" {
  for_each = setsubtract(keys(local.buckets), ["logs"])

  bucket        = aws_s3_bucket.this[each.key].bucket
  target_bucket = aws_s3_bucket.this["logs"].bucket
  target_prefix = "${each.key}/"

  # S3 refuses to log into a bucket that its logging service may not write to.
  depends_on = [aws_s3_bucket_policy.this]
}

data "aws_iam_policy_document" "bucket" {
  for_each = local.buckets

  source_policy_documents = lookup(local.bucket_policies, each.key, [])

  statement {
    sid       = "DenyPlainHttp"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = ["arn:aws:s3:::${each.value}", "arn:aws:s3:::${each.value}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

# Who else writes to a bucket or reads it: S3 its access logs, CloudTrail the trail, CloudFront the site.
locals {
  bucket_policies = {
    logs     = [data.aws_iam_policy_document.access_logs.json]
    audit    = [data.aws_iam_policy_document.trail.json]
    frontend = [data.aws_iam_policy_document.site.json]
  }
}

resource "aws_s3_bucket_policy" "this" {
  for_each = local.buckets

  bucket = aws_s3_bucket.this[each.key].bucket
  policy = data.aws_iam_policy_document.bucket[each.key].json

  # S3 refuses two changes of what makes a bucket public at the same time.
  depends_on = [aws_s3_bucket_public_access_block.this]
}

data "aws_iam_policy_document" "access_logs" {
  statement {
    sid       = "BucketsDeliverAccessLogs"
    actions   = ["s3:PutObject"]
    resources = ["arn:aws:s3:::${local.buckets.logs}/*"]

    principals {
      type        = "Service"
      identifiers = ["logging.s3.amazonaws.com"]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = [for bucket in local.buckets : "arn:aws:s3:::${bucket}"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [var.account_id]
    }
  }
}
