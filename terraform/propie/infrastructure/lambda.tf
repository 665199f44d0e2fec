locals {
  sources = "${path.module}/../functions"

  # API Gateway gives up after 29 seconds: none may take longer.
  functions = {
    properties = {
      description = "GET /properties: what there is in a county."
      timeout     = 10
      memory_size = 512
      variables   = { PROPERTIES_TABLE = aws_dynamodb_table.properties.name }
    }
    enquiries = {
      description = "POST /enquiries: keeps a question about a property."
      timeout     = 10
      memory_size = 256
      variables   = { ENQUIRIES_TABLE = aws_dynamodb_table.enquiries.name }
    }
    auth = {
      description = "GET /session: looks into the claims of a token, and says whose it is."
      timeout     = 10
      memory_size = 256
      variables = {
        CLIENT_ID = aws_cognito_user_pool_client.web.id
        ISSUER    = "https://cognito-idp.${var.region}.amazonaws.com/${aws_cognito_user_pool.users.id}"
      }
    }
  }
}

# The packages, made again with each change of a source. A function's source is one file without dependencies: the
# runtime brings the AWS SDK.
resource "terraform_data" "package" {
  for_each = local.functions

  triggers_replace = filebase64sha256("${local.sources}/${each.key}.py")

  provisioner "local-exec" {
    working_dir = path.module
    command     = "mkdir -p build && rm -f build/${each.key}.zip && zip -jqX build/${each.key}.zip ../functions/${each.key}.py"
  }
}

# The hashes are of sources, not of packages: a plan knows them before there is a package, and they are the same on
# every machine. Each change is published as a version, so that there is one to go back to.
resource "aws_lambda_function" "this" {
  for_each = local.functions

  function_name    = "${local.name_prefix}-${each.key}"
  description      = each.value.description
  role             = aws_iam_role.function[each.key].arn
  runtime          = "python3.13"
  architectures    = ["arm64"]
  handler          = "${each.key}.handler"
  filename         = "${path.module}/build/${each.key}.zip"
  source_code_hash = filebase64sha256("${local.sources}/${each.key}.py")
  memory_size      = each.value.memory_size
  timeout          = each.value.timeout
  publish          = true

  environment {
    variables = each.value.variables
  }

  tracing_config {
    mode = "Active"
  }

  depends_on = [
    terraform_data.package,
    aws_cloudwatch_log_group.function,
    aws_iam_role_policy.function,
  ]
}

# What the API calls, and what the runbook sets back to an earlier version.
resource "aws_lambda_alias" "production" {
  for_each = local.functions

  name             = "production"
  description      = "What the API calls."
  function_name    = aws_lambda_function.this[each.key].function_name
  function_version = aws_lambda_function.this[each.key].version
}

# Lambda asks the policy of what is called: of the alias.
resource "aws_lambda_permission" "api" {
  for_each = local.functions

  statement_id  = "ApiInvokes"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.this[each.key].function_name
  qualifier     = aws_lambda_alias.production[each.key].name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_api_gateway_rest_api.this.execution_arn}/${local.stage}/*"
}
