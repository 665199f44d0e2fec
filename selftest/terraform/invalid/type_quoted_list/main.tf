variable "x" {
  type = "list"
  default = []
}
