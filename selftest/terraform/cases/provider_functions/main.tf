terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
    amazon = {
      source = "hashicorp/aws"
    }
    terraform = {
      source = "terraform.io/builtin/terraform"
    }
  }
}
locals {
  unused = provider::terraform::encode_tfvars({ a = 1 })
  parsed = provider::aws::arn_parse("arn:aws:dynamodb:af-south-1:111122223333:table/orders")
}
resource "terraform_data" "parsed" {
  input = [for it in ["arn:aws:dynamodb:af-south-1:111122223333:table/orders", "arn:aws:iam::1:a:b:c", "arn::::::", "arn:aws:s3:::b", " arn:aws:s3:::b", "x:y", "arn:aws:iam:::", ""] : try(provider::aws::arn_parse(it), "refused")]
}
resource "terraform_data" "built" {
  input = [
    provider::aws::arn_build("aws", "iam", "", "444455556666", "role/x"),
    provider::amazon::arn_build("", "", "", "", ""),
    provider::aws::arn_build("a:b", "c", "d", "e", "f:g"),
    can(provider::aws::arn_build("aws", null, "", "", "")),
    can(provider::aws::arn_parse(null)),
    local.parsed.region,
  ]
}
resource "terraform_data" "trimmed" {
  input = [for it in ["arn:aws:iam::444455556666:role/with/path/example", "arn:aws:iam::444455556666:role/example", "arn:aws:iam::444455556666:user/x/y", "arn:aws:s3:::a/b", "arn:aws:iam:::role/a/b", "arn:aws:iam::1:role/a/", "arn:aws:iam::1:role/", "arn:aws:iam::1:role", "arn:aws:iam::1:rolex/a", "x", "arn:aws:iam:r:1:role/a/b", "arn:aws-cn:iam::1:role//b"] : try(provider::aws::trim_iam_role_path(it), "refused")]
}
