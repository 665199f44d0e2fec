# What the commands of the runbook are given, by its names for it.
output "amplify_app_id" {
  description = "AMPLIFY_APP_ID"
  value       = aws_amplify_app.frontend["main"].id
}

output "recovery_amplify_app_id" {
  description = "RECOVERY_AMPLIFY_APP_ID"
  value       = aws_amplify_app.frontend["recovery"].id
}

output "branch_name" {
  description = "BRANCH_NAME"
  value       = local.branch
}

output "api_id" {
  description = "API_ID"
  value       = aws_api_gateway_rest_api.this.id
}

output "api_url" {
  description = "Where the API answers."
  value       = aws_api_gateway_stage.prod.invoke_url
}

output "appsync_api_id" {
  description = "APPSYNC_API_ID"
  value       = aws_appsync_graphql_api.this.id
}

output "cloudfront_id" {
  description = "CLOUDFRONT_ID"
  value       = aws_cloudfront_distribution.site.id
}

output "site_url" {
  description = "Where visitors find the front end."
  value       = "https://${var.certificate_arn == null ? aws_cloudfront_distribution.site.domain_name : local.site_name}"
}

output "user_pool_id" {
  description = "USER_POOL_ID"
  value       = aws_cognito_user_pool.users.id
}

output "client_id" {
  description = "CLIENT_ID"
  value       = aws_cognito_user_pool_client.web.id
}

output "identity_pool_id" {
  description = "IDENTITY_POOL_ID"
  value       = aws_cognito_identity_pool.users.id
}

output "ip_set_id" {
  description = "IP_SET_ID"
  value       = aws_wafv2_ip_set.blocked.id
}

output "hosted_zone_id" {
  description = "HOSTED_ZONE_ID"
  value       = aws_route53_zone.site.zone_id
}

output "name_servers" {
  description = "Whom the domain has to delegate the zone to."
  value       = aws_route53_zone.site.name_servers
}
