variable "x" {
  type    = string
  default = "base"
}
locals {
  a = "base"
  b = "base"
}
resource "terraform_data" "t" {
  input            = "base"
  triggers_replace = local.a
  lifecycle {
    create_before_destroy = true
  }
}
output "o" {
  value       = "${var.x}-${local.a}-${local.b}"
  description = "kept"
}
