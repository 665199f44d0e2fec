variable "name" {
  type = string
}
variable "groups" {
  type    = list(string)
  default = ["default"]
}
resource "terraform_data" "inner" {
  for_each = toset(var.groups)
  input    = "${var.name}/${each.key}"
}
output "name" {
  value = upper(var.name)
}
output "groups" {
  value = [for k, v in terraform_data.inner : v.input]
}
output "unknown" {
  value = { for k, v in terraform_data.inner : k => v.id }
}
