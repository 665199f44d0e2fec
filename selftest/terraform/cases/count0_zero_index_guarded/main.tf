variable "on" {
  default = false
}
resource "terraform_data" "a" {
  count = var.on ? 1 : 0
}
resource "terraform_data" "b" {
  count = var.on ? 1 : 0
  input = terraform_data.a[0].id
}
