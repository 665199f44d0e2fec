variable "rules" {
  type    = map(object({ value = any, of = optional(string) }))
  default = { a = { value = null }, b = { value = [1] } }
}
