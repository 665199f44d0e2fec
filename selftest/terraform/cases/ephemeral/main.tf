variable "token" {
  type      = string
  ephemeral = true
  default   = "t"
  validation {
    condition     = length(var.token) == 1
    error_message = "One letter."
  }
}
provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "fake"
  secret_key                  = "fake"
  token                       = var.token
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}
locals {
  token = var.token
}
module "m" {
  source = "./m"
  token  = local.token
}
resource "terraform_data" "t" {
  input = [
    ephemeralasnull(var.token),
    ephemeralasnull(local.token) == null,
    coalesce(ephemeralasnull(var.token), "none"),
    ephemeralasnull({ a = var.token, b = "kept" }),
    ephemeralasnull(["kept"]),
    ephemeralasnull("kept"),
    ephemeralasnull(module.m.token),
  ]
}
ephemeral "aws_ssm_parameter" "p" {
  arn = terraform_data.t.id
}
resource "aws_ssm_parameter" "copied" {
  name             = "n"
  type             = "SecureString"
  value_wo         = ephemeral.aws_ssm_parameter.p.value
  value_wo_version = 1
}
resource "terraform_data" "provisioned" {
  depends_on = [ephemeral.aws_ssm_parameter.p]
  provisioner "local-exec" {
    command = "echo ${ephemeral.aws_ssm_parameter.p.value}"
  }
}
resource "terraform_data" "made" {
  input = {
    upper    = ephemeralasnull(upper(var.token))
    text     = ephemeralasnull("x-${var.token}-y")
    truth    = ephemeralasnull(var.token == "t")
    json     = ephemeralasnull(jsonencode({ a = var.token })) == null
    list     = ephemeralasnull(tolist([var.token, "kept"]))
    map      = ephemeralasnull(tomap({ a = var.token, b = "kept" }))
    elements = ephemeralasnull([for it in split(",", var.token) : it])
    can      = can(var.token) ? 1 : 2
    tried    = try({ a = var.token, b = "kept" }.b, "other")
  }
}
