variable "token" {
  type      = string
  ephemeral = true
  default   = "t"
}
output "first" {
  value = split(",", var.token)[0]
}
