variable "a" {
  default = "x"
}
provider "aws" {
  alias = var.a
}
