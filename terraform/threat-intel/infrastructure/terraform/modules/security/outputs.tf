output "data_key_arn" {
  description = "Key of tables, buckets, logs, the trail and alerts."
  value       = aws_kms_key.data.arn
}

output "secret_arn" {
  description = "Secret of the external sources' keys."
  value       = aws_secretsmanager_secret.api_keys.arn
}

output "role_arn" {
  description = "Role of the functions, once it may do all that they need."
  value       = aws_iam_role.lambda_execution.arn

  # Lambda puts a function into subnets as the role: it asks for the permission before there is a function.
  depends_on = [
    aws_iam_role_policy.dynamodb,
    aws_iam_role_policy.invoke,
    aws_iam_role_policy.key_use,
    aws_iam_role_policy.logs,
    aws_iam_role_policy.network,
    aws_iam_role_policy.s3,
    aws_iam_role_policy.secrets,
    aws_iam_role_policy.tracing,
  ]
}
