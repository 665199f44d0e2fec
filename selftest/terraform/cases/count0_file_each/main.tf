variable "m" {
  default = {}
}
resource "terraform_data" "b" {
  for_each = var.m
  input = file("${path.module}/${each.key}.json")
}
