variable "account_id" {
  description = "The account whose states are kept."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "An account id has twelve digits."
  }
}

variable "region" {
  description = "Region of every resource of this root."
  type        = string
  default     = "eu-west-3"
}
