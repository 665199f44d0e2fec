resource "aws_s3_bucket_versioning" "a" {
  bucket = "x"
  dynamic "versioning_configuration" {
    for_each = [1]
  }
}
