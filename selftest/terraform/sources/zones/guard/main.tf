variable "bucket" {}
variable "key" {}

resource "aws_s3_bucket_public_access_block" "this" {
  bucket                  = var.bucket
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_cloudwatch_log_group" "this" {
  name       = "guard-${var.bucket}-${substr(var.key, 0, 3)}"
  kms_key_id = var.key
}
