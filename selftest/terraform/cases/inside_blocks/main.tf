# What others read of the blocks in a resource that nobody configured there.
provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "fake"
  secret_key                  = "fake"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::123456789012:role/orders"
  s3_bucket     = "code"
  s3_key        = "orders.zip"
  handler       = "main.handle"
  runtime       = "python3.12"

  vpc_config {
    subnet_ids         = ["subnet-1"]
    security_group_ids = ["sg-1"]
  }

  timeouts {
    create = "5m"
  }
}

resource "aws_dynamodb_table" "orders" {
  name         = "orders"
  hash_key     = "id"
  billing_mode = "PAY_PER_REQUEST"

  attribute {
    name = "id"
    type = "S"
  }

  server_side_encryption {
    enabled = true
  }
}

resource "aws_eks_cluster" "shop" {
  name     = "shop"
  role_arn = "arn:aws:iam::123456789012:role/shop"

  vpc_config {
    subnet_ids = ["subnet-1", "subnet-2"]
  }
}

resource "aws_security_group" "one" {
  name = "one"

  ingress {
    from_port = 1
    to_port   = 2
    protocol  = "tcp"
  }
}

output "computed" {
  value = [
    aws_lambda_function.orders.vpc_config[0].vpc_id,
    aws_dynamodb_table.orders.server_side_encryption[0].kms_key_arn,
    aws_eks_cluster.shop.vpc_config[0].cluster_security_group_id,
    one(aws_eks_cluster.shop.vpc_config).vpc_id,
    aws_eks_cluster.shop.vpc_config[*].vpc_id,
    [for it in aws_eks_cluster.shop.vpc_config : it.vpc_id],
    try(aws_eks_cluster.shop.vpc_config[0].vpc_id, "none"),
    lookup(aws_eks_cluster.shop.vpc_config[0], "vpc_id", "none"),
  ]
}

output "known" {
  value = [
    can(aws_eks_cluster.shop.vpc_config[0].vpc_id),
    keys(aws_lambda_function.orders.vpc_config[0]),
    length(aws_lambda_function.orders.vpc_config[0]),
    aws_dynamodb_table.orders.attribute,
    { for it in aws_dynamodb_table.orders.attribute : it.name => it.type },
    [for it in aws_security_group.one.ingress : it.from_port],
    aws_lambda_function.orders.timeouts.create,
    aws_lambda_function.orders.timeouts == null,
  ]
}
