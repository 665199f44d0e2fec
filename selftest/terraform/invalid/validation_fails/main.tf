variable "x" {
  default = "abc"
  validation {
    condition     = length(var.x) > 5
    error_message = "Too short."
  }
}
