variable "x" {
  default = 1
  validation {
    condition = var.y == 1
    error_message = "x"
  }
}
variable "y" {
  default = 1
}
