output "tables" {
  description = "ARN of each table by its name."
  value = {
    (aws_dynamodb_table.tenants.name)   = aws_dynamodb_table.tenants.arn
    (aws_dynamodb_table.products.name)  = aws_dynamodb_table.products.arn
    (aws_dynamodb_table.campaigns.name) = aws_dynamodb_table.campaigns.arn
  }
}

output "backup_plan_id" {
  description = "What the runbook's commands call BACKUP_PLAN_ID."
  value       = aws_backup_plan.dynamodb_backup.id
}

output "backup_vault" {
  description = "Vault that holds the recovery points."
  value       = aws_backup_vault.backup.name
}

output "backup_role_arn" {
  description = "Role for on-demand backups and restores."
  value       = aws_iam_role.backup.arn
}
