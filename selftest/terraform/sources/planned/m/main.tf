variable "bucket" {}
resource "aws_s3_bucket_versioning" "v" {
  bucket = var.bucket
  versioning_configuration {
    status = "Suspended"
  }
}
resource "aws_sqs_queue" "q" {
  name = "q"
}
resource "aws_sqs_queue_policy" "p" {
  queue_url = aws_sqs_queue.q.id
  policy    = jsonencode({ Resource = aws_sqs_queue.q.arn })
}
output "id" {
  value = aws_s3_bucket_versioning.v.id
}
