locals {
  closed    = true
  replicas  = local.production ? { eu-west-1 = "bbws-templates-prod-dr-eu-west-1" } : {}
  templates = fileset("${path.module}/templates", "**/*.html")
}

module "templates" {
  source = "../modules/bucket"

  name       = "bbws-templates-${var.environment}"
  disposable = !local.production
}

module "replica" {
  source   = "../modules/bucket"
  for_each = local.replicas

  name = each.value

  providers = {
    aws = aws.replica
  }
}

resource "aws_s3_account_public_access_block" "signed_in" {
  block_public_acls       = local.closed
  block_public_policy     = local.closed
  ignore_public_acls      = local.closed
  restrict_public_buckets = local.closed
}

resource "aws_s3_object" "template" {
  for_each = local.templates

  bucket       = module.templates.name
  key          = each.value
  source       = "${path.module}/templates/${each.value}"
  source_hash  = filemd5("${path.module}/templates/${each.value}")
  content_type = lookup({ html = "text/html" }, reverse(split(".", each.value))[0], "text/plain")

  depends_on = [module.templates]
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["s3.amazonaws.com", "batchoperations.s3.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "replication" {
  count = local.production ? 1 : 0

  name               = "S3ReplicationRole"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "replication" {
  for_each = module.replica

  role = aws_iam_role.replication[0].name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["s3:GetReplicationConfiguration", "s3:ListBucket"]
        Resource = module.templates.arn
      },
      {
        Effect   = "Allow"
        Action   = [for what in ["ForReplication", "Acl", "Tagging"] : "s3:GetObjectVersion${what}"]
        Resource = "${module.templates.arn}/*"
      },
      {
        Effect   = "Allow"
        Action   = formatlist("s3:Replicate%s", ["Object", "Delete", "Tags"])
        Resource = "${each.value.arn}/*"
      },
    ]
  })
}

resource "aws_s3_bucket_replication_configuration" "templates" {
  for_each = module.replica

  bucket = module.templates.name
  role   = one(aws_iam_role.replication[*].arn)

  rule {
    id     = "everything"
    status = "Enabled"

    filter {
      prefix = ""
    }

    delete_marker_replication {
      status = "Disabled"
    }

    destination {
      bucket        = each.value.arn
      storage_class = "STANDARD_IA"

      metrics {
        status = "Enabled"
      }
    }
  }

  depends_on = [module.templates, module.replica]
}
