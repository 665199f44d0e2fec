data "aws_iam_policy_document" "lambda_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

# The role of all four functions. What it may do stands in a policy for each service.
resource "aws_iam_role" "lambda_execution" {
  name               = "threat-intel-lambda-execution-role-${var.environment}"
  assume_role_policy = data.aws_iam_policy_document.lambda_trust.json
}

locals {
  functions  = ["collector", "processor", "enrichment", "query-optimizer"]
  arn_prefix = "${var.region}:${var.account_id}"
  table_arns = {
    threat_intel = "arn:aws:dynamodb:${local.arn_prefix}:table/threat-intel-${var.environment}"
    dedup        = "arn:aws:dynamodb:${local.arn_prefix}:table/threat-intel-dedup-${var.environment}"
  }
  data_bucket_arns = [var.bucket_arns["raw"], var.bucket_arns["processed"]]
}

data "aws_iam_policy_document" "dynamodb" {
  statement {
    actions = [
      "dynamodb:DescribeTable",
      "dynamodb:GetItem",
      "dynamodb:PutItem",
      "dynamodb:Query",
      "dynamodb:UpdateItem",
    ]
    resources = [
      local.table_arns.threat_intel,
      "${local.table_arns.threat_intel}/index/*",
      local.table_arns.dedup,
      "${local.table_arns.dedup}/index/*",
    ]
  }
}

resource "aws_iam_role_policy" "dynamodb" {
  name   = "LambdaDynamoDBPolicy"
  role   = aws_iam_role.lambda_execution.name
  policy = data.aws_iam_policy_document.dynamodb.json
}

data "aws_iam_policy_document" "s3" {
  statement {
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = [for arn in local.data_bucket_arns : "${arn}/*"]
  }

  statement {
    actions   = ["s3:ListBucket"]
    resources = local.data_bucket_arns
  }
}

resource "aws_iam_role_policy" "s3" {
  name   = "S3AccessPolicy"
  role   = aws_iam_role.lambda_execution.name
  policy = data.aws_iam_policy_document.s3.json
}

data "aws_iam_policy_document" "secrets" {
  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [aws_secretsmanager_secret.api_keys.arn]
  }

  statement {
    actions   = ["kms:Decrypt"]
    resources = [aws_kms_key.secrets.arn]
  }
}

resource "aws_iam_role_policy" "secrets" {
  name   = "SecretsPolicy"
  role   = aws_iam_role.lambda_execution.name
  policy = data.aws_iam_policy_document.secrets.json
}

# Tables and buckets are encrypted: their services ask for the key on behalf of a function.
data "aws_iam_policy_document" "key_use" {
  statement {
    actions   = ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"]
    resources = [aws_kms_key.data.arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["dynamodb.${var.region}.amazonaws.com", "s3.${var.region}.amazonaws.com"]
    }
  }
}

resource "aws_iam_role_policy" "key_use" {
  name   = "KeyUsePolicy"
  role   = aws_iam_role.lambda_execution.name
  policy = data.aws_iam_policy_document.key_use.json
}

data "aws_iam_policy_document" "logs" {
  statement {
    actions = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
    resources = flatten([
      for function in local.functions : [
        "arn:aws:logs:${local.arn_prefix}:log-group:/aws/lambda/threat-intel-${function}-${var.environment}",
        "arn:aws:logs:${local.arn_prefix}:log-group:/aws/lambda/threat-intel-${function}-${var.environment}:*",
      ]
    ])
  }
}

resource "aws_iam_role_policy" "logs" {
  name   = "LogsPolicy"
  role   = aws_iam_role.lambda_execution.name
  policy = data.aws_iam_policy_document.logs.json
}

# Lambda puts network interfaces into the subnets as the role. They have no names to write here before they are made.
data "aws_iam_policy_document" "network" {
  statement {
    actions = [
      "ec2:AssignPrivateIpAddresses",
      "ec2:CreateNetworkInterface",
      "ec2:DeleteNetworkInterface",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeSubnets",
      "ec2:UnassignPrivateIpAddresses",
    ]
    resources = ["*"]
  }
}

resource "aws_iam_role_policy" "network" {
  name   = "NetworkPolicy"
  role   = aws_iam_role.lambda_execution.name
  policy = data.aws_iam_policy_document.network.json
}

# X-Ray has no resources to name here.
data "aws_iam_policy_document" "tracing" {
  statement {
    actions   = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
    resources = ["*"]
  }
}

resource "aws_iam_role_policy" "tracing" {
  name   = "TracingPolicy"
  role   = aws_iam_role.lambda_execution.name
  policy = data.aws_iam_policy_document.tracing.json
}

# The collector hands over to the processor, and that to the enrichment.
data "aws_iam_policy_document" "invoke" {
  statement {
    actions = ["lambda:InvokeFunction"]
    resources = [
      for function in ["processor", "enrichment"] :
      "arn:aws:lambda:${local.arn_prefix}:function:threat-intel-${function}-${var.environment}"
    ]
  }
}

resource "aws_iam_role_policy" "invoke" {
  name   = "InvokePolicy"
  role   = aws_iam_role.lambda_execution.name
  policy = data.aws_iam_policy_document.invoke.json
}
