variable "token" {
  type      = string
  ephemeral = true
  default   = "t"
}
locals {
  header = { token = var.token, kept = "k" }
}
resource "terraform_data" "kept" {
  input = jsonencode(local.header)
}
