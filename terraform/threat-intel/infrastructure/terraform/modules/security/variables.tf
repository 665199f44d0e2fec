variable "environment" {
  description = "Ends the name of each resource: dev, staging, prod."
  type        = string
}

variable "account_id" {
  description = "The account of this environment."
  type        = string
}

variable "region" {
  description = "Region of what the role may use."
  type        = string
}

variable "bucket_arns" {
  description = "ARN of each bucket: raw, processed, trail."
  type        = map(string)
}

variable "trail_arn" {
  description = "The trail that is encrypted with the key of data."
  type        = string
}
