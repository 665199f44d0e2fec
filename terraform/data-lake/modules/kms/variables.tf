variable "alias" {
  description = "Name of the key, which AWS otherwise knows by an id of its own: alias/..."
  type        = string

  validation {
    condition     = startswith(var.alias, "alias/")
    error_message = "An alias begins with alias/."
  }
}

variable "description" {
  description = "What the key encrypts."
  type        = string
}

variable "account_id" {
  description = "The account that administers the key."
  type        = string
}

variable "publishers" {
  description = "AWS services that publish to topics which the key encrypts: cloudwatch.amazonaws.com."
  type        = list(string)
  default     = []
}
