terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}

provider "aws" {
  region                      = "eu-west-3"
  access_key                  = "fake"
  secret_key                  = "fake"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
  default_tags {
    tags = local.tags
  }
}

locals {
  tags  = { Project = "lake" }
  zones = toset(["curated", "published", "raw"])
}

resource "aws_kms_key" "lake" {
  enable_key_rotation = true
}

resource "aws_kms_key" "other" {}

resource "aws_kms_alias" "lake" {
  name          = "alias/lake"
  target_key_id = aws_kms_key.lake.key_id
}

resource "aws_s3_bucket" "logs" {
  bucket = "lake-logs"
}

resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "logging.s3.amazonaws.com" }
      Action    = "s3:PutObject"
      Resource  = "arn:aws:s3:::lake-logs/*"
    }]
  })
}

resource "aws_s3_bucket_server_side_encryption_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.other.arn
    }
  }
}

resource "aws_s3_bucket" "zone" {
  for_each = local.zones
  bucket   = "lake-${each.key}"
}

# The companions, each chained in another way.

resource "aws_s3_bucket_versioning" "zone" {
  for_each = aws_s3_bucket.zone
  bucket   = each.value.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "zone" {
  for_each = local.zones
  bucket   = aws_s3_bucket.zone[each.key].id
  rule {
    bucket_key_enabled = true
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.lake.arn
    }
  }
}

resource "aws_s3_bucket_logging" "zone" {
  for_each      = aws_s3_bucket.zone
  bucket        = each.value.bucket
  target_bucket = aws_s3_bucket.logs.id
  target_prefix = "${each.key}/"
  depends_on    = [aws_s3_bucket_policy.logs]
}

resource "aws_s3_bucket_lifecycle_configuration" "zone" {
  for_each = { for name, bucket in aws_s3_bucket.zone : name => bucket }
  bucket   = each.value.id
  dynamic "rule" {
    for_each = toset(["expire"])
    content {
      id     = rule.key
      status = "Enabled"
      filter {}
      expiration {
        days = 30
      }
    }
  }
}

data "aws_iam_policy_document" "tls" {
  for_each = aws_s3_bucket.zone
  statement {
    sid       = "TlsOnly"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [each.value.arn, "${each.value.arn}/*"]
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

resource "aws_s3_bucket_policy" "zone" {
  for_each = aws_s3_bucket.zone
  bucket   = each.value.id
  policy   = data.aws_iam_policy_document.tls[each.key].json
}

module "guard" {
  source   = "./guard"
  for_each = aws_s3_bucket.zone
  bucket   = each.value.id
  key      = aws_kms_key.lake.arn
}

module "zone" {
  source   = "./zone"
  for_each = toset(["first", "second"])
  name     = each.key
}

resource "aws_s3_bucket_versioning" "inner" {
  for_each = module.zone
  bucket   = each.value.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_public_access_block" "inner" {
  for_each            = toset(["first", "second"])
  bucket              = module.zone[each.key].id
  block_public_policy = true
}

resource "aws_s3_bucket" "counted" {
  count  = 2
  bucket = "lake-${count.index}"
}

resource "aws_s3_bucket_versioning" "counted" {
  count  = 2
  bucket = aws_s3_bucket.counted[count.index].id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "counted" {
  count  = length(aws_s3_bucket.counted)
  bucket = aws_s3_bucket.counted[count.index].id
  dynamic "rule" {
    for_each = [aws_kms_key.other]
    content {
      apply_server_side_encryption_by_default {
        sse_algorithm     = "aws:kms"
        kms_master_key_id = rule.value.arn
      }
    }
  }
}

output "key" {
  value = aws_kms_key.lake.arn
}
