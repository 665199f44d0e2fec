data "aws_caller_identity" "a" {
  lifecycle {
    prevent_destroy = true
  }
}
