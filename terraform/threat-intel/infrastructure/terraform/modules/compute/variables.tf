variable "environment" {
  description = "Ends the name of each resource: dev, staging, prod."
  type        = string
}

variable "lambda_timeout" {
  description = "Seconds that a function may take which nobody waits for. Lambda takes 900 at most."
  type        = number
  default     = 900
}

variable "enrichment_memory_size" {
  description = "Megabytes of the enrichment function."
  type        = number
  default     = 2048
}

variable "log_retention_days" {
  description = "Days after which a line of a log group is deleted."
  type        = number
}

variable "role_arn" {
  description = "Role of the functions."
  type        = string
}

variable "data_key_arn" {
  description = "Key that logs are encrypted with."
  type        = string
}

variable "secret_arn" {
  description = "Secret of the external sources' keys."
  type        = string
}

variable "table_name" {
  description = "Table of the STIX objects."
  type        = string
}

variable "dedup_table_name" {
  description = "Table of what was seen already."
  type        = string
}

variable "bucket_names" {
  description = "Name of each bucket: raw, processed, trail."
  type        = map(string)
}

variable "redis_host" {
  description = "Address of the cache."
  type        = string
}

variable "redis_port" {
  description = "Port of the cache."
  type        = number
}

variable "private_subnet_ids" {
  description = "Subnets of the functions."
  type        = list(string)
}

variable "lambda_security_group_id" {
  description = "Group of the functions."
  type        = string
}

variable "api_execution_arn" {
  description = "The API that may call the collector."
  type        = string
}
