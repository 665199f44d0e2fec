# `any` inside the elements of a collection: all of them get the one type that fits them.
variable "rules" {
  type = map(object({
    value   = any
    matches = optional(map(any), {})
    lists   = optional(list(any))
    tuple   = optional(tuple([any, string]))
    inner   = optional(object({ deep = optional(any) }))
  }))
  default = {
    a = { value = 1, matches = { x = 1 }, lists = [1], tuple = [1, "a"], inner = { deep = true } }
    b = { value = "b", matches = { y = "y" }, lists = ["b", true], tuple = ["b", "b"] }
    c = { value = true, inner = { deep = "c" } }
  }
}

variable "objects" {
  type    = list(object({ of = any }))
  default = [{ of = { a = 1 } }, { of = { b = "x" } }, { of = {} }]
}

variable "some" {
  type    = map(list(any))
  default = { a = [1], b = ["b"], c = null, d = [] }
}

variable "tuples" {
  type    = list(tuple([any, any]))
  default = [[1, null], ["a", null]]
}

variable "alike" {
  type    = set(object({ of = any }))
  default = [{ of = 2 }, { of = 1 }, { of = 2 }]
}

module "child" {
  source = "./child"
  given  = { a = { of = { n = 1 } }, b = { of = { n = "x" }, none = ["y"] } }
}

output "values" {
  value = [var.rules, var.objects, var.some, var.tuples, var.alike, module.child.given]
}
