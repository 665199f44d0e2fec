resource "aws_s3_bucket_lifecycle_configuration" "dl" {
  for_each = local.zones

  bucket = aws_s3_bucket.dl[each.key].bucket

  rule {
    id     = "tiers"
    status = "Enabled"

    filter {}

    transition {
      days          = var.tier_ia_days
      storage_class = "STANDARD_IA"
    }

    transition {
      days          = var.tier_glacier_days
      storage_class = "GLACIER"
    }

    expiration {
      days = var.expiration_days
    }

    # Expiry alone only hides an object behind a delete marker: its versions stay, and cost.
    noncurrent_version_expiration {
      noncurrent_days = var.noncurrent_days
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  # S3 takes no such expiry beside one by days.
  rule {
    id     = "delete-markers"
    status = "Enabled"

    filter {}

    expiration {
      expired_object_delete_marker = true
    }
  }

  lifecycle {
    precondition {
      condition     = var.tier_ia_days + 30 <= var.tier_glacier_days && var.tier_glacier_days < var.expiration_days
      error_message = "S3 keeps an object 30 days in STANDARD_IA, and only what is not expired can move on."
    }
  }

  depends_on = [aws_s3_bucket_versioning.dl]
}
