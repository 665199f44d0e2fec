terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
variable "region" {
  default = "eu-west-1"
}
provider "aws" {
  region                      = var.region
  access_key                  = "fake"
  secret_key                  = "fake"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
  default_tags {
    tags = { Owner = "us" }
  }
}
resource "aws_s3_bucket" "one" {
  bucket = "one"
}
resource "aws_s3_bucket" "each" {
  for_each = toset(["a", "b"])
  bucket   = "each-${each.key}"
}
resource "aws_s3_bucket_versioning" "each" {
  for_each = aws_s3_bucket.each
  bucket   = aws_s3_bucket.each[each.key].id
  versioning_configuration {
    status = "Enabled"
  }
  depends_on = [aws_s3_bucket.one]
}
module "m" {
  source = "./m"
  count  = 1
  bucket = aws_s3_bucket.one.id
}
output "name" {
  value = aws_s3_bucket.one.bucket
}
output "id" {
  value = module.m[0].id
}
