output "api_url" {
  description = "Where the API answers: GET and POST /collect below it."
  value       = module.networking.api_url
}

output "api_id" {
  description = "Id of the API: the runbook's API_ID."
  value       = module.networking.api_id
}

output "raw_bucket" {
  description = "Bucket of what the sources said."
  value       = module.storage.bucket_names["raw"]
}

output "processed_bucket" {
  description = "Bucket of the STIX objects."
  value       = module.storage.bucket_names["processed"]
}

output "trail_bucket" {
  description = "Bucket of the trail."
  value       = module.storage.bucket_names["trail"]
}

output "alerts_topic_arn" {
  description = "Topic that the alarm is sent to."
  value       = module.monitoring.alerts_topic_arn
}
