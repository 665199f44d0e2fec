locals {
  table_arns = {
    for table in ["leads", "conferences"] :
    table => "arn:aws:dynamodb:${var.region}:${var.account_id}:table/${local.name_prefix}-${table}"
  }
  data_arn = "arn:aws:s3:::${local.buckets.data}"

  # What each function may do beside writing its log: to the table it serves, to another one, to objects.
  access = {
    leads = [
      {
        actions   = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"]
        resources = [local.table_arns.leads, "${local.table_arns.leads}/index/*"]
      },
      { actions = ["dynamodb:GetItem"], resources = [local.table_arns.conferences] },
      { actions = ["s3:PutObject"], resources = ["${local.data_arn}/raw/*"] },
    ]
    exports = [
      {
        actions   = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:Scan"]
        resources = [local.table_arns.leads, "${local.table_arns.leads}/index/*"]
      },
      { actions = ["s3:GetObject", "s3:PutObject"], resources = ["${local.data_arn}/exports/*"] },
    ]
    conference = [
      {
        actions   = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"]
        resources = [local.table_arns.conferences]
      },
      { actions = ["s3:PutObject"], resources = ["${local.data_arn}/qr/*"] },
    ]
  }
}

data "aws_iam_policy_document" "function_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "function" {
  for_each = local.functions

  name               = "${local.name_prefix}-${each.key}"
  assume_role_policy = data.aws_iam_policy_document.function_trust.json
}

data "aws_iam_policy_document" "function" {
  for_each = local.access

  dynamic "statement" {
    for_each = each.value

    content {
      actions   = statement.value.actions
      resources = statement.value.resources
    }
  }

  statement {
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["arn:aws:logs:${var.region}:${var.account_id}:log-group:/aws/lambda/${local.name_prefix}-${each.key}:*"]
  }

  # X-Ray has no resources to name here.
  statement {
    actions   = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
    resources = ["*"]
  }
}

resource "aws_iam_role_policy" "function" {
  for_each = local.functions

  name   = "function"
  role   = aws_iam_role.function[each.key].name
  policy = data.aws_iam_policy_document.function[each.key].json
}

# Tables and bucket are encrypted: their services ask for the key on behalf of the function. A plan does not know the
# key's id yet, and shows the policy because this one names the key by its alias.
data "aws_iam_policy_document" "key_use" {
  statement {
    actions   = ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"]
    resources = ["arn:aws:kms:${var.region}:${var.account_id}:key/*"]

    condition {
      test     = "ForAnyValue:StringEquals"
      variable = "kms:ResourceAliases"
      values   = ["alias/${local.name_prefix}"]
    }

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["dynamodb.${var.region}.amazonaws.com", "s3.${var.region}.amazonaws.com"]
    }
  }
}

resource "aws_iam_role_policy" "key_use" {
  for_each = local.functions

  name   = "key-use"
  role   = aws_iam_role.function[each.key].name
  policy = data.aws_iam_policy_document.key_use.json
}
