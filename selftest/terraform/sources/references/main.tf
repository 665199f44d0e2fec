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
}

locals {
  prod  = false
  zones = toset(["curated", "raw"])
}

# A name that is made of another one's, and two that are not.

resource "aws_s3_bucket" "raw" {
  bucket = "lake-raw"
}

resource "aws_s3_bucket" "raw_logs" {
  bucket = "lake-raw-logs"
}

resource "aws_s3_bucket_versioning" "raw_logs" {
  bucket = "${aws_s3_bucket.raw.id}-logs"
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_accelerate_configuration" "raw" {
  bucket = aws_s3_bucket.raw.id
  status = "Enabled"
}

resource "aws_s3_bucket_accelerate_configuration" "raw_logs" {
  bucket = aws_s3_bucket.raw_logs.id
  status = "Suspended"
}

# A branch of a conditional.

resource "aws_s3_bucket_request_payment_configuration" "one" {
  bucket = local.prod ? aws_s3_bucket.raw.id : aws_s3_bucket.raw_logs.id
  payer  = "Requester"
}

# The instance of the own key, and another one.

resource "aws_s3_bucket" "zone" {
  for_each = local.zones
  bucket   = "zone-${each.key}"
}

resource "aws_kms_key" "zone" {
  for_each                = local.zones
  enable_key_rotation     = true
  deletion_window_in_days = each.key == "raw" ? 7 : 30
}

resource "aws_kms_alias" "zone" {
  for_each      = local.zones
  name          = "alias/${each.key}"
  target_key_id = aws_kms_key.zone[each.key == "raw" ? "curated" : "raw"].key_id
}

resource "aws_s3_bucket_accelerate_configuration" "zone" {
  for_each = local.zones
  bucket   = aws_s3_bucket.zone[each.key].id
  status   = "Enabled"
}

resource "aws_s3_bucket_server_side_encryption_configuration" "zone" {
  for_each = aws_s3_bucket.zone
  bucket   = each.value.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.zone[each.key == "raw" ? "curated" : "raw"].arn
    }
  }
}

resource "aws_s3_bucket_ownership_controls" "zone" {
  for_each = { for name, bucket in aws_s3_bucket.zone : (name == "raw" ? "curated" : "raw") => bucket }
  bucket   = each.value.id
  rule {
    object_ownership = each.key == "raw" ? "BucketOwnerEnforced" : "ObjectWriter"
  }
}

resource "aws_s3_bucket_versioning" "zone" {
  for_each = toset(["raw"])
  bucket   = aws_s3_bucket.zone[each.key == "raw" ? "curated" : "raw"].id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket" "counted" {
  count  = 3
  bucket = "counted-${count.index}"
}

resource "aws_s3_bucket_accelerate_configuration" "counted" {
  count  = 3
  bucket = aws_s3_bucket.counted[count.index].id
  status = "Enabled"
}

resource "aws_s3_bucket_versioning" "counted" {
  count  = 2
  bucket = aws_s3_bucket.counted[count.index == 0 ? 0 : 2].id
  versioning_configuration {
    status = "Enabled"
  }
}

module "inner" {
  source   = "./bucket"
  for_each = toset(["data", "data-logs"])
  name     = "inner-${each.key}"
}

resource "aws_s3_bucket_accelerate_configuration" "inner" {
  for_each = module.inner
  bucket   = each.value.id
  status   = "Enabled"
}

resource "aws_s3_bucket_versioning" "inner" {
  for_each = toset(["data"])
  bucket   = module.inner["${each.key}-logs"].id
  versioning_configuration {
    status = "Enabled"
  }
}

# The only instance there is.

resource "aws_kms_key" "only" {
  count = 1
}

resource "aws_s3_bucket" "only" {
  for_each = toset(["only"])
  bucket   = each.key
}

resource "aws_s3_bucket_server_side_encryption_configuration" "only" {
  for_each = toset(["only"])
  bucket   = aws_s3_bucket.only[each.key].id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = one(aws_kms_key.only[*].arn)
    }
  }
}

# What another companion was given.

resource "aws_s3_bucket_public_access_block" "zone" {
  for_each          = aws_s3_bucket_accelerate_configuration.zone
  bucket            = each.value.bucket
  block_public_acls = true
}

resource "aws_s3_bucket_accelerate_configuration" "only" {
  bucket = aws_s3_bucket.only["only"].id
  status = "Enabled"
}

resource "aws_s3_bucket_public_access_block" "only" {
  bucket            = aws_s3_bucket_accelerate_configuration.only.bucket
  block_public_acls = true
}

resource "aws_s3_bucket_public_access_block" "counted" {
  bucket            = aws_s3_bucket_accelerate_configuration.counted[1].bucket
  block_public_acls = true
}

resource "aws_s3_bucket_public_access_block" "raw_logs" {
  bucket            = "${aws_s3_bucket_accelerate_configuration.raw.bucket}-logs"
  block_public_acls = true
}

resource "aws_s3_bucket_ownership_controls" "inner" {
  for_each = { for name, bucket in module.inner : (name == "data" ? "data-logs" : "data") => bucket }
  bucket   = each.value.blocked
  rule {
    object_ownership = each.key == "data" ? "BucketOwnerEnforced" : "ObjectWriter"
  }
}

# A bucket that is named after something else stays the one that is meant.

resource "terraform_data" "name" {}

resource "aws_s3_bucket" "called_after" {
  bucket = terraform_data.name.id
}

resource "aws_s3_bucket_accelerate_configuration" "called_after" {
  bucket = aws_s3_bucket.called_after.bucket
  status = "Enabled"
}

# Lists of topics.

resource "aws_sns_topic" "one" {
  name = "one"
}

resource "aws_sns_topic" "other" {
  name = "other"
}

resource "aws_sns_topic" "zone" {
  for_each = local.zones
  name     = "topic-${each.key}"
}

resource "aws_sns_topic" "only" {
  for_each = toset(["only"])
  name     = each.key
}

resource "aws_cloudwatch_metric_alarm" "plain" {
  alarm_name          = "plain"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  alarm_actions       = [aws_sns_topic.one.arn]
}

resource "aws_cloudwatch_metric_alarm" "several" {
  alarm_name          = "several"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  alarm_actions       = [aws_sns_topic.one.arn, aws_sns_topic.other.arn]
}

resource "aws_cloudwatch_metric_alarm" "only" {
  for_each            = toset(["only"])
  alarm_name          = each.key
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  alarm_actions       = [aws_sns_topic.only[each.key].arn]
}

resource "aws_cloudwatch_metric_alarm" "branch" {
  alarm_name          = "branch"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  alarm_actions       = local.prod ? [aws_sns_topic.one.arn] : [aws_sns_topic.other.arn]
}

resource "aws_cloudwatch_metric_alarm" "looked_up" {
  alarm_name          = "looked-up"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  alarm_actions       = [{ true = aws_sns_topic.one.arn, false = aws_sns_topic.other.arn }[local.prod]]
}

resource "aws_cloudwatch_metric_alarm" "filtered" {
  alarm_name          = "filtered"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  alarm_actions       = [for it in [aws_sns_topic.one, aws_sns_topic.other] : it.arn if it.name == "one"]
}

resource "aws_cloudwatch_metric_alarm" "zone" {
  for_each            = local.zones
  alarm_name          = "zone-${each.key}"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  alarm_actions       = [aws_sns_topic.zone[each.key].arn]
}

resource "aws_cloudwatch_metric_alarm" "beside" {
  alarm_name          = "beside"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  alarm_actions       = [aws_sns_topic.one.arn, "arn:aws:sns:eu-west-3:123456789012:other"]
  dimensions          = { BucketName = aws_s3_bucket.raw.id, FilterId = "all" }
}

resource "aws_s3_bucket" "base" {
  bucket = "base"
}

resource "aws_s3_bucket" "longer" {
  bucket = "${aws_s3_bucket.base.id}-backup"
  tags   = { Copies = aws_s3_bucket.base.id }
}

resource "aws_s3_bucket_accelerate_configuration" "base" {
  for_each = toset(["base", "base-backup"])
  bucket   = each.key
  status   = "Suspended"
}

resource "aws_s3_bucket_versioning" "of_base_or_longer" {
  bucket = "${aws_s3_bucket.base.id}-backup"
  versioning_configuration {
    status = "Enabled"
  }
}

module "alarm" {
  source = "./alarm"
  topics = [aws_sns_topic.one.arn, aws_sns_topic.other.arn]
}

output "key" {
  value = one(aws_kms_key.only[*].arn)
}
