variable "given" {
  type = map(object({ of = any, none = optional(list(string)) }))
}

output "given" {
  value = { types = var.given, text = { for name, it in var.given : name => jsonencode(it) } }
}
