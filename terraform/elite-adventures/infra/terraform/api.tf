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
