variable "environment" {
  description = "Ends the name of each resource: dev, staging, prod."
  type        = string
}

variable "account_id" {
  description = "The account of this environment."
  type        = string
}

variable "data_key_arn" {
  description = "Key that tables and buckets are encrypted with."
  type        = string
}

variable "trail_arn" {
  description = "The trail that is delivered into the bucket trail."
  type        = string
}

variable "private_subnet_ids" {
  description = "Subnets of the cache."
  type        = list(string)
}

variable "redis_security_group_id" {
  description = "Says who reaches the cache."
  type        = string
}

variable "cache_node_type" {
  description = "Size of the cache's only node."
  type        = string
}
