# The same properties for pages that ask for some of their fields.
resource "aws_appsync_graphql_api" "this" {
  name                = local.name_prefix
  authentication_type = "AMAZON_COGNITO_USER_POOLS"
  schema              = file("${path.module}/schema.graphql")
  xray_enabled        = true

  user_pool_config {
    user_pool_id   = aws_cognito_user_pool.users.id
    default_action = "ALLOW"
  }

  log_config {
    cloudwatch_logs_role_arn = aws_iam_role.logging["appsync"].arn
    field_log_level          = "ERROR"
    exclude_verbose_content  = true
  }
}

data "aws_iam_policy_document" "graphql_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["appsync.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "graphql" {
  name               = "${local.name_prefix}-graphql"
  assume_role_policy = data.aws_iam_policy_document.graphql_trust.json
}

data "aws_iam_policy_document" "graphql" {
  statement {
    actions   = ["dynamodb:Query"]
    resources = [local.table_arns.properties]
  }

  statement {
    actions   = ["kms:Decrypt"]
    resources = ["arn:aws:kms:${var.region}:${var.account_id}:key/*"]

    condition {
      test     = "ForAnyValue:StringEquals"
      variable = "kms:ResourceAliases"
      values   = ["alias/${local.name_prefix}"]
    }

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["dynamodb.${var.region}.amazonaws.com"]
    }
  }
}

resource "aws_iam_role_policy" "graphql" {
  name   = "properties"
  role   = aws_iam_role.graphql.name
  policy = data.aws_iam_policy_document.graphql.json
}

resource "aws_appsync_datasource" "properties" {
  api_id           = aws_appsync_graphql_api.this.id
  name             = "properties"
  type             = "AMAZON_DYNAMODB"
  service_role_arn = aws_iam_role.graphql.arn

  dynamodb_config {
    table_name = aws_dynamodb_table.properties.name
  }
}

resource "aws_appsync_resolver" "properties" {
  api_id      = aws_appsync_graphql_api.this.id
  type        = "Query"
  field       = "properties"
  data_source = aws_appsync_datasource.properties.name
  code        = file("${path.module}/properties.js")

  runtime {
    name            = "APPSYNC_JS"
    runtime_version = "1.0.0"
  }
}
