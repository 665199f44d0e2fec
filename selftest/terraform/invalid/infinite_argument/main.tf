resource "aws_sqs_queue" "a" {
  name          = "a"
  delay_seconds = 1 / 0
}
