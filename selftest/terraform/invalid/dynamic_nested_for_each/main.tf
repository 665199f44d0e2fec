resource "aws_s3_bucket_lifecycle_configuration" "s" {
  bucket = "a"
  dynamic "rule" {
    for_each = []
    content {
      dynamic "filter" {
        for_each = nosuch.x
        content {}
      }
    }
  }
}
