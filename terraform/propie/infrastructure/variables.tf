variable "environment" {
  description = "Which environment this is; the names of everything hold it."
  type        = string

  validation {
    condition     = contains(["dev", "staging", "prod"], var.environment)
    error_message = "The environment must be dev, staging or prod."
  }
}

variable "account_id" {
  description = "The account of this environment."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "An account id has twelve digits."
  }
}

variable "region" {
  description = "Region of every resource; the distribution and the hosted zone have none."
  type        = string
  default     = "eu-west-1"

  validation {
    condition     = can(regex("^[a-z]{2}-[a-z]+-[0-9]$", var.region))
    error_message = "The region must be written like eu-west-1."
  }
}

variable "alerts_email" {
  description = "Who is told when an alarm fires."
  type        = string
  default     = "operations@prop-ie.example"

  validation {
    condition     = can(regex("^[^@ ]+@[^@ ]+$", var.alerts_email))
    error_message = "The address must be written like operations@prop-ie.example."
  }
}

variable "log_retention_days" {
  description = "Days after which a line of a log group, or a delivered access log, is deleted."
  type        = number

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827, 3653], var.log_retention_days)
    error_message = "CloudWatch Logs keeps lines for 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, ... days."
  }
}

variable "mfa_configuration" {
  description = "Whether users sign in with a second factor."
  type        = string

  validation {
    condition     = contains(["OFF", "OPTIONAL", "ON"], var.mfa_configuration) && (var.environment != "prod" || var.mfa_configuration != "OFF")
    error_message = "OFF, OPTIONAL or ON, and never OFF in production."
  }
}

variable "admin_password_flow" {
  description = "Whether operators may sign in as a test user with credentials of the account."
  type        = bool

  validation {
    condition     = var.environment != "prod" || !var.admin_password_flow
    error_message = "Production has no administrative password flow."
  }
}

variable "domain_name" {
  description = "The domain of which each environment has a zone of its name."
  type        = string
  default     = "prop-ie.example"
}

variable "certificate_arn" {
  description = "Certificate of www.{environment}.{domain_name} in us-east-1; null until it is issued."
  type        = string
  default     = null
}
