provider "aws" {
  region = "eu-west-1"
  default_tags = { tags = { Owner = "shop" } }
}

resource "aws_sns_topic" "told" {
  name = "told"
}
