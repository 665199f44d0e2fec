provider "aws" {
  region                      = "us-east-1"
  access_key                  = "fake"
  secret_key                  = "fake"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}
data "aws_region" "r" {
  endpoint = "ec2.eu-west-2.amazonaws.com"
  name     = "eu-west-1"
}
