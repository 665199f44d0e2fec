variable "tags" {
  default = {}
}
