variable "n" {
  type = list(string)
}
locals {
  first = var.n[0]
}
resource "terraform_data" "x" {
  input = local.first
}
