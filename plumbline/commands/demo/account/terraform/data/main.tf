# What the shop of `plumbline demo` is made of: nothing is wrong here.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region = "eu-west-1"
}

variable "environment" {
  type = string
}

locals {
  tags = { Owner = "Shop Team", Environment = var.environment }
}

resource "aws_dynamodb_table" "orders" {
  name                        = "shop-orders-${var.environment}"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "id"
  deletion_protection_enabled = true
  tags                        = local.tags

  attribute {
    name = "id"
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
  }
}

resource "aws_dynamodb_table" "carts" {
  name                        = "shop-carts-${var.environment}"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "id"
  deletion_protection_enabled = true
  tags                        = local.tags

  attribute {
    name = "id"
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
  }
}

resource "aws_s3_bucket" "invoices" {
  bucket = "shop-invoices-${var.environment}"
  tags   = local.tags
}

resource "aws_s3_bucket_versioning" "invoices" {
  bucket = aws_s3_bucket.invoices.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_public_access_block" "invoices" {
  bucket                  = aws_s3_bucket.invoices.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_cloudwatch_log_group" "checkout" {
  name              = "/shop/checkout-${var.environment}"
  retention_in_days = 90
}

resource "aws_sns_topic" "on_call" {
  name = "shop-on-call-${var.environment}"
}

resource "aws_sns_topic_subscription" "on_call" {
  topic_arn = aws_sns_topic.on_call.arn
  protocol  = "email"
  endpoint  = "on-call@shop.example"
}

resource "aws_cloudwatch_metric_alarm" "throttled" {
  alarm_name          = "shop-orders-throttled-${var.environment}"
  namespace           = "AWS/DynamoDB"
  metric_name         = "ReadThrottleEvents"
  dimensions          = { TableName = aws_dynamodb_table.orders.name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  alarm_actions       = [aws_sns_topic.on_call.arn]
}
