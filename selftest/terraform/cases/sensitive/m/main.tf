variable "secret" {}
variable "open" {}
output "open" {
  value = var.open
}
output "secret" {
  value     = var.secret
  sensitive = true
}
