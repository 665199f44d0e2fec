variable "name" {}

resource "aws_s3_bucket" "this" {
  bucket = var.name
}

output "id" {
  value = aws_s3_bucket.this.id
}

resource "aws_s3_bucket_public_access_block" "this" {
  bucket            = aws_s3_bucket.this.id
  block_public_acls = true
}

output "blocked" {
  value = aws_s3_bucket_public_access_block.this.bucket
}
