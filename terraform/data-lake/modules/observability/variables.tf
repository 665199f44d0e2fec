variable "environment" {
  description = "The environment, which the dashboard is called by: dev, stage or prod."
  type        = string
}

variable "name_prefix" {
  description = "What all names begin with: dp-dev."
  type        = string
}

variable "account_id" {
  description = "The account, which the name of the log bucket ends with."
  type        = string
}

variable "region" {
  description = "Where the metrics are."
  type        = string
}

# Never the default of the log bucket: into such a bucket S3 delivers no access logs.
variable "kms_key_id" {
  description = "Key that encrypts what the topic of the alarms keeps."
  type        = string
}

variable "buckets" {
  description = "Name of each zone's bucket, whose access is logged and whose errors are watched."
  type        = map(string)
}

variable "request_metrics" {
  description = "Id of the filter under which S3 publishes request metrics of a whole bucket."
  type        = string
}

variable "alerts_email" {
  description = "Who is told when an alarm fires."
  type        = string
}

variable "log_retention_days" {
  description = "Days for which access logs are kept."
  type        = number
  default     = 365
}
