resource "aws_s3_bukket" "a" {
}
