variable "environment" {
  description = "Ends the name of each resource: dev, staging, prod."
  type        = string
}

variable "account_id" {
  description = "The account of this environment."
  type        = string
}

variable "region" {
  description = "Region of topic and log group."
  type        = string
}

variable "alerts_email" {
  description = "Who is told when the alarm fires or the budget runs out."
  type        = string
}

variable "log_retention_days" {
  description = "Days after which a line of the trail's log group is deleted."
  type        = number
}

variable "data_key_arn" {
  description = "Key of alerts, logs and the trail."
  type        = string
}

variable "function_names" {
  description = "Name of each function."
  type        = map(string)
}

variable "trail_name" {
  description = "Name of the trail."
  type        = string
}

variable "trail_bucket_name" {
  description = "Bucket of the trail."
  type        = string
}
