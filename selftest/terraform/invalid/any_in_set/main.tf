variable "rules" {
  type    = set(object({ value = any }))
  default = [{ value = 1 }, { value = "b" }]
}
