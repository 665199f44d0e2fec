variable "account_id" {
  description = "The account of this environment."
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

variable "alerts_email" {
  description = "Who is told when an alarm fires."
  type        = string
  default     = "data-lake-alerts@example.com"
}
