locals {
  # The rules that the runbook asks for; which managed rule answers each is our choice. A tag rule takes six tags.
  rules = {
    tables-have-point-in-time-recovery = {
      source_identifier = "DYNAMODB_PITR_ENABLED"
      types             = ["AWS::DynamoDB::Table"]
    }
    standard-tags-1 = {
      source_identifier = "REQUIRED_TAGS"
      types             = ["AWS::DynamoDB::Table", "AWS::S3::Bucket"]
      tags              = ["Environment", "Project", "Owner", "CostCenter", "ManagedBy", "Component"]
    }
    standard-tags-2 = {
      source_identifier = "REQUIRED_TAGS"
      types             = ["AWS::DynamoDB::Table", "AWS::S3::Bucket"]
      tags              = ["Application", "LLD"]
    }
    buckets-are-not-public = {
      source_identifier = "S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED"
      types             = ["AWS::S3::Bucket"]
    }
    buckets-are-versioned = {
      source_identifier = "S3_BUCKET_VERSIONING_ENABLED"
      types             = ["AWS::S3::Bucket"]
    }
    buckets-are-encrypted = {
      source_identifier = "S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED"
      types             = ["AWS::S3::Bucket"]
    }
  }
}

data "aws_iam_policy_document" "config_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["config.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "config" {
  name               = "bbws-config-recorder-${var.environment}"
  assume_role_policy = data.aws_iam_policy_document.config_trust.json
  tags               = local.tags
}

resource "aws_iam_role_policy_attachment" "config" {
  role       = aws_iam_role.config.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWS_ConfigRole"
}

# An account and region has one recorder; `default` is the name that the console gives it.
resource "aws_config_configuration_recorder" "this" {
  name     = "default"
  role_arn = aws_iam_role.config.arn

  recording_group {
    all_supported                 = true
    include_global_resource_types = true
  }
}

resource "aws_config_delivery_channel" "this" {
  name           = "default"
  s3_bucket_name = aws_s3_bucket.audit.id
  s3_key_prefix  = local.writers["config.amazonaws.com"].prefix

  depends_on = [aws_config_configuration_recorder.this, aws_s3_bucket_policy.audit]
}

resource "aws_config_configuration_recorder_status" "this" {
  name       = aws_config_configuration_recorder.this.name
  is_enabled = true

  depends_on = [aws_config_delivery_channel.this]
}

resource "aws_config_config_rule" "this" {
  for_each = local.rules

  name             = "bbws-${each.key}"
  input_parameters = can(each.value.tags) ? jsonencode({ for position, tag in each.value.tags : "tag${position + 1}Key" => tag }) : null
  tags             = local.tags

  source {
    owner             = "AWS"
    source_identifier = each.value.source_identifier
  }

  scope {
    compliance_resource_types = each.value.types
  }

  depends_on = [aws_config_configuration_recorder.this]
}
