variable "account_id" {
  description = "The account of this environment."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "An account id has twelve digits."
  }
}

variable "region" {
  description = "Region of every resource; the budget has none."
  type        = string
  default     = "us-east-1"

  validation {
    condition     = can(regex("^[a-z]{2}-[a-z]+-[0-9]$", var.region))
    error_message = "The region must be written like us-east-1."
  }
}

variable "alerts_email" {
  description = "Who is told when the alarm fires or the budget runs out."
  type        = string
  default     = "threat-intel-alerts@example.com"

  validation {
    condition     = can(regex("^[^@ ]+@[^@ ]+$", var.alerts_email))
    error_message = "The address must be written like threat-intel-alerts@example.com."
  }
}

variable "lambda_timeout" {
  description = "Seconds that a function may take which nobody waits for."
  type        = number
  default     = 900

  validation {
    condition     = var.lambda_timeout >= 1 && var.lambda_timeout <= 900
    error_message = "Lambda ends a function after 900 seconds at most."
  }
}

variable "enrichment_memory_size" {
  description = "Megabytes of the enrichment function."
  type        = number
  default     = 2048

  validation {
    condition     = var.enrichment_memory_size >= 2048 && var.enrichment_memory_size <= 10240
    error_message = "The function was killed with less than 2048 MB, and Lambda gives 10240 at most."
  }
}

variable "log_retention_days" {
  description = "Days after which a line of a log group is deleted."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827, 3653], var.log_retention_days)
    error_message = "CloudWatch Logs keeps lines for 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, ... days."
  }
}
