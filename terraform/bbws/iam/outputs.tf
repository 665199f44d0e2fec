output "execution_role_arn" {
  description = "Role for the functions of the portal."
  value       = aws_iam_role.execution.arn
}

output "deployer_role_arn" {
  description = "Role for the workflows: the secret that section 3.3.3 of the runbook looks up."
  value       = aws_iam_role.deployer.arn
}

output "reader_role_arn" {
  description = "Role for plans and for the tests after a deployment."
  value       = aws_iam_role.reader.arn
}
