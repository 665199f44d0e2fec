variable "environment" {
  type = string
}

variable "schedules" {
  type = map(object({ at = string, keep = number }))
}

resource "aws_backup_vault" "this" {
  name = "bbws-backup-vault-${var.environment}"
}

resource "aws_backup_plan" "this" {
  name = join("-", ["bbws-dynamodb-backup", var.environment])

  dynamic "rule" {
    for_each = var.schedules

    content {
      rule_name         = rule.key
      target_vault_name = aws_backup_vault.this.id
      schedule          = "cron(${rule.value.at} ? *)"

      lifecycle {
        delete_after = rule.value.keep
      }
    }
  }
}

# Whatever carries the tag is backed up; nothing has to be listed here.
resource "aws_backup_selection" "by_tag" {
  name         = "tagged"
  plan_id      = aws_backup_plan.this.id
  iam_role_arn = aws_iam_role.backup.arn

  selection_tag {
    type  = "STRINGEQUALS"
    key   = "Backup"
    value = "daily"
  }
}

resource "aws_iam_role" "backup" {
  name = "AWSBackupDefaultServiceRole"
  path = "/service-role/"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "backup.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "backup" {
  for_each = toset(["Backup", "Restores"])

  role       = aws_iam_role.backup.id
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyFor${each.key}"
}
