terraform {
  required_providers {
    aws = {
      source                = "hashicorp/aws"
      configuration_aliases = [aws.second]
    }
  }
}
data "aws_region" "here" {}
data "aws_region" "second" {
  provider = aws.second
}
resource "aws_sqs_queue" "q" {
  name = data.aws_region.here.name
}
resource "aws_sqs_queue" "second" {
  provider = aws.second
  name     = data.aws_region.second.id
}
output "region" {
  value = "${data.aws_region.here.name} ${data.aws_region.second.name}"
}
