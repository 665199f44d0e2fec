variable "names" {
  type    = set(string)
  default = toset(["a"])
}

variable "many" {
  type    = number
  default = "several"
}
