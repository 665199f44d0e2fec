variable "account_id" {
  description = "The account of production."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "An account id has twelve digits."
  }
}

variable "region" {
  description = "Region of every resource; CloudFront and the budget have none."
  type        = string
  default     = "us-east-1"

  validation {
    condition     = can(regex("^[a-z]{2}-[a-z]+-[0-9]$", var.region))
    error_message = "The region must be written like us-east-1."
  }
}

variable "alerts_email" {
  description = "Who is told when an alarm fires or the budget runs out."
  type        = string
  default     = "infra-team@example.com"

  validation {
    condition     = can(regex("^[^@ ]+@[^@ ]+$", var.alerts_email))
    error_message = "The address must be written like infra-team@example.com."
  }
}

variable "log_retention_days" {
  description = "Days after which a line of a log group, or a delivered access log, is deleted."
  type        = number
  default     = 365

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827, 3653], var.log_retention_days)
    error_message = "CloudWatch Logs keeps lines for 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, ... days."
  }
}
