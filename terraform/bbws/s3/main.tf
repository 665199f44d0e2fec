locals {
  tags = merge(var.tags, {
    Environment = var.environment
    Component   = "s3"
  })
}

# The runbook asks for this protection in production. prevent_destroy takes only a literal, so it holds everywhere.
resource "aws_s3_bucket" "templates" {
  bucket = "bbws-templates-${var.environment}"
  tags   = local.tags

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_versioning" "templates" {
  bucket = aws_s3_bucket.templates.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "templates" {
  bucket = aws_s3_bucket.templates.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
    bucket_key_enabled = true
  }
}

resource "aws_s3_bucket_public_access_block" "templates" {
  bucket = aws_s3_bucket.templates.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# For every bucket of the account, also for those that nobody has thought of yet.
resource "aws_s3_account_public_access_block" "account" {
  account_id = var.accounts[var.environment]

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
