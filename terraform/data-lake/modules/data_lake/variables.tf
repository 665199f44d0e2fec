variable "name_prefix" {
  description = "What the names of all buckets begin with: dp-dev."
  type        = string
}

variable "account_id" {
  description = "The account, which the names of all buckets end with."
  type        = string
}

variable "kms_key_arn" {
  description = "ARN of the key that encrypts the zones."
  type        = string
}

variable "log_bucket_name" {
  description = "Bucket that takes the access logs."
  type        = string
}

variable "request_metrics" {
  description = "Id of the filter under which S3 publishes request metrics of a whole bucket."
  type        = string
}

variable "tier_ia_days" {
  description = "Days after which an object moves to infrequent access."
  type        = number

  validation {
    condition     = var.tier_ia_days >= 30
    error_message = "S3 moves nothing to STANDARD_IA before 30 days."
  }
}

variable "tier_glacier_days" {
  description = "Days after which an object moves to Glacier; 30 more than to infrequent access at least."
  type        = number
}

variable "expiration_days" {
  description = "Days after which an object expires."
  type        = number
}

variable "noncurrent_days" {
  description = "Days after which an old version is removed."
  type        = number
  default     = 90

  validation {
    condition     = var.noncurrent_days >= 1
    error_message = "An old version is kept for a day at least."
  }
}
