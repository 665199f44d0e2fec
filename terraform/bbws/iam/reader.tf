# The role that plans are made as, and that the tests of a deployment run as: it changes nothing.

data "aws_iam_policy_document" "reader_trust" {
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

    # Nobody approves a plan or a weekly check: they run on the main branch.
    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:sub"
      values   = [for name in var.repositories : "repo:${name}:ref:refs/heads/main"]
    }
  }
}

resource "aws_iam_role" "reader" {
  name               = "bbws-terraform-reader-${var.environment}"
  assume_role_policy = data.aws_iam_policy_document.reader_trust.json
  tags               = local.tags

  depends_on = [aws_iam_openid_connect_provider.github]
}

# A plan reads the states and takes no lock: what an approved apply then does with it, it does under one.
data "aws_iam_policy_document" "reader" {
  statement {
    actions = [
      "s3:GetAccelerateConfiguration",
      "s3:GetBucketAcl",
      "s3:GetBucketCORS",
      "s3:GetBucketLocation",
      "s3:GetBucketLogging",
      "s3:GetBucketObjectLockConfiguration",
      "s3:GetBucketPolicy",
      "s3:GetBucketPolicyStatus",
      "s3:GetBucketPublicAccessBlock",
      "s3:GetBucketRequestPayment",
      "s3:GetBucketTagging",
      "s3:GetBucketVersioning",
      "s3:GetBucketWebsite",
      "s3:GetEncryptionConfiguration",
      "s3:GetLifecycleConfiguration",
      "s3:GetReplicationConfiguration",
      "s3:ListBucket",
      "s3:ListBucketVersions",
    ]
    resources = ["arn:aws:s3:::bbws-*"]
  }

  # Whether the lookup of a tenant by e-mail answers: its number of items alone.
  statement {
    actions   = ["dynamodb:Query"]
    resources = ["arn:aws:dynamodb:${var.region}:${local.account}:table/bbws-tenants-${var.environment}/index/*"]
  }

  statement {
    actions = ["s3:GetObject", "s3:GetObjectTagging"]
    resources = [
      "arn:aws:s3:::bbws-terraform-state-${var.environment}/*",
      "arn:aws:s3:::bbws-templates-${var.environment}/*",
    ]
  }

  statement {
    actions = [
      "dynamodb:DescribeTable",
      "dynamodb:DescribeTimeToLive",
      "dynamodb:DescribeContinuousBackups",
      "dynamodb:GetResourcePolicy",
      "dynamodb:ListTagsOfResource",
    ]
    resources = ["${local.tables}/bbws-*"]
  }

  # The digest of each state.
  statement {
    actions   = ["dynamodb:GetItem"]
    resources = ["${local.tables}/bbws-terraform-locks"]
  }

  statement {
    actions = [
      "iam:GetOpenIDConnectProvider",
      "iam:GetPolicy",
      "iam:GetPolicyVersion",
      "iam:GetRole",
      "iam:GetRolePolicy",
      "iam:ListAttachedRolePolicies",
      "iam:ListRolePolicies",
      "iam:SimulatePrincipalPolicy",
    ]
    resources = [
      "arn:aws:iam::${local.account}:role/*",
      "arn:aws:iam::${local.account}:policy/*",
      "arn:aws:iam::aws:policy/*",
      "arn:aws:iam::${local.account}:oidc-provider/token.actions.githubusercontent.com",
    ]
  }

  # Settings and names of what watches and keeps; most of these lists can be granted on nothing else.
  statement {
    actions = [
      "access-analyzer:GetAnalyzer",
      "access-analyzer:ListAnalyzers",
      "backup:DescribeBackupVault",
      "backup:DescribeRegionSettings",
      "backup:GetBackupPlan",
      "backup:GetBackupSelection",
      "backup:GetBackupVaultAccessPolicy",
      "backup:ListBackupPlans",
      "backup:ListBackupSelections",
      "backup:ListBackupVaults",
      "backup:ListTags",
      "cloudtrail:DescribeTrails",
      "cloudtrail:GetEventSelectors",
      "cloudtrail:GetTrail",
      "cloudtrail:GetTrailStatus",
      "cloudtrail:ListTags",
      "cloudtrail:ListTrails",
      "cloudwatch:DescribeAlarms",
      "cloudwatch:ListTagsForResource",
      "config:DescribeComplianceByConfigRule",
      "config:DescribeConfigRules",
      "config:DescribeConfigurationRecorders",
      "config:DescribeConfigurationRecorderStatus",
      "config:DescribeDeliveryChannels",
      "config:ListTagsForResource",
      "dynamodb:ListTables",
      "ec2:DescribeVpcEndpoints",
      "events:DescribeRule",
      "events:ListEventBuses",
      "events:ListRules",
      "events:ListTagsForResource",
      "events:ListTargetsByRule",
      "iam:GetAccountAuthorizationDetails",
      "kms:DescribeKey",
      "kms:GetKeyPolicy",
      "lambda:GetPolicy",
      "logs:DescribeLogGroups",
      "logs:DescribeMetricFilters",
      "logs:ListTagsForResource",
      "s3:GetAccountPublicAccessBlock",
      "s3:ListAllMyBuckets",
      "sns:GetSubscriptionAttributes",
      "sns:GetTopicAttributes",
      "sns:ListSubscriptionsByTopic",
      "sns:ListTagsForResource",
      "sns:ListTopics",
      "support:DescribeSeverityLevels",
    ]
    resources = ["*"]
  }
}

resource "aws_iam_role_policy" "reader" {
  name   = "read"
  role   = aws_iam_role.reader.name
  policy = data.aws_iam_policy_document.reader.json
}
