# The role that the functions of the portal run as.

data "aws_iam_policy_document" "execution_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "execution" {
  name               = "bbws-lambda-execution-${var.environment}"
  assume_role_policy = data.aws_iam_policy_document.execution_trust.json
  tags               = local.tags
}

# The policy of the runbook's section 3.1.6, step 4. Without the second resource a query through an index is refused
# while the table itself answers.
data "aws_iam_policy_document" "tenants" {
  statement {
    actions = [
      "dynamodb:PutItem",
      "dynamodb:GetItem",
      "dynamodb:UpdateItem",
      "dynamodb:Query",
      "dynamodb:Scan",
    ]
    resources = [
      "${local.tables}/bbws-tenants-${var.environment}",
      "${local.tables}/bbws-tenants-${var.environment}/index/*",
    ]
  }
}

resource "aws_iam_policy" "tenants" {
  name        = "DynamoDBTenantsAccess"
  description = "Reading and writing the tenants of the customer portal."
  policy      = data.aws_iam_policy_document.tenants.json
  tags        = local.tags
}

resource "aws_iam_role_policy_attachment" "tenants" {
  role       = aws_iam_role.execution.name
  policy_arn = aws_iam_policy.tenants.arn
}

data "aws_iam_policy_document" "logs" {
  statement {
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["arn:aws:logs:${var.region}:${local.account}:log-group:/aws/lambda/${var.function_prefix}*:*"]
  }
}

resource "aws_iam_role_policy" "logs" {
  name   = "write-logs"
  role   = aws_iam_role.execution.name
  policy = data.aws_iam_policy_document.logs.json
}
