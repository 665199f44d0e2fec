resource "aws_s3_bucket" "b" {
  lifecycle {
    ignore_changes = [nope]
  }
}
