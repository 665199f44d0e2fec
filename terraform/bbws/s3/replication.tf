# Everything below exists where the templates are replicated: in production.
locals {
  dr_regions = toset(var.replicated ? [var.dr_region] : [])
}

resource "aws_s3_bucket" "templates_dr" {
  for_each = local.dr_regions
  provider = aws.dr

  bucket = "bbws-templates-${var.environment}-dr-${each.value}"
  tags   = local.tags

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_versioning" "templates_dr" {
  for_each = local.dr_regions
  provider = aws.dr

  bucket = aws_s3_bucket.templates_dr[each.value].id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "templates_dr" {
  for_each = local.dr_regions
  provider = aws.dr

  bucket = aws_s3_bucket.templates_dr[each.value].id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
    bucket_key_enabled = true
  }
}

resource "aws_s3_bucket_public_access_block" "templates_dr" {
  for_each = local.dr_regions
  provider = aws.dr

  bucket = aws_s3_bucket.templates_dr[each.value].id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_replication_configuration" "templates" {
  for_each = local.dr_regions

  bucket = aws_s3_bucket.templates.id
  role   = aws_iam_role.replication[each.value].arn

  rule {
    id     = "templates-to-${each.value}"
    status = "Enabled"

    # Empty: every object of the bucket.
    filter {}

    # A template deleted here by mistake stays readable in the DR bucket.
    delete_marker_replication {
      status = "Disabled"
    }

    destination {
      bucket = aws_s3_bucket.templates_dr[each.value].arn

      # Without them a failed replication leaves no trace in CloudWatch.
      metrics {
        status = "Enabled"
      }
    }
  }

  # S3 refuses the rule until both buckets are versioned, and drops objects that the role may not copy yet.
  depends_on = [
    aws_s3_bucket_versioning.templates,
    aws_s3_bucket_versioning.templates_dr,
    aws_iam_role_policy.replication,
  ]
}

data "aws_iam_policy_document" "replication_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["s3.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "replication" {
  for_each = local.dr_regions

  name               = "S3ReplicationRole"
  assume_role_policy = data.aws_iam_policy_document.replication_trust.json
  tags               = local.tags
}

# The policy of the runbook's section 3.2.5 and the two tagging actions that it omits: without them the first object
# that carries a tag fails to replicate. The ARNs are made of names, not of the buckets: a plan
# shows the policy then, which otherwise waits until the buckets are there.
locals {
  templates_arn = "arn:aws:s3:::bbws-templates-${var.environment}"
}

data "aws_iam_policy_document" "replication" {
  for_each = local.dr_regions

  statement {
    actions   = ["s3:GetReplicationConfiguration", "s3:ListBucket"]
    resources = [local.templates_arn]
  }

  statement {
    actions = [
      "s3:GetObjectVersionForReplication",
      "s3:GetObjectVersionAcl",
      "s3:GetObjectVersionTagging",
    ]
    resources = ["${local.templates_arn}/*"]
  }

  statement {
    actions = [
      "s3:ReplicateObject",
      "s3:ReplicateDelete",
      "s3:ReplicateTags",
    ]
    resources = ["${local.templates_arn}-dr-${each.value}/*"]
  }
}

resource "aws_iam_role_policy" "replication" {
  for_each = local.dr_regions

  name   = "replicate-templates"
  role   = aws_iam_role.replication[each.value].name
  policy = data.aws_iam_policy_document.replication[each.value].json
}
