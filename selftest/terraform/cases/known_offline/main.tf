# What the provider answers without asking AWS.
provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "fake"
  secret_key                  = "fake"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true

  default_tags {
    tags = { team = "shop", stage = "test" }
  }
}

provider "aws" {
  alias                       = "government"
  region                      = "us-gov-west-1"
  access_key                  = "fake"
  secret_key                  = "fake"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

data "aws_elb_service_account" "own" {}

data "aws_elb_service_account" "elsewhere" {
  region = "us-east-1"
}

data "aws_elb_service_account" "government" {
  provider = aws.government
}

data "aws_cloudtrail_service_account" "own" {}

data "aws_redshift_service_account" "own" {}

data "aws_redshift_service_account" "government" {
  provider = aws.government
}

data "aws_elb_hosted_zone_id" "own" {}

data "aws_lb_hosted_zone_id" "application" {}

data "aws_lb_hosted_zone_id" "network" {
  load_balancer_type = "network"
}

data "aws_lb_hosted_zone_id" "each" {
  for_each           = toset(["application", "network"])
  load_balancer_type = each.key
  region             = "af-south-1"
}

data "aws_elastic_beanstalk_hosted_zone" "own" {}

data "aws_cloudfront_log_delivery_canonical_user_id" "own" {}

data "aws_cloudfront_log_delivery_canonical_user_id" "china" {
  region = "cn-northwest-1"
}

data "aws_arn" "database" {
  arn = "arn:aws:rds:eu-west-1:123456789012:db:orders:1"
}

data "aws_arn" "bucket" {
  arn = "arn:aws-cn:s3:::orders/receipts"
}

data "aws_service" "own" {
  service_id = "s3"
}

data "aws_service" "elsewhere" {
  service_id = "execute-api"
  region     = "us-west-2"
}

data "aws_service" "by_host" {
  dns_name = "rds.us-east-1.amazonaws.com"
}

data "aws_service" "reversed" {
  reverse_dns_name = "com.amazonaws.eu-north-1.dynamodb"
}

data "aws_service_principal" "own" {
  service_name = "states"
}

data "aws_service_principal" "government" {
  provider     = aws.government
  service_name = "lambda"
}

data "aws_default_tags" "own" {}

data "aws_default_tags" "none" {
  provider = aws.government
}

locals {
  services = {
    own       = data.aws_service.own
    elsewhere = data.aws_service.elsewhere
    by_host   = data.aws_service.by_host
    reversed  = data.aws_service.reversed
  }
}

output "accounts" {
  value = [
    data.aws_elb_service_account.own.id,
    data.aws_elb_service_account.own.arn,
    data.aws_elb_service_account.elsewhere.arn,
    data.aws_elb_service_account.government.arn,
    data.aws_cloudtrail_service_account.own.arn,
    data.aws_redshift_service_account.own.arn,
    data.aws_redshift_service_account.government.arn,
  ]
}

output "zones" {
  value = [
    data.aws_elb_hosted_zone_id.own.id,
    data.aws_lb_hosted_zone_id.application.id,
    data.aws_lb_hosted_zone_id.network.id,
    [for kind in ["application", "network"] : data.aws_lb_hosted_zone_id.each[kind].id],
    data.aws_elastic_beanstalk_hosted_zone.own.id,
  ]
}

output "deliveries" {
  value = [
    data.aws_cloudfront_log_delivery_canonical_user_id.own.id,
    data.aws_cloudfront_log_delivery_canonical_user_id.china.id,
  ]
}

output "arns" {
  value = [data.aws_arn.database, data.aws_arn.bucket]
}

output "services" {
  value = {
    for name, it in local.services : name => [
      it.id, it.dns_name, it.partition, it.region, it.reverse_dns_name, it.reverse_dns_prefix, it.service_id,
    ]
  }
}

output "principals" {
  value = [for it in [data.aws_service_principal.own, data.aws_service_principal.government] : [
    it.id, it.name, it.region, it.service_name, it.suffix,
  ]]
}

output "tags" {
  value = [data.aws_default_tags.own, data.aws_default_tags.none]
}

resource "aws_s3_bucket_policy" "logs" {
  bucket = "logs"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = data.aws_elb_service_account.own.arn }
      Action    = "s3:PutObject"
      Resource  = "arn:aws:s3:::logs/*"
    }]
  })
}
