locals {
  # Days after which an object is deleted: what a source said, what was made of it, what somebody did.
  kept_days = {
    raw       = 180
    processed = 365
    trail     = 400
  }
}

# The prefix is empty: each rule is for all objects of its bucket.
resource "aws_s3_bucket_lifecycle_configuration" "this" {
  for_each = local.kept_days

  bucket = aws_s3_bucket.this[each.key].bucket

  rule {
    id     = "age"
    status = "Enabled"

    filter {
      prefix = ""
    }

    transition {
      days          = 30
      storage_class = "STANDARD_IA"
    }

    expiration {
      days = each.value
    }

    # A version that another one replaced, or that a delete marker hides.
    noncurrent_version_expiration {
      noncurrent_days = 30
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  # S3 counts versions from the day on which there is more than one.
  depends_on = [aws_s3_bucket_versioning.this]
}
