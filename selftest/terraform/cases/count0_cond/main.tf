variable "v" {
  default = "a"
}
resource "terraform_data" "b" {
  count = 0
  input = var.v == "b" ? regex("a", "b") : 1
}
