variable "m" {
  default = {}
}
resource "terraform_data" "b" {
  count = length(var.m)
  input = var.m["x"].y
}
