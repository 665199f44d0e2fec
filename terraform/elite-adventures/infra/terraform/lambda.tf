# The packages, made again with each change of a source. A function's source is one file without dependencies: the
# runtime brings the AWS SDK.
resource "terraform_data" "package" {
  for_each = local.functions

  triggers_replace = filebase64sha256("${path.module}/../../lambdas/${each.key}/index.js")

  provisioner "local-exec" {
    working_dir = path.module
    command     = "mkdir -p build && rm -f build/${each.key}.zip && zip -jqX build/${each.key}.zip ../../lambdas/${each.key}/index.js"
  }
}

# The hashes are of sources, not of packages: a plan knows them before there is a package, and they are the same on
# every machine. A resource for each function, because the runbook targets them by address.
resource "aws_lambda_function" "leads" {
  function_name    = "${local.name_prefix}-leads"
  description      = "POST /leads: keeps a lead."
  role             = aws_iam_role.function["leads"].arn
  runtime          = "nodejs22.x"
  architectures    = ["arm64"]
  handler          = "index.handler"
  filename         = "${path.module}/build/leads.zip"
  source_code_hash = filebase64sha256("${path.module}/../../lambdas/leads/index.js")
  memory_size      = 256
  timeout          = 10

  environment {
    variables = {
      ALLOWED_ORIGIN    = local.site_url
      CONFERENCES_TABLE = aws_dynamodb_table.conferences.name
      DATA_BUCKET       = aws_s3_bucket.this["data"].bucket
      LEADS_TABLE       = aws_dynamodb_table.leads.name
    }
  }

  tracing_config {
    mode = "Active"
  }

  depends_on = [
    terraform_data.package,
    aws_cloudwatch_log_group.function,
    aws_iam_role_policy.function,
    aws_iam_role_policy.key_use,
  ]
}

# API Gateway waits for 29 seconds.
resource "aws_lambda_function" "exports" {
  function_name    = "${local.name_prefix}-exports"
  description      = "POST /export: writes leads into a file, and answers with a URL of it."
  role             = aws_iam_role.function["exports"].arn
  runtime          = "nodejs22.x"
  architectures    = ["arm64"]
  handler          = "index.handler"
  filename         = "${path.module}/build/exports.zip"
  source_code_hash = filebase64sha256("${path.module}/../../lambdas/exports/index.js")
  memory_size      = 1024
  timeout          = 29

  environment {
    variables = {
      DATA_BUCKET = aws_s3_bucket.this["data"].bucket
      LEADS_TABLE = aws_dynamodb_table.leads.name
    }
  }

  tracing_config {
    mode = "Active"
  }

  depends_on = [
    terraform_data.package,
    aws_cloudwatch_log_group.function,
    aws_iam_role_policy.function,
    aws_iam_role_policy.key_use,
  ]
}

resource "aws_lambda_function" "conference" {
  function_name    = "${local.name_prefix}-conference"
  description      = "GET and PUT /conferences/{conference_id}: tells of a conference, and keeps one."
  role             = aws_iam_role.function["conference"].arn
  runtime          = "nodejs22.x"
  architectures    = ["arm64"]
  handler          = "index.handler"
  filename         = "${path.module}/build/conference.zip"
  source_code_hash = filebase64sha256("${path.module}/../../lambdas/conference/index.js")
  memory_size      = 256
  timeout          = 10

  environment {
    variables = {
      ALLOWED_ORIGIN    = local.site_url
      CONFERENCES_TABLE = aws_dynamodb_table.conferences.name
      DATA_BUCKET       = aws_s3_bucket.this["data"].bucket
    }
  }

  tracing_config {
    mode = "Active"
  }

  depends_on = [
    terraform_data.package,
    aws_cloudwatch_log_group.function,
    aws_iam_role_policy.function,
    aws_iam_role_policy.key_use,
  ]
}

resource "aws_lambda_permission" "api" {
  for_each = {
    leads      = aws_lambda_function.leads.function_name
    exports    = aws_lambda_function.exports.function_name
    conference = aws_lambda_function.conference.function_name
  }

  statement_id  = "ApiInvokes"
  action        = "lambda:InvokeFunction"
  function_name = each.value
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_api_gateway_rest_api.leads.execution_arn}/${local.environment}/*"
}
