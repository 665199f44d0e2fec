# The API: GET and POST /collect with a key, and the preflight of browsers without.
resource "aws_api_gateway_rest_api" "threat_intel" {
  name        = "threat-intel-api-${var.environment}"
  description = "Collects threat intelligence, and tells what is known."

  endpoint_configuration {
    types = ["REGIONAL"]
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_api_gateway_resource" "collect" {
  rest_api_id = aws_api_gateway_rest_api.threat_intel.id
  parent_id   = aws_api_gateway_rest_api.threat_intel.root_resource_id
  path_part   = "collect"
}

resource "aws_api_gateway_method" "collect" {
  for_each = toset(["GET", "POST"])

  rest_api_id      = aws_api_gateway_rest_api.threat_intel.id
  resource_id      = aws_api_gateway_resource.collect.id
  http_method      = each.key
  authorization    = "NONE"
  api_key_required = true
}

resource "aws_api_gateway_integration" "collect" {
  for_each = aws_api_gateway_method.collect

  rest_api_id             = aws_api_gateway_rest_api.threat_intel.id
  resource_id             = aws_api_gateway_resource.collect.id
  http_method             = each.value.http_method
  type                    = "AWS_PROXY"
  integration_http_method = "POST"
  uri                     = var.collector_invoke_arn
}

# The function gives the header: an integration of this type maps none. This says that the answer has it.
resource "aws_api_gateway_method_response" "collect" {
  for_each = aws_api_gateway_method.collect

  rest_api_id = aws_api_gateway_rest_api.threat_intel.id
  resource_id = aws_api_gateway_resource.collect.id
  http_method = each.value.http_method
  status_code = "200"

  response_parameters = {
    "method.response.header.Access-Control-Allow-Origin" = true
  }
}

# A browser sends no key with its preflight.
resource "aws_api_gateway_method" "preflight" {
  rest_api_id      = aws_api_gateway_rest_api.threat_intel.id
  resource_id      = aws_api_gateway_resource.collect.id
  http_method      = "OPTIONS"
  authorization    = "NONE"
  api_key_required = false
}

resource "aws_api_gateway_integration" "preflight" {
  rest_api_id       = aws_api_gateway_rest_api.threat_intel.id
  resource_id       = aws_api_gateway_resource.collect.id
  http_method       = aws_api_gateway_method.preflight.http_method
  type              = "MOCK"
  request_templates = { "application/json" = jsonencode({ statusCode = 200 }) }
}

resource "aws_api_gateway_method_response" "preflight" {
  rest_api_id = aws_api_gateway_rest_api.threat_intel.id
  resource_id = aws_api_gateway_resource.collect.id
  http_method = aws_api_gateway_method.preflight.http_method
  status_code = "200"

  response_parameters = {
    "method.response.header.Access-Control-Allow-Headers" = true
    "method.response.header.Access-Control-Allow-Methods" = true
    "method.response.header.Access-Control-Allow-Origin"  = true
  }
}

resource "aws_api_gateway_integration_response" "preflight" {
  rest_api_id = aws_api_gateway_rest_api.threat_intel.id
  resource_id = aws_api_gateway_resource.collect.id
  http_method = aws_api_gateway_method.preflight.http_method
  status_code = aws_api_gateway_method_response.preflight.status_code

  response_parameters = {
    "method.response.header.Access-Control-Allow-Headers" = "'Content-Type,x-api-key'"
    "method.response.header.Access-Control-Allow-Methods" = "'GET,POST,OPTIONS'"
    "method.response.header.Access-Control-Allow-Origin"  = "'*'"
  }

  depends_on = [aws_api_gateway_integration.preflight]
}

# What API Gateway answers by itself, a missing key above all: without the header a browser shows no status.
resource "aws_api_gateway_gateway_response" "failed" {
  for_each = toset(["DEFAULT_4XX", "DEFAULT_5XX"])

  rest_api_id   = aws_api_gateway_rest_api.threat_intel.id
  response_type = each.key

  response_parameters = {
    "gatewayresponse.header.Access-Control-Allow-Origin" = "'*'"
  }
}

# A stage serves what was deployed last: every change of a route, which this file holds, has to be deployed.
resource "aws_api_gateway_deployment" "threat_intel" {
  rest_api_id = aws_api_gateway_rest_api.threat_intel.id

  triggers = {
    routes    = filesha256("${path.module}/main.tf")
    collector = var.collector_invoke_arn
  }

  lifecycle {
    create_before_destroy = true
  }

  depends_on = [
    aws_api_gateway_integration.collect,
    aws_api_gateway_integration_response.preflight,
    aws_api_gateway_method_response.collect,
    aws_api_gateway_gateway_response.failed,
  ]
}

resource "aws_api_gateway_stage" "this" {
  rest_api_id          = aws_api_gateway_rest_api.threat_intel.id
  deployment_id        = aws_api_gateway_deployment.threat_intel.id
  stage_name           = var.environment
  xray_tracing_enabled = true
}

# Requests per second of all callers together. An incident sets them to zero; an apply sets them back.
resource "aws_api_gateway_method_settings" "all" {
  rest_api_id = aws_api_gateway_rest_api.threat_intel.id
  stage_name  = aws_api_gateway_stage.this.stage_name
  method_path = "*/*"

  settings {
    throttling_rate_limit  = 50
    throttling_burst_limit = 100
    metrics_enabled        = true
  }
}

# AWS makes up the value.
resource "aws_api_gateway_api_key" "this" {
  name        = "threat-intel-api-key-${var.environment}"
  description = "Who collects."
  enabled     = true
}

resource "aws_api_gateway_usage_plan" "this" {
  name        = "threat-intel-usage-plan-${var.environment}"
  description = "How much each key may ask for."

  api_stages {
    api_id = aws_api_gateway_rest_api.threat_intel.id
    stage  = aws_api_gateway_stage.this.stage_name
  }

  throttle_settings {
    rate_limit  = 10
    burst_limit = 20
  }

  quota_settings {
    limit  = 10000
    period = "DAY"
  }
}

resource "aws_api_gateway_usage_plan_key" "this" {
  key_id        = aws_api_gateway_api_key.this.id
  key_type      = "API_KEY"
  usage_plan_id = aws_api_gateway_usage_plan.this.id
}
