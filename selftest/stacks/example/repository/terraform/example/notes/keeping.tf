resource "aws_kms_key" "attachments" {
  enable_key_rotation = true
}

resource "aws_kms_alias" "attachments" {
  name          = "alias/notes-attachments-${var.environment}"
  target_key_id = aws_kms_key.attachments.key_id
}

resource "aws_s3_bucket_server_side_encryption_configuration" "attachments" {
  bucket = aws_s3_bucket.attachments.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.attachments.arn
    }
  }
}

resource "aws_s3_bucket_policy" "attachments" {
  bucket = aws_s3_bucket.attachments.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = ["arn:aws:s3:::${aws_s3_bucket.attachments.bucket}", "arn:aws:s3:::${aws_s3_bucket.attachments.bucket}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

resource "aws_s3_bucket_lifecycle_configuration" "attachments" {
  bucket = aws_s3_bucket.attachments.id

  rule {
    id     = "all"
    status = "Enabled"

    filter {}

    transition {
      days          = 30
      storage_class = "STANDARD_IA"
    }

    transition {
      days          = 90
      storage_class = "GLACIER"
    }

    expiration {
      days = 365
    }

    noncurrent_version_expiration {
      noncurrent_days = 60
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }
}

resource "aws_s3_bucket" "logs" {
  bucket = "notes-logs-${var.environment}"
}

resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "logging.s3.amazonaws.com" }
      Action    = "s3:PutObject"
      Resource  = "arn:aws:s3:::${aws_s3_bucket.logs.bucket}/*"
      Condition = {
        ArnLike      = { "aws:SourceArn" = "arn:aws:s3:::${aws_s3_bucket.attachments.bucket}" }
        StringEquals = { "aws:SourceAccount" = var.accounts[var.environment] }
      }
    }]
  })
}

resource "aws_s3_bucket_logging" "attachments" {
  bucket        = aws_s3_bucket.attachments.id
  target_bucket = aws_s3_bucket.logs.id
  target_prefix = "attachments/"
}

resource "aws_s3_bucket_metric" "attachments" {
  bucket = aws_s3_bucket.attachments.id
  name   = "EntireBucket"
}

resource "aws_cloudwatch_metric_alarm" "requests" {
  alarm_name          = "notes-requests-${var.environment}"
  namespace           = "AWS/S3"
  metric_name         = "4xxErrors"
  dimensions          = { BucketName = aws_s3_bucket.attachments.bucket, FilterId = aws_s3_bucket_metric.attachments.name }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 100
  treat_missing_data  = "notBreaching"
}

resource "aws_backup_vault" "attachments" {
  name = "notes-attachments-${var.environment}"
}

resource "aws_backup_plan" "attachments" {
  name = "notes-attachments-${var.environment}"

  rule {
    rule_name         = "daily"
    target_vault_name = aws_backup_vault.attachments.name
    schedule          = "cron(0 3 * * ? *)"
  }
}

resource "aws_backup_selection" "attachments" {
  name         = "attachments"
  plan_id      = aws_backup_plan.attachments.id
  iam_role_arn = "arn:aws:iam::${var.accounts[var.environment]}:role/backup"
  resources    = [aws_s3_bucket.attachments.arn]
}
