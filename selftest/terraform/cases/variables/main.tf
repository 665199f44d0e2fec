variable "a" {
  type = number
}
variable "b" {
  type    = list(string)
  default = [1, true, "x"]
}
variable "c" {
  type = object({
    name  = string
    size  = optional(number)
    tags  = optional(map(string), { x = 1 })
    inner = optional(object({ a = optional(bool, true), b = optional(list(number), [1]) }), {})
    list  = optional(list(object({ k = string, v = optional(string, "dv") })), [{ k = "kk" }])
  })
  default = { name = 5, extra = "dropped" }
}
variable "d" {
  type     = string
  nullable = false
  default  = "dd"
}
variable "e" {
  default = null
}
variable "f" {
  type    = set(number)
  default = ["3", 1, 20, 1]
}
variable "g" {
  type    = any
  default = { a = 1, b = ["x", 2] }
}
variable "h" {
  type    = map(any)
  default = { a = 1, b = "x" }
}
variable "i" {
  type    = tuple([string, number])
  default = [1, "2"]
}
variable "j" {
  type    = list(any)
  default = [1, "a"]
}
variable "k" {
  type    = map(object({ on = bool, n = optional(number, 3) }))
  default = { z = { on = "true" }, a = { on = false, n = null } }
}
variable "l" {
  type = string
  validation {
    condition     = length(var.l) > 2 && can(regex("^[a-z]+$", var.l))
    error_message = "The value ${var.l} is bad."
  }
}
variable "m" {
  type = bool
}
variable "n" {
  type    = map(list(string))
  default = {}
}
variable "from_auto" {}
variable "from_json" {}
resource "terraform_data" "all" {
  input = {
    a = var.a, b = var.b, c = var.c, d = var.d, e = var.e, f = var.f, g = var.g, h = var.h, i = var.i, j = var.j, k = var.k
    l = var.l, m = var.m, n = var.n, auto = var.from_auto, json = var.from_json
  }
}
module "m" {
  source = "./m"
  d      = null
  o      = { a = 1 }
}
output "m" {
  value = module.m.all
}
