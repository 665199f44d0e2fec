variable "x" {
  default = "z"
}
locals {
  a = "z"
}
resource "terraform_data" "t" {
  input = "z"
}
