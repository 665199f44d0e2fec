resource "aws_s3_bucket" "a" {
}
output "a" {
  value = aws_s3_bucket.a.nope
}
