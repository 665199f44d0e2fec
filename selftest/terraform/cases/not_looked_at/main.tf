provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "fake"
  secret_key                  = "fake"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}
provider "aws" {
  alias  = "unused"
  region = local.nowhere
  nosuch = True
}
provider "aws" {
  alias  = "passed"
  region = nosuch(1)
}
variable "none" {
  default = []
}
locals {
  none = [for it in ["a"] : it if it == "b"]
}
module "unused" {
  source = "./unused"
  providers = {
    aws = aws.passed
  }
}
resource "terraform_data" "provisioned" {
  input = "a"
  provisioner "local-exec" {
    command    = "echo ${self.input}"
    when       = destroy
    on_failure = continue
  }
  provisioner "local-exec" {
    command    = "echo"
    when       = create
    on_failure = fail
  }
  provisioner "local-exec" {
    command    = "echo"
    when       = "destroy"
    on_failure = "continue"
  }
}
resource "aws_security_group" "none" {
  name = "a"
  dynamic "ingress" {
    for_each = []
    content {
      from_port = nosuch.value
      to_port   = nosuch(1)
      protocol  = local.nosuch
    }
  }
  dynamic "egress" {
    for_each = var.none
    content {
      from_port = var.nosuch
      to_port   = module.nosuch.x
      protocol  = data.aws_region.nosuch.name
    }
  }
}
resource "aws_s3_bucket_lifecycle_configuration" "none" {
  bucket = "b"
  dynamic "rule" {
    for_each = local.none
    content {
      nosuch = 1
      filter {}
      nosuch {}
      dynamic "filter" {
        for_each = nosuch(1)
        content {}
      }
      dynamic "nosuch" {
        for_each = rule.value.x
        content {
          prefix = nosuch.value
        }
      }
      dynamic "without" {
        content {}
      }
    }
  }
  dynamic "rule" {
    for_each = ["a"]
    content {
      id     = rule.value
      status = "Enabled"
      dynamic "expiration" {
        for_each = rule.value == "b" ? [1] : []
        content {
          nosuch = nowhere.at.all
        }
      }
      dynamic "filter" {
        for_each = [rule.key]
        iterator = it
        content {
          prefix = "${rule.value}-${it.value}"
        }
      }
    }
  }
}
resource "aws_security_group" "zero" {
  count = 0
  name  = "a"
  dynamic "ingress" {
    for_each = []
    content {
      from_port = nosuch.value
    }
  }
}
resource "terraform_data" "imported" {
  for_each = { a = "x" }
  input    = each.value
}
import {
  for_each = { a = "x" }
  to       = terraform_data.imported[each.key]
  id       = each.value
}
check "documents" {
  data "aws_iam_policy_document" "scoped" {
    statement {
      actions   = ["s3:GetObject"]
      resources = ["*"]
    }
  }
  assert {
    condition     = data.aws_iam_policy_document.scoped.json != ""
    error_message = "No document for ${data.aws_iam_policy_document.scoped.id}."
  }
}
