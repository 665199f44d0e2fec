variable "rules" {
  default = []
}
resource "aws_s3_bucket_lifecycle_configuration" "s" {
  bucket = "a"
  dynamic "rule" {
    for_each = var.rules
    content {
      filter {}
    }
  }
}
