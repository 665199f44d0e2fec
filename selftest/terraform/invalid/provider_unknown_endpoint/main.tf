provider "aws" {
  region = "eu-west-1"

  endpoints {
    queue = "http://127.0.0.1:9"
  }
}

resource "aws_sns_topic" "told" {
  name = "told"
}
