output "a" {
  value = aws_s3_bucket.nope.id
}
