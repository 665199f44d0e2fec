resource "aws_s3_bucket" "a" {
  provider = aws.nope
}
