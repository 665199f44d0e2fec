variable "token" {
  ephemeral = true
  default   = "t"
}
output "o" {
  value     = var.token
  ephemeral = true
}
