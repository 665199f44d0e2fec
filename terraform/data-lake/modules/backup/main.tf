# The second copy of the zones. A bucket that is deleted takes its versions with it; a vault keeps what it holds.
resource "aws_backup_vault" "this" {
  name        = "${var.name_prefix}-data-lake"
  kms_key_arn = var.kms_key_arn

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_backup_plan" "this" {
  name = "${var.name_prefix}-data-lake"

  rule {
    rule_name         = "daily"
    target_vault_name = aws_backup_vault.this.name
    schedule          = "cron(0 3 * * ? *)"

    lifecycle {
      delete_after = var.kept_days
    }
  }
}

resource "aws_backup_selection" "this" {
  name         = "zones"
  plan_id      = aws_backup_plan.this.id
  iam_role_arn = aws_iam_role.this.arn
  resources    = [for bucket in values(var.buckets) : "arn:aws:s3:::${bucket}"]

  # AWS Backup refuses a selection whose role it may not assume yet.
  depends_on = [aws_iam_role_policy_attachment.this]
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["backup.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [var.account_id]
    }
  }
}

resource "aws_iam_role" "this" {
  name               = "${var.name_prefix}-backup"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each = toset(["AWSBackupServiceRolePolicyForS3Backup", "AWSBackupServiceRolePolicyForS3Restore"])

  role       = aws_iam_role.this.name
  policy_arn = "arn:aws:iam::aws:policy/${each.key}"
}
