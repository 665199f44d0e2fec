variable "p" {
  default   = "x"
  sensitive = true
}
output "a" {
  value = { b = ["${var.p}!"] }
}
