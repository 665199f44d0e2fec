output "role_arn" {
  description = "Write it into the secret AWS_OIDC_ROLE_ARN of the environment on GitHub."
  value       = aws_iam_role.plan.arn
}
