variable "d" {
  type     = string
  nullable = false
  default  = "from default"
}
variable "e" {
  type    = string
  default = "kept"
}
variable "o" {
  type = object({ a = string, b = optional(string, "bb") })
}
output "all" {
  value = { d = var.d, e = var.e, o = var.o }
}
