provider "aws" {
  alias = "w"
  region = "eu-west-1"
}
resource "aws_s3_bucket" "a" {
  provider = aws["w"]
}
