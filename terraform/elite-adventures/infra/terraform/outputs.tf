output "api_url" {
  description = "Where the API answers: the runbook's API_URL."
  value       = aws_api_gateway_stage.prod.invoke_url
}

output "api_id" {
  description = "Id of the API."
  value       = aws_api_gateway_rest_api.leads.id
}

output "site_url" {
  description = "Where visitors leave their leads."
  value       = local.site_url
}

output "distribution_id" {
  description = "Id of the site's distribution, whose cache a deployment empties."
  value       = aws_cloudfront_distribution.site.id
}

output "frontend_bucket_name" {
  description = "Bucket of the site: the runbook's BUCKET_NAME."
  value       = aws_s3_bucket.this["frontend"].bucket
}

output "data_bucket_name" {
  description = "Bucket of raw leads, exports, QR codes and backups."
  value       = aws_s3_bucket.this["data"].bucket
}

output "user_pool_id" {
  description = "Id of the administrators' pool: the runbook's us-east-1_XXXXXXXXX."
  value       = aws_cognito_user_pool.admin.id
}

output "user_pool_client_id" {
  description = "Id of the client that administrators sign in with."
  value       = aws_cognito_user_pool_client.admin.id
}

output "kms_key_id" {
  description = "Id of the stack's key: the runbook's KEY_ID."
  value       = aws_kms_key.stack.key_id
}

output "web_acl_arn" {
  description = "ARN of the web ACL in front of the API."
  value       = aws_wafv2_web_acl.api.arn
}

output "alerts_topic_arn" {
  description = "Topic that alarms are sent to."
  value       = aws_sns_topic.alerts.arn
}
