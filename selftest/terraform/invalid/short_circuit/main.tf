terraform {
  required_version = ">= 1.11.0"
}
variable "limit" {
  type    = number
  default = null
  validation {
    condition     = var.limit == null || var.limit >= 1
    error_message = "The limit must be null or at least 1."
  }
}
