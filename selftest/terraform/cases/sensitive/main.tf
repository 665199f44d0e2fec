variable "secret" {
  type      = object({ user = string, list = optional(list(string), ["a"]) })
  default   = { user = "u" }
  sensitive = true
}
locals {
  mixed = { open = 1, closed = var.secret.user }
  text  = "user=${var.secret.user}"
}
resource "terraform_data" "each" {
  for_each = nonsensitive(toset(var.secret.list))
  input    = each.key
}
resource "terraform_data" "counted" {
  count = length(var.secret.list)
  input = local.text
}
module "m" {
  source = "./m"
  secret = var.secret.user
  open   = local.mixed.open
}
output "open" {
  value = local.mixed.open
}
output "shown" {
  value = nonsensitive(local.text)
}
output "closed" {
  value     = local.mixed
  sensitive = true
}
output "length" {
  value = can(var.secret.user)
}
output "module_open" {
  value = module.m.open
}
output "fallback" {
  value = coalesce("plain", "x")
}
