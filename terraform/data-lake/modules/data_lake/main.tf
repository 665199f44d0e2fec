# Bucket names are one namespace for all of AWS, so they carry the account. Policies are made of these names and not of
# the buckets: a plan shows them then, which otherwise waits until the buckets are there.
locals {
  zones = toset(["raw", "silver", "gold"])
  names = { for zone in local.zones : zone => "${var.name_prefix}-${zone}-${var.account_id}" }
}

# prevent_destroy takes only a literal: what production needs holds everywhere.
resource "aws_s3_bucket" "dl" {
  for_each = local.zones

  bucket        = local.names[each.key]
  force_destroy = false

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_ownership_controls" "dl" {
  for_each = local.zones

  bucket = aws_s3_bucket.dl[each.key].bucket

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "dl" {
  for_each = local.zones

  bucket = aws_s3_bucket.dl[each.key].bucket

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "dl" {
  for_each = local.zones

  bucket = aws_s3_bucket.dl[each.key].bucket

  versioning_configuration {
    status = "Enabled"
  }
}

# The bucket key asks KMS once for many objects: without it a busy zone is throttled.
resource "aws_s3_bucket_server_side_encryption_configuration" "dl" {
  for_each = local.zones

  bucket = aws_s3_bucket.dl[each.key].bucket

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = var.kms_key_arn
    }
    bucket_key_enabled = true
  }
}

resource "aws_s3_bucket_logging" "dl" {
  for_each = local.zones

  bucket        = aws_s3_bucket.dl[each.key].bucket
  target_bucket = var.log_bucket_name
  target_prefix = "${each.key}/"
}

# Without request metrics S3 publishes no errors, and an alarm on them never fires.
resource "aws_s3_bucket_metric" "dl" {
  for_each = local.zones

  bucket = aws_s3_bucket.dl[each.key].bucket
  name   = var.request_metrics
}

data "aws_iam_policy_document" "dl" {
  for_each = local.zones

  statement {
    sid     = "DenyPlainHttp"
    effect  = "Deny"
    actions = ["s3:*"]
    resources = [
      "arn:aws:s3:::${local.names[each.key]}",
      "arn:aws:s3:::${local.names[each.key]}/*",
    ]

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

resource "aws_s3_bucket_policy" "dl" {
  for_each = local.zones

  bucket = aws_s3_bucket.dl[each.key].bucket
  policy = data.aws_iam_policy_document.dl[each.key].json

  # S3 refuses two changes of what makes a bucket public at the same time.
  depends_on = [aws_s3_bucket_public_access_block.dl]
}
