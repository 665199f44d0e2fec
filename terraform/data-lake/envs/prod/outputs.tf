output "kms_key_arn" {
  description = "ARN of the key of the data lake."
  value       = module.kms.key_arn
}

output "kms_key_id" {
  description = "Id of the key of the data lake."
  value       = module.kms.key_id
}

output "kms_key_alias" {
  description = "Name of the key of the data lake: alias/..."
  value       = module.kms.key_alias
}

output "data_lake_buckets" {
  description = "Name of each zone's bucket: raw, silver, gold."
  value       = module.data_lake.buckets
}

output "log_bucket_name" {
  description = "Bucket of the access logs."
  value       = module.observability.log_bucket_name
}
