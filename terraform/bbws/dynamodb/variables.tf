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

variable "global_secondary_indexes" {
  description = "Indexes of the tenants table. Their keys are strings."
  type = list(object({
    name            = string
    hash_key        = string
    range_key       = optional(string)
    projection_type = optional(string, "ALL")
  }))
  default = [
    {
      name     = "email-index"
      hash_key = "email"
    },
  ]

  validation {
    condition     = length(var.global_secondary_indexes) <= 20
    error_message = "DynamoDB tables support a maximum of 20 GSIs."
  }

  validation {
    condition     = length(distinct(var.global_secondary_indexes[*].name)) == length(var.global_secondary_indexes)
    error_message = "Each index needs a name of its own."
  }

  validation {
    condition     = alltrue([for index in var.global_secondary_indexes : contains(["ALL", "KEYS_ONLY"], index.projection_type)])
    error_message = "An index projects ALL attributes or KEYS_ONLY."
  }
}

# On unless an environment's tfvars switch it off: a forgotten -var-file then protects a table instead of exposing it.
variable "deletion_protection_enabled" {
  description = "Whether AWS itself refuses to delete the tables."
  type        = bool
  default     = true
}

# The runbook asks for a backup plan but gives neither schedule nor retention: both are our assumption.
variable "backup_schedule" {
  description = "When the tables are backed up, in UTC."
  type        = string
  default     = "cron(0 2 * * ? *)"

  validation {
    condition     = can(regex("^cron\\(.+\\)$", var.backup_schedule))
    error_message = "The schedule must be an AWS cron expression, for example cron(0 2 * * ? *)."
  }
}

variable "backup_retention_days" {
  description = "Days after which a recovery point is deleted."
  type        = number
  default     = 35

  validation {
    condition     = var.backup_retention_days >= 1 && var.backup_retention_days <= 36500
    error_message = "Backups are kept for 1 to 36500 days."
  }
}
