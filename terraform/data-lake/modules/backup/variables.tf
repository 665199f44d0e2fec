variable "name_prefix" {
  description = "What all names begin with: dp-prod."
  type        = string
}

variable "account_id" {
  description = "The account of the buckets."
  type        = string
}

variable "kms_key_arn" {
  description = "ARN of the key that encrypts the vault."
  type        = string
}

variable "buckets" {
  description = "Name of each zone's bucket."
  type        = map(string)
}

variable "kept_days" {
  description = "Days for which a recovery point is kept."
  type        = number
  default     = 35
}
