# A stage serves what was deployed last: every change of a route, which these files hold, has to be deployed.
resource "aws_api_gateway_deployment" "leads" {
  rest_api_id = aws_api_gateway_rest_api.leads.id

  triggers = {
    routes = filesha256("${path.module}/api.tf")
    cors   = filesha256("${path.module}/cors.tf")
    origin = local.site_url
  }

  lifecycle {
    create_before_destroy = true
  }

  depends_on = [
    aws_api_gateway_integration.post_leads,
    aws_api_gateway_integration.post_export,
    aws_api_gateway_integration.get_conference,
    aws_api_gateway_integration.put_conference,
    aws_api_gateway_integration_response.preflight,
  ]
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
