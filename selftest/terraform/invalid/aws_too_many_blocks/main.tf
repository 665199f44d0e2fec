resource "aws_s3_bucket_versioning" "a" {
  bucket = "x"
  versioning_configuration {
    status = "Enabled"
  }
  versioning_configuration {
    status = "Enabled"
  }
}
