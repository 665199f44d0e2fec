variable "name" {}

resource "aws_s3_bucket" "this" {
  bucket = "inner-${var.name}"
}

output "id" {
  value = aws_s3_bucket.this.id
}
