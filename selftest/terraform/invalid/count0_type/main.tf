resource "aws_s3_bucket" "b" {
  count = 0
  tags = "x"
}
