locals {
  # API Gateway gives up after 29 seconds: the collector, which it waits for, may take no longer.
  functions = {
    collector = {
      description = "GET and POST /collect: fetches from the sources, and tells what is known."
      handler     = "collector.handler"
      memory_size = 512
      timeout     = min(29, var.lambda_timeout)
    }
    processor = {
      description = "Makes STIX objects of what was fetched, and keeps those that are valid."
      handler     = "processor.handler"
      memory_size = 1024
      timeout     = var.lambda_timeout
    }
    enrichment = {
      description = "Adds to each indicator what Shodan knows of it."
      handler     = "enrichment.handler"
      memory_size = var.enrichment_memory_size
      timeout     = var.lambda_timeout
    }
    query-optimizer = {
      description = "Says which index queries lack."
      handler     = "query_optimizer.handler"
      memory_size = 512
      timeout     = var.lambda_timeout
    }
  }
}

# Lambda would make its groups with the first line and keep them for ever.
resource "aws_cloudwatch_log_group" "function" {
  for_each = local.functions

  name              = "/aws/lambda/threat-intel-${each.key}-${var.environment}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.data_key_arn
}

resource "aws_lambda_function" "this" {
  for_each = local.functions

  function_name    = "threat-intel-${each.key}-${var.environment}"
  description      = each.value.description
  role             = var.role_arn
  runtime          = "python3.13"
  architectures    = ["arm64"]
  handler          = each.value.handler
  filename         = "${local.sources}/lambda_deployment.zip"
  source_code_hash = local.package_hash
  layers           = [aws_lambda_layer_version.dependencies.arn]
  memory_size      = each.value.memory_size
  timeout          = each.value.timeout

  # Instances are kept warm of a version only.
  publish = each.key == "collector"

  environment {
    variables = {
      DEDUP_TABLE         = var.dedup_table_name
      ENRICHMENT_FUNCTION = "threat-intel-enrichment-${var.environment}"
      PROCESSED_BUCKET    = var.bucket_names["processed"]
      PROCESSOR_FUNCTION  = "threat-intel-processor-${var.environment}"
      RAW_BUCKET          = var.bucket_names["raw"]
      REDIS_HOST          = var.redis_host
      REDIS_PORT          = tostring(var.redis_port)
      SECRET_ARN          = var.secret_arn
      TABLE               = var.table_name
    }
  }

  vpc_config {
    subnet_ids         = var.private_subnet_ids
    security_group_ids = [var.lambda_security_group_id]
  }

  tracing_config {
    mode = "Active"
  }

  depends_on = [
    terraform_data.package,
    aws_cloudwatch_log_group.function,
  ]
}

# The API calls the version behind this alias, of which an instance is always warm.
resource "aws_lambda_alias" "live" {
  name             = "live"
  description      = "What the API calls."
  function_name    = aws_lambda_function.this["collector"].function_name
  function_version = aws_lambda_function.this["collector"].version
}

resource "aws_lambda_provisioned_concurrency_config" "collector" {
  function_name                     = aws_lambda_alias.live.function_name
  qualifier                         = aws_lambda_alias.live.name
  provisioned_concurrent_executions = 1
}

# Lambda asks the policy of what is called: the alias has its own. That of the function itself is what the runbook reads.
resource "aws_lambda_permission" "api" {
  for_each = {
    alias    = aws_lambda_alias.live.name
    function = null
  }

  statement_id  = "ApiInvokes"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.this["collector"].function_name
  qualifier     = each.value
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${var.api_execution_arn}/${var.environment}/*/collect"
}

# Nobody waits for these two: Lambda tries again. What is older than an hour the next collection finds again.
resource "aws_lambda_function_event_invoke_config" "handed_over" {
  for_each = toset(["processor", "enrichment"])

  function_name                = aws_lambda_function.this[each.key].function_name
  maximum_event_age_in_seconds = 3600
  maximum_retry_attempts       = 2
}
