# Each rule names a prefix, without a leading slash: keys have none. A rule for the whole bucket would reach qr/ and
# backups/, which are kept.
resource "aws_s3_bucket_lifecycle_configuration" "data" {
  bucket = aws_s3_bucket.this["data"].bucket

  # Raw leads stay for ever. S3 moves none that is smaller than 128 KB, which would cost more there.
  rule {
    id     = "raw"
    status = "Enabled"

    filter {
      prefix = "raw/"
    }

    transition {
      days          = 90
      storage_class = "GLACIER_IR"
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  rule {
    id     = "exports"
    status = "Enabled"

    filter {
      prefix = "exports/"
    }

    expiration {
      days = 365
    }

    # Expiry alone only hides an object behind a delete marker: its versions stay, with what they tell of people.
    noncurrent_version_expiration {
      noncurrent_days = 30
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  # S3 takes no such expiry beside one by days.
  rule {
    id     = "exports-delete-markers"
    status = "Enabled"

    filter {
      prefix = "exports/"
    }

    expiration {
      expired_object_delete_marker = true
    }
  }

  depends_on = [aws_s3_bucket_versioning.this]
}

# What S3 and CloudTrail wrote about the stack.
resource "aws_s3_bucket_lifecycle_configuration" "written" {
  for_each = toset(["audit", "logs"])

  bucket = aws_s3_bucket.this[each.key].bucket

  rule {
    id     = "retention"
    status = "Enabled"

    filter {}

    expiration {
      days = var.log_retention_days
    }

    noncurrent_version_expiration {
      noncurrent_days = 1
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  depends_on = [aws_s3_bucket_versioning.this]
}

# A site that was overwritten or emptied can be restored for a month.
resource "aws_s3_bucket_lifecycle_configuration" "frontend" {
  bucket = aws_s3_bucket.this["frontend"].bucket

  rule {
    id     = "old-versions"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days = 30
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  depends_on = [aws_s3_bucket_versioning.this]
}
