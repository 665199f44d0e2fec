variable "p" {
  default   = "x"
  sensitive = true
}
output "a" {
  value = var.p
}
