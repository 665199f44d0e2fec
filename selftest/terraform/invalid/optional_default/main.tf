variable "settings" {
  type = object({
    capacity = optional(number, "many")
  })
  default = {}
}

output "settings" {
  value = var.settings
}
