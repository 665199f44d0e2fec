# A stage serves what was deployed last: every change of a route, which api.tf holds, has to be deployed.
resource "aws_api_gateway_deployment" "this" {
  rest_api_id = aws_api_gateway_rest_api.this.id

  triggers = {
    routes = filesha256("${path.module}/api.tf")
  }

  lifecycle {
    create_before_destroy = true
  }

  depends_on = [
    aws_api_gateway_integration.get_properties,
    aws_api_gateway_integration.post_enquiries,
    aws_api_gateway_integration.get_session,
  ]
}

resource "aws_api_gateway_stage" "prod" {
  rest_api_id          = aws_api_gateway_rest_api.this.id
  deployment_id        = aws_api_gateway_deployment.this.id
  stage_name           = local.stage
  xray_tracing_enabled = true

  # API Gateway writes no logs in an account that has not given it a role.
  depends_on = [aws_api_gateway_account.this]
}

# Requests per second of all callers together. Bodies of requests are not logged: they hold messages of users.
resource "aws_api_gateway_method_settings" "all" {
  rest_api_id = aws_api_gateway_rest_api.this.id
  stage_name  = aws_api_gateway_stage.prod.stage_name
  method_path = "*/*"

  settings {
    throttling_rate_limit  = 1000
    throttling_burst_limit = 2000
    metrics_enabled        = true
    logging_level          = "ERROR"
    data_trace_enabled     = false
  }
}
