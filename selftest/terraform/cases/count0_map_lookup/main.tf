variable "m" {
  default = {}
}
locals {
  table = { a = 1 }
}
resource "terraform_data" "b" {
  for_each = var.m
  input = local.table[each.key]
}
