resource "aws_s3_bucket" "a" {
  arn = "x"
}
