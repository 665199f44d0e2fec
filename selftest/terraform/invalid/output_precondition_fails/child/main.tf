variable "number" {
  type = number
}
output "number" {
  value = var.number
  precondition {
    condition     = var.number == 1
    error_message = "Not ${var.number}."
  }
}
