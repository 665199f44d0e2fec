variable "environment" {
  type = string

  validation {
    condition     = contains(["dev", "prod"], var.environment)
    error_message = "The environment must be dev or prod."
  }
}

variable "region" {
  type    = string
  default = "eu-central-1"
}

variable "accounts" {
  type = map(string)
  default = {
    dev  = "111122223333"
    prod = "444455556666"
  }
}
