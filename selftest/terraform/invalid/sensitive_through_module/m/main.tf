variable "p" {}
resource "terraform_data" "a" {
  for_each = toset([var.p])
}
