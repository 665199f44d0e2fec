variable "environment" {
  description = "Environment to deploy: the suffix of every name. Passed with -var, never from a tfvars file."
  type        = string

  validation {
    condition     = contains(["dev", "sit", "prod"], var.environment)
    error_message = "The environment must be dev, sit or prod."
  }
}

variable "region" {
  description = "Region of every resource of this root."
  type        = string
  default     = "af-south-1"

  validation {
    condition     = can(regex("^[a-z]{2}-[a-z]+-[0-9]$", var.region))
    error_message = "The region must be written like af-south-1."
  }
}

variable "accounts" {
  description = "Account id of each environment."
  type        = map(string)
  default = {
    dev  = "536580886816"
    sit  = "815856636111"
    prod = "093646564004"
  }

  validation {
    condition     = alltrue([for id in values(var.accounts) : can(regex("^[0-9]{12}$", id))])
    error_message = "An account id has twelve digits."
  }
}

variable "tags" {
  description = "The standard tags that are the same everywhere; Environment and Component are added to them."
  type        = map(string)
  default = {
    Project     = "BBWS WP Containers"
    Owner       = "Tebogo"
    CostCenter  = "AWS"
    ManagedBy   = "Terraform"
    Application = "CustomerPortalPublic"
    LLD         = "2.1.8"
  }
}

variable "alert_email" {
  description = "Who is told: the address of the runbook's section 6.5."
  type        = string
  default     = "devops@kimmyai.com"

  validation {
    condition     = can(regex("^[^@ ]+@[^@ ]+$", var.alert_email))
    error_message = "The address must be written like devops@example.com."
  }
}

variable "log_retention_days" {
  description = "Days after which a line of the order function's log is deleted."
  type        = number
  default     = 90

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827, 3653], var.log_retention_days)
    error_message = "CloudWatch Logs keeps lines for 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, ... days."
  }
}

variable "replicated" {
  description = "Whether the templates have a replica in dr_region, whose failures are watched."
  type        = bool
  default     = false
}

variable "dr_region" {
  description = "Region of the replica of the templates, where there is one."
  type        = string
  default     = "eu-west-1"

  validation {
    condition     = can(regex("^[a-z]{2}-[a-z]+-[0-9]$", var.dr_region))
    error_message = "The DR region must be written like eu-west-1."
  }
}
