# What a plan reads of the environment's resources: their settings, and no object of a zone.
data "aws_iam_policy_document" "settings" {
  statement {
    actions = [
      "s3:GetAccelerateConfiguration",
      "s3:GetBucketAcl",
      "s3:GetBucketCORS",
      "s3:GetBucketLocation",
      "s3:GetBucketLogging",
      "s3:GetBucketObjectLockConfiguration",
      "s3:GetBucketOwnershipControls",
      "s3:GetBucketPolicy",
      "s3:GetBucketPublicAccessBlock",
      "s3:GetBucketRequestPayment",
      "s3:GetBucketTagging",
      "s3:GetBucketVersioning",
      "s3:GetBucketWebsite",
      "s3:GetEncryptionConfiguration",
      "s3:GetLifecycleConfiguration",
      "s3:GetMetricsConfiguration",
      "s3:GetReplicationConfiguration",
      "s3:ListBucket",
    ]
    resources = ["arn:aws:s3:::dp-${local.environment}-*", "arn:aws:s3:::${local.state_bucket}"]
  }

  statement {
    actions   = ["kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags"]
    resources = ["arn:aws:kms:${var.region}:${var.account_id}:key/*"]
  }

  statement {
    actions = [
      "sns:GetSubscriptionAttributes",
      "sns:GetTopicAttributes",
      "sns:ListTagsForResource",
    ]
    resources = ["arn:aws:sns:${var.region}:${var.account_id}:dp-${local.environment}-*"]
  }

  statement {
    actions = ["cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource"]
    resources = [
      "arn:aws:cloudwatch:${var.region}:${var.account_id}:alarm:dp-${local.environment}-*",
    ]
  }

  statement {
    actions   = ["cloudwatch:GetDashboard"]
    resources = ["arn:aws:cloudwatch::${var.account_id}:dashboard/DataLake-${title(local.environment)}"]
  }

  statement {
    actions = [
      "backup:DescribeBackupVault",
      "backup:GetBackupPlan",
      "backup:GetBackupSelection",
      "backup:ListTags",
    ]
    # A plan has an id of AWS's choice.
    resources = [
      "arn:aws:backup:${var.region}:${var.account_id}:backup-vault:dp-${local.environment}-*",
      "arn:aws:backup:${var.region}:${var.account_id}:backup-plan:*",
    ]
  }

  statement {
    actions = ["iam:GetRole", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies"]
    resources = [
      "arn:aws:iam::${var.account_id}:role/dp-${local.environment}-*",
    ]
  }

  # KMS lists aliases of all keys or none.
  statement {
    actions   = ["kms:ListAliases"]
    resources = ["*"]
  }
}

resource "aws_iam_role_policy" "settings" {
  name   = "read-settings"
  role   = aws_iam_role.plan.name
  policy = data.aws_iam_policy_document.settings.json
}
