variable "account_id" {
  description = "The account of the environment."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "An account id has twelve digits."
  }
}

variable "region" {
  description = "Region of the state, the keys and what is planned."
  type        = string
  default     = "eu-west-3"
}

variable "repo" {
  description = "The repository on GitHub whose jobs may assume the role: ORGANISATION/NAME."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", var.repo))
    error_message = "A repository is written ORGANISATION/NAME, without wildcards."
  }
}

variable "role_name" {
  description = "Name of the role, which ends with the environment: gh-actions-plan-dev."
  type        = string

  validation {
    condition     = can(regex("^gh-actions-plan-(dev|stage|prod)$", var.role_name))
    error_message = "The role is called gh-actions-plan-dev, -stage or -prod."
  }
}

variable "kms_key_arns" {
  description = "ARNs of the keys of data lake and state (terraform output), as soon as they are there."
  type        = list(string)
  default     = []
}
