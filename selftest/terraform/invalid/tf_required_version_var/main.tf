variable "x" {
  default = ">= 1"
}
terraform {
  required_version = var.x
}
