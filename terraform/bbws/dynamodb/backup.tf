resource "aws_backup_vault" "backup" {
  name = "bbws-backup-vault-${var.environment}"
  tags = local.tags
}

resource "aws_backup_plan" "dynamodb_backup" {
  name = "bbws-dynamodb-backup-${var.environment}"
  tags = local.tags

  rule {
    rule_name         = "daily"
    target_vault_name = aws_backup_vault.backup.name
    schedule          = var.backup_schedule

    lifecycle {
      delete_after = var.backup_retention_days
    }
  }
}

resource "aws_backup_selection" "tables" {
  name         = "bbws-dynamodb-tables-${var.environment}"
  plan_id      = aws_backup_plan.dynamodb_backup.id
  iam_role_arn = aws_iam_role.backup.arn

  resources = [
    aws_dynamodb_table.tenants.arn,
    aws_dynamodb_table.products.arn,
    aws_dynamodb_table.campaigns.arn,
  ]

  depends_on = [
    aws_iam_role_policy_attachment.backup,
    aws_iam_role_policy_attachment.restore,
  ]
}

data "aws_iam_policy_document" "backup_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["backup.amazonaws.com"]
    }
  }
}

# AWS creates this role, under this name and path, when somebody first uses AWS Backup in the console of an account.
# A new account does not have it yet, so it is managed here; where the console was first, import it before the apply:
#   terraform import -var environment=dev aws_iam_role.backup AWSBackupDefaultServiceRole
resource "aws_iam_role" "backup" {
  name               = "AWSBackupDefaultServiceRole"
  path               = "/service-role/"
  assume_role_policy = data.aws_iam_policy_document.backup_trust.json
  tags               = local.tags
}

resource "aws_iam_role_policy_attachment" "backup" {
  role       = aws_iam_role.backup.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup"
}

resource "aws_iam_role_policy_attachment" "restore" {
  role       = aws_iam_role.backup.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores"
}
