# What others read of a resource that nobody configured: the provider's defaults, and all tags.
provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "fake"
  secret_key                  = "fake"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true

  default_tags {
    tags = { team = "shop", stage = 1 }
  }
}

provider "aws" {
  alias                       = "plain"
  region                      = "eu-west-1"
  access_key                  = "fake"
  secret_key                  = "fake"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

resource "aws_sqs_queue" "orders" {
  name = "orders"
  tags = { stage = "prod", number = 2 }
}

resource "aws_sqs_queue" "returns" {
  name                       = "returns"
  visibility_timeout_seconds = 6 * aws_sqs_queue.orders.visibility_timeout_seconds
}

resource "aws_sqs_queue" "plain" {
  provider = aws.plain
  name     = "plain"
}

resource "aws_sqs_queue" "tagged" {
  provider = aws.plain
  name     = "tagged"
  tags     = { of = "nobody" }
}

resource "aws_sqs_queue" "later" {
  provider = aws.plain
  name     = "later"
  tags     = { of = aws_sqs_queue.plain.arn }
}

resource "aws_iam_role" "worker" {
  name               = "worker"
  assume_role_policy = "{}"
}

resource "aws_kms_key" "shop" {
  description = "Orders"
}

output "queue" {
  value = [
    aws_sqs_queue.orders.fifo_queue, aws_sqs_queue.orders.message_retention_seconds,
    aws_sqs_queue.orders.max_message_size, aws_sqs_queue.returns.delay_seconds,
  ]
}

output "role" {
  value = [aws_iam_role.worker.path, aws_iam_role.worker.max_session_duration, aws_iam_role.worker.description]
}

output "key" {
  value = [aws_kms_key.shop.key_usage, aws_kms_key.shop.customer_master_key_spec, aws_kms_key.shop.is_enabled]
}

output "tags" {
  value = [aws_sqs_queue.orders.tags_all, aws_sqs_queue.returns.tags_all, aws_sqs_queue.tagged.tags_all]
}

output "none" {
  value = aws_sqs_queue.plain.tags_all
}

output "later" {
  value = aws_sqs_queue.later.tags_all
}

resource "aws_ssm_parameter" "tags" {
  name  = "tags"
  type  = "String"
  value = join(",", [for name, value in aws_sqs_queue.orders.tags_all : "${name}=${value}"])
}
