# A REST API: WAF protects no other sort of API Gateway.
resource "aws_api_gateway_rest_api" "this" {
  name        = local.name_prefix
  description = "Tells of properties, and takes enquiries."

  endpoint_configuration {
    types = ["REGIONAL"]
  }

  lifecycle {
    create_before_destroy = true
  }
}

# Whoever has a token of the pool.
resource "aws_api_gateway_authorizer" "users" {
  name          = "users"
  rest_api_id   = aws_api_gateway_rest_api.this.id
  type          = "COGNITO_USER_POOLS"
  provider_arns = [aws_cognito_user_pool.users.arn]
}

# What is malformed never reaches a function.
resource "aws_api_gateway_request_validator" "whole" {
  name                        = "whole"
  rest_api_id                 = aws_api_gateway_rest_api.this.id
  validate_request_body       = true
  validate_request_parameters = true
}

resource "aws_api_gateway_model" "enquiry" {
  rest_api_id  = aws_api_gateway_rest_api.this.id
  name         = "Enquiry"
  content_type = "application/json"

  schema = jsonencode({
    "$schema" = "http://json-schema.org/draft-04/schema#"
    type      = "object"
    required  = ["property_id", "message"]
    properties = {
      property_id = { type = "string", minLength = 1 }
      message     = { type = "string", minLength = 1, maxLength = 4000 }
    }
  })
}

resource "aws_api_gateway_resource" "properties" {
  rest_api_id = aws_api_gateway_rest_api.this.id
  parent_id   = aws_api_gateway_rest_api.this.root_resource_id
  path_part   = "properties"
}

resource "aws_api_gateway_method" "get_properties" {
  rest_api_id          = aws_api_gateway_rest_api.this.id
  resource_id          = aws_api_gateway_resource.properties.id
  http_method          = "GET"
  authorization        = "COGNITO_USER_POOLS"
  authorizer_id        = aws_api_gateway_authorizer.users.id
  request_validator_id = aws_api_gateway_request_validator.whole.id
  request_parameters   = { "method.request.querystring.county" = true }
}

resource "aws_api_gateway_integration" "get_properties" {
  rest_api_id             = aws_api_gateway_rest_api.this.id
  resource_id             = aws_api_gateway_resource.properties.id
  http_method             = aws_api_gateway_method.get_properties.http_method
  type                    = "AWS_PROXY"
  integration_http_method = "POST"
  uri                     = aws_lambda_alias.production["properties"].invoke_arn
  timeout_milliseconds    = 29000
}

resource "aws_api_gateway_resource" "enquiries" {
  rest_api_id = aws_api_gateway_rest_api.this.id
  parent_id   = aws_api_gateway_rest_api.this.root_resource_id
  path_part   = "enquiries"
}

resource "aws_api_gateway_method" "post_enquiries" {
  rest_api_id          = aws_api_gateway_rest_api.this.id
  resource_id          = aws_api_gateway_resource.enquiries.id
  http_method          = "POST"
  authorization        = "COGNITO_USER_POOLS"
  authorizer_id        = aws_api_gateway_authorizer.users.id
  request_validator_id = aws_api_gateway_request_validator.whole.id
  request_models       = { "application/json" = aws_api_gateway_model.enquiry.name }
}

resource "aws_api_gateway_integration" "post_enquiries" {
  rest_api_id             = aws_api_gateway_rest_api.this.id
  resource_id             = aws_api_gateway_resource.enquiries.id
  http_method             = aws_api_gateway_method.post_enquiries.http_method
  type                    = "AWS_PROXY"
  integration_http_method = "POST"
  uri                     = aws_lambda_alias.production["enquiries"].invoke_arn
  timeout_milliseconds    = 29000
}

resource "aws_api_gateway_resource" "session" {
  rest_api_id = aws_api_gateway_rest_api.this.id
  parent_id   = aws_api_gateway_rest_api.this.root_resource_id
  path_part   = "session"
}

resource "aws_api_gateway_method" "get_session" {
  rest_api_id   = aws_api_gateway_rest_api.this.id
  resource_id   = aws_api_gateway_resource.session.id
  http_method   = "GET"
  authorization = "COGNITO_USER_POOLS"
  authorizer_id = aws_api_gateway_authorizer.users.id
}

resource "aws_api_gateway_integration" "get_session" {
  rest_api_id             = aws_api_gateway_rest_api.this.id
  resource_id             = aws_api_gateway_resource.session.id
  http_method             = aws_api_gateway_method.get_session.http_method
  type                    = "AWS_PROXY"
  integration_http_method = "POST"
  uri                     = aws_lambda_alias.production["auth"].invoke_arn
  timeout_milliseconds    = 29000
}
