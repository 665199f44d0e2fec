locals {
  a = local.nope
  b = nope(1)
}
output "c" {
  value = var.nope
}
