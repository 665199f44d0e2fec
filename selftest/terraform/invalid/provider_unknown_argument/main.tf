provider "aws" {
  region = "eu-west-1"
  regoin = "eu-west-3"
}

resource "aws_sns_topic" "told" {
  name = "told"
}
