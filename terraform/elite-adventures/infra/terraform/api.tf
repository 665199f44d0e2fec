# A REST API: WAF protects no other sort of API Gateway.
resource "aws_api_gateway_rest_api" "leads" {
  name        = local.name_prefix
  description = "Takes leads of conferences, and gives them to administrators."

  endpoint_configuration {
    types = ["REGIONAL"]
  }

  lifecycle {
    create_before_destroy = true
  }
}

# Whoever has a token of the pool; that it is an administrator's the functions look into.
resource "aws_api_gateway_authorizer" "admin" {
  name          = "admin"
  rest_api_id   = aws_api_gateway_rest_api.leads.id
  type          = "COGNITO_USER_POOLS"
  provider_arns = [aws_cognito_user_pool.admin.arn]
}

resource "aws_api_gateway_resource" "leads" {
  rest_api_id = aws_api_gateway_rest_api.leads.id
  parent_id   = aws_api_gateway_rest_api.leads.root_resource_id
  path_part   = "leads"
}

# Visitors of a conference have no account.
resource "aws_api_gateway_method" "post_leads" {
  rest_api_id   = aws_api_gateway_rest_api.leads.id
  resource_id   = aws_api_gateway_resource.leads.id
  http_method   = "POST"
  authorization = "NONE"
}

resource "aws_api_gateway_integration" "post_leads" {
  rest_api_id             = aws_api_gateway_rest_api.leads.id
  resource_id             = aws_api_gateway_resource.leads.id
  http_method             = aws_api_gateway_method.post_leads.http_method
  type                    = "AWS_PROXY"
  integration_http_method = "POST"
  uri                     = aws_lambda_function.leads.invoke_arn
}

resource "aws_api_gateway_resource" "export" {
  rest_api_id = aws_api_gateway_rest_api.leads.id
  parent_id   = aws_api_gateway_rest_api.leads.root_resource_id
  path_part   = "export"
}

resource "aws_api_gateway_method" "post_export" {
  rest_api_id   = aws_api_gateway_rest_api.leads.id
  resource_id   = aws_api_gateway_resource.export.id
  http_method   = "POST"
  authorization = "COGNITO_USER_POOLS"
  authorizer_id = aws_api_gateway_authorizer.admin.id
}

resource "aws_api_gateway_integration" "post_export" {
  rest_api_id             = aws_api_gateway_rest_api.leads.id
  resource_id             = aws_api_gateway_resource.export.id
  http_method             = aws_api_gateway_method.post_export.http_method
  type                    = "AWS_PROXY"
  integration_http_method = "POST"
  uri                     = aws_lambda_function.exports.invoke_arn
}

resource "aws_api_gateway_resource" "conferences" {
  rest_api_id = aws_api_gateway_rest_api.leads.id
  parent_id   = aws_api_gateway_rest_api.leads.root_resource_id
  path_part   = "conferences"
}

resource "aws_api_gateway_resource" "conference" {
  rest_api_id = aws_api_gateway_rest_api.leads.id
  parent_id   = aws_api_gateway_resource.conferences.id
  path_part   = "{conference_id}"
}

resource "aws_api_gateway_method" "get_conference" {
  rest_api_id   = aws_api_gateway_rest_api.leads.id
  resource_id   = aws_api_gateway_resource.conference.id
  http_method   = "GET"
  authorization = "NONE"
}

resource "aws_api_gateway_integration" "get_conference" {
  rest_api_id             = aws_api_gateway_rest_api.leads.id
  resource_id             = aws_api_gateway_resource.conference.id
  http_method             = aws_api_gateway_method.get_conference.http_method
  type                    = "AWS_PROXY"
  integration_http_method = "POST"
  uri                     = aws_lambda_function.conference.invoke_arn
}

resource "aws_api_gateway_method" "put_conference" {
  rest_api_id   = aws_api_gateway_rest_api.leads.id
  resource_id   = aws_api_gateway_resource.conference.id
  http_method   = "PUT"
  authorization = "COGNITO_USER_POOLS"
  authorizer_id = aws_api_gateway_authorizer.admin.id
}

resource "aws_api_gateway_integration" "put_conference" {
  rest_api_id             = aws_api_gateway_rest_api.leads.id
  resource_id             = aws_api_gateway_resource.conference.id
  http_method             = aws_api_gateway_method.put_conference.http_method
  type                    = "AWS_PROXY"
  integration_http_method = "POST"
  uri                     = aws_lambda_function.conference.invoke_arn
}

# A stage serves what was deployed last: every change of a route has to be deployed.
resource "aws_api_gateway_deployment" "leads" {
  rest_api_id = aws_api_gateway_rest_api.leads.id

  triggers = {
    routes = sha256(jsonencode([
      aws_api_gateway_authorizer.admin,
      aws_api_gateway_method.post_leads,
      aws_api_gateway_integration.post_leads,
      aws_api_gateway_method.post_export,
      aws_api_gateway_integration.post_export,
      aws_api_gateway_method.get_conference,
      aws_api_gateway_integration.get_conference,
      aws_api_gateway_method.put_conference,
      aws_api_gateway_integration.put_conference,
      aws_api_gateway_method.preflight,
      aws_api_gateway_integration.preflight,
      aws_api_gateway_integration_response.preflight,
    ]))
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_api_gateway_stage" "prod" {
  rest_api_id          = aws_api_gateway_rest_api.leads.id
  deployment_id        = aws_api_gateway_deployment.leads.id
  stage_name           = local.environment
  xray_tracing_enabled = true

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.api.arn
    format = jsonencode({
      requestId        = "$context.requestId"
      requestTime      = "$context.requestTime"
      ip               = "$context.identity.sourceIp"
      method           = "$context.httpMethod"
      path             = "$context.path"
      status           = "$context.status"
      latency          = "$context.responseLatency"
      error            = "$context.error.message"
      integrationError = "$context.integration.error"
      wafResponse      = "$context.wafResponseCode"
    })
  }

  # API Gateway writes no logs in an account that has not given it a role.
  depends_on = [aws_api_gateway_account.this]
}

# Requests per second of all callers together. Bodies of requests hold leads: they are not logged.
resource "aws_api_gateway_method_settings" "all" {
  rest_api_id = aws_api_gateway_rest_api.leads.id
  stage_name  = aws_api_gateway_stage.prod.stage_name
  method_path = "*/*"

  settings {
    throttling_rate_limit  = 100
    throttling_burst_limit = 200
    metrics_enabled        = true
    logging_level          = "ERROR"
    data_trace_enabled     = false
  }
}
