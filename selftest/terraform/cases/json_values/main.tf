variable "a" {}
variable "b" {}
resource "terraform_data" "t" {
  input = [var.a, var.b, var.b.composed == "\u00e9"]
}
