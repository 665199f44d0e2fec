# The role that the repositories' workflows apply as, once a deployment is approved. GitHub vouches for them; no key is kept anywhere.

resource "aws_iam_openid_connect_provider" "github" {
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
  tags           = local.tags
}

data "aws_iam_policy_document" "deployer_trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = ["arn:aws:iam::${local.account}:oidc-provider/token.actions.githubusercontent.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:aud"
      values   = ["sts.amazonaws.com"]
    }

    # Only a job that GitHub let into the environment, once approved. Plans and tests run as the reader.
    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:sub"
      values   = [for name in var.repositories : "repo:${name}:environment:${var.environment}"]
    }
  }
}

resource "aws_iam_role" "deployer" {
  name               = "bbws-terraform-deployer-${var.environment}"
  assume_role_policy = data.aws_iam_policy_document.deployer_trust.json
  tags               = local.tags

  depends_on = [aws_iam_openid_connect_provider.github]
}

data "aws_iam_policy_document" "state" {
  statement {
    actions   = ["s3:ListBucket", "s3:GetBucketVersioning"]
    resources = ["arn:aws:s3:::bbws-terraform-state-${var.environment}"]
  }

  statement {
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = ["arn:aws:s3:::bbws-terraform-state-${var.environment}/*"]
  }

  statement {
    actions   = ["dynamodb:DescribeTable", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem"]
    resources = ["${local.tables}/bbws-terraform-locks"]
  }
}

resource "aws_iam_role_policy" "state" {
  name   = "keep-state"
  role   = aws_iam_role.deployer.name
  policy = data.aws_iam_policy_document.state.json
}

# The tables and buckets of every root. Nothing here deletes one: prevent_destroy would refuse that too.
data "aws_iam_policy_document" "data" {
  statement {
    actions = [
      "dynamodb:CreateTable",
      "dynamodb:UpdateTable",
      "dynamodb:DescribeTable",
      "dynamodb:DescribeTimeToLive",
      "dynamodb:DescribeContinuousBackups",
      "dynamodb:UpdateContinuousBackups",
      "dynamodb:ListTagsOfResource",
      "dynamodb:TagResource",
      "dynamodb:UntagResource",
    ]
    resources = ["${local.tables}/bbws-*"]
  }

  statement {
    actions = [
      "s3:CreateBucket",
      "s3:ListBucket",
      "s3:ListBucketVersions",
      "s3:Get*",
      "s3:PutBucketTagging",
      "s3:PutBucketVersioning",
      "s3:PutBucketPublicAccessBlock",
      "s3:PutEncryptionConfiguration",
      "s3:PutReplicationConfiguration",
      "s3:PutBucketPolicy",
    ]
    resources = ["arn:aws:s3:::bbws-*"]
  }

  statement {
    actions   = ["s3:PutObject", "s3:PutObjectTagging", "s3:DeleteObject"]
    resources = ["arn:aws:s3:::bbws-templates-${var.environment}/*"]
  }

  # The account's own settings have no ARN.
  statement {
    actions   = ["s3:GetAccountPublicAccessBlock", "s3:PutAccountPublicAccessBlock"]
    resources = ["*"]
  }
}

resource "aws_iam_role_policy" "data" {
  name   = "deploy-tables-and-buckets"
  role   = aws_iam_role.deployer.name
  policy = data.aws_iam_policy_document.data.json
}

data "aws_iam_policy_document" "backup" {
  statement {
    actions = [
      "backup:CreateBackupVault",
      "backup:DescribeBackupVault",
      "backup:CreateBackupPlan",
      "backup:UpdateBackupPlan",
      "backup:GetBackupPlan",
      "backup:CreateBackupSelection",
      "backup:GetBackupSelection",
      "backup:DeleteBackupSelection",
      "backup:ListTags",
      "backup:TagResource",
      "backup:UntagResource",
    ]
    # A plan has an id of AWS's choice.
    resources = [
      "arn:aws:backup:${var.region}:${local.account}:backup-vault:bbws-*",
      "arn:aws:backup:${var.region}:${local.account}:backup-plan:*",
    ]
  }

  statement {
    actions   = ["backup-storage:MountCapsule"]
    resources = ["*"]
  }

  # A new vault is encrypted with AWS Backup's own key.
  statement {
    actions   = ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey", "kms:RetireGrant"]
    resources = ["arn:aws:kms:${var.region}:${local.account}:key/*"]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["backup.${var.region}.amazonaws.com"]
    }
  }
}

resource "aws_iam_role_policy" "backup" {
  name   = "deploy-backup"
  role   = aws_iam_role.deployer.name
  policy = data.aws_iam_policy_document.backup.json
}

# What the root monitoring/ creates.
data "aws_iam_policy_document" "monitoring" {
  statement {
    actions = [
      "sns:CreateTopic",
      "sns:GetTopicAttributes",
      "sns:SetTopicAttributes",
      "sns:Subscribe",
      "sns:GetSubscriptionAttributes",
      "sns:ListTagsForResource",
      "sns:TagResource",
    ]
    resources = ["arn:aws:sns:${var.region}:${local.account}:bbws-*"]
  }

  statement {
    actions = [
      "cloudwatch:PutMetricAlarm",
      "cloudwatch:DescribeAlarms",
      "cloudwatch:DeleteAlarms",
      "cloudwatch:ListTagsForResource",
      "cloudwatch:TagResource",
    ]
    resources = ["arn:aws:cloudwatch:${var.region}:${local.account}:alarm:*"]
  }

  statement {
    actions = [
      "logs:CreateLogGroup",
      "logs:DescribeLogGroups",
      "logs:PutRetentionPolicy",
      "logs:PutMetricFilter",
      "logs:DescribeMetricFilters",
      "logs:DeleteMetricFilter",
      "logs:ListTagsForResource",
      "logs:TagResource",
    ]
    resources = ["arn:aws:logs:${var.region}:${local.account}:log-group:*"]
  }

  statement {
    actions = [
      "events:PutRule",
      "events:DescribeRule",
      "events:PutTargets",
      "events:RemoveTargets",
      "events:ListTargetsByRule",
      "events:ListTagsForResource",
      "events:TagResource",
    ]
    resources = ["arn:aws:events:${var.region}:${local.account}:rule/bbws-*"]
  }

  statement {
    actions = [
      "cloudtrail:CreateTrail",
      "cloudtrail:UpdateTrail",
      "cloudtrail:StartLogging",
      "cloudtrail:GetTrail",
      "cloudtrail:GetTrailStatus",
      "cloudtrail:GetEventSelectors",
      "cloudtrail:ListTags",
      "cloudtrail:AddTags",
    ]
    resources = ["arn:aws:cloudtrail:${var.region}:${local.account}:trail/bbws-*"]
  }

  # Neither the recorder nor the lists below can be granted by name.
  statement {
    actions = [
      "cloudtrail:DescribeTrails",
      "config:PutConfigurationRecorder",
      "config:StartConfigurationRecorder",
      "config:DescribeConfigurationRecorders",
      "config:DescribeConfigurationRecorderStatus",
      "config:PutDeliveryChannel",
      "config:DescribeDeliveryChannels",
    ]
    resources = ["*"]
  }

  statement {
    actions   = ["config:PutConfigRule", "config:DescribeConfigRules", "config:ListTagsForResource", "config:TagResource"]
    resources = ["arn:aws:config:${var.region}:${local.account}:config-rule/*"]
  }
}

resource "aws_iam_policy" "monitoring" {
  name        = "bbws-deploy-monitoring-${var.environment}"
  description = "What the root monitoring/ needs of the deployer."
  policy      = data.aws_iam_policy_document.monitoring.json
  tags        = local.tags
}

resource "aws_iam_role_policy_attachment" "monitoring" {
  role       = aws_iam_role.deployer.name
  policy_arn = aws_iam_policy.monitoring.arn
}

# The roles that backup, replication and Config run as. What this root itself creates the deployer may read, so that a
# plan shows what differs, but not change: it could grant itself anything. An administrator applies this root.
data "aws_iam_policy_document" "roles" {
  statement {
    actions = [
      "iam:CreateRole",
      "iam:PutRolePolicy",
      "iam:DeleteRolePolicy",
      "iam:TagRole",
      "iam:UntagRole",
    ]
    resources = local.service_roles
  }

  statement {
    actions   = ["iam:AttachRolePolicy", "iam:DetachRolePolicy"]
    resources = local.service_roles

    condition {
      test     = "ArnLike"
      variable = "iam:PolicyARN"
      values   = ["arn:aws:iam::aws:policy/service-role/AWS*"]
    }
  }

  statement {
    actions   = ["iam:PassRole"]
    resources = local.service_roles

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["backup.amazonaws.com", "config.amazonaws.com", "s3.amazonaws.com"]
    }
  }

  statement {
    actions = [
      "iam:GetRole",
      "iam:GetRolePolicy",
      "iam:ListRolePolicies",
      "iam:ListAttachedRolePolicies",
      "iam:GetPolicy",
      "iam:GetPolicyVersion",
      "iam:GetOpenIDConnectProvider",
      "access-analyzer:GetAnalyzer",
    ]
    resources = [
      "arn:aws:iam::${local.account}:role/*",
      "arn:aws:iam::${local.account}:policy/*",
      "arn:aws:iam::${local.account}:oidc-provider/token.actions.githubusercontent.com",
      "arn:aws:access-analyzer:${var.region}:${local.account}:analyzer/bbws-*",
    ]
  }
}

locals {
  service_roles = [
    "arn:aws:iam::${local.account}:role/service-role/AWSBackupDefaultServiceRole",
    "arn:aws:iam::${local.account}:role/S3ReplicationRole",
    "arn:aws:iam::${local.account}:role/bbws-config-recorder-${var.environment}",
  ]
}

resource "aws_iam_role_policy" "roles" {
  name   = "deploy-service-roles"
  role   = aws_iam_role.deployer.name
  policy = data.aws_iam_policy_document.roles.json
}
