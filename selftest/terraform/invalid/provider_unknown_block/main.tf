provider "aws" {
  region = "eu-west-1"

  tags {
    Owner = "shop"
  }
}

resource "aws_sns_topic" "told" {
  name = "told"
}
