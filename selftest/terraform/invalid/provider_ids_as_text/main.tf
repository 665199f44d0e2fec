provider "aws" {
  region = "eu-west-1"
  allowed_account_ids = "123456789012"
}

resource "aws_sns_topic" "told" {
  name = "told"
}
