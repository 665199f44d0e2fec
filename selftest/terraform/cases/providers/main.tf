terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}
provider "aws" {
  alias                       = "us"
  region                      = "us-east-1"
  access_key                  = "fake"
  secret_key                  = "fake"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
  default_tags {
    tags = { Region = "us" }
  }
}
data "aws_partition" "current" {}
data "aws_region" "current" {}
data "aws_region" "us" {
  provider = aws.us
}
resource "aws_sns_topic" "t" {
  provider = aws.us
  name     = "t-${data.aws_region.us.name}"
}
resource "aws_sns_topic" "e" {
  name = "e-${data.aws_region.current.name}-${data.aws_partition.current.partition}"
}
module "m" {
  source    = "./m"
  providers = { aws = aws.us, aws.second = aws }
}
output "o" {
  value = module.m.region
}
