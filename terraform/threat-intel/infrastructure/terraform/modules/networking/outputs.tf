output "private_subnet_ids" {
  description = "Subnets of the functions and of the cache."
  value       = [for subnet in aws_subnet.private : subnet.id]
}

output "lambda_security_group_id" {
  description = "Group of the functions."
  value       = aws_security_group.lambda.id
}

output "redis_security_group_id" {
  description = "Group of the cache."
  value       = aws_security_group.redis.id
}

output "api_id" {
  description = "Id of the API."
  value       = aws_api_gateway_rest_api.threat_intel.id
}

output "api_execution_arn" {
  description = "ARN of the API as who calls a function."
  value       = aws_api_gateway_rest_api.threat_intel.execution_arn
}

# Of id, region and stage: the provider deprecates the URL that a deployment gives.
output "api_url" {
  description = "Where the API answers."
  value       = "https://${aws_api_gateway_rest_api.threat_intel.id}.execute-api.${var.region}.amazonaws.com/${aws_api_gateway_stage.this.stage_name}"
}
