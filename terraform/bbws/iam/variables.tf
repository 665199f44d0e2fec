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

variable "repositories" {
  description = "Repositories whose workflows may deploy; the runbook names them in sections 3.3 and 4.1."
  type        = list(string)
  default     = ["KimmyAI/2_1_bbws_dynamodb_schemas", "KimmyAI/2_1_bbws_s3_schemas"]

  validation {
    condition     = alltrue([for name in var.repositories : can(regex("^[^/*?]+/[^/*?]+$", name))])
    error_message = "A repository must be written like owner/name, without wildcards."
  }
}

variable "function_prefix" {
  description = "What the names of the functions begin with that run as the execution role."
  type        = string
  default     = "bbws-"
}
