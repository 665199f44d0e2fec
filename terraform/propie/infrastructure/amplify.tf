locals {
  # Where the front end is served, and where it would be released to if that is lost.
  frontends = {
    main     = { name = "${local.name_prefix}-frontend" }
    recovery = { name = "${local.name_prefix}-frontend-recovery" }
  }

  branch       = "main"
  branch_stage = var.environment == "prod" ? "PRODUCTION" : "DEVELOPMENT"

  branch_variables = {
    NEXT_PUBLIC_API_URL             = aws_api_gateway_stage.prod.invoke_url
    NEXT_PUBLIC_GRAPHQL_URL         = aws_appsync_graphql_api.this.uris["GRAPHQL"]
    NEXT_PUBLIC_IDENTITY_POOL_ID    = aws_cognito_identity_pool.users.id
    NEXT_PUBLIC_REGION              = var.region
    NEXT_PUBLIC_USER_POOL_CLIENT_ID = aws_cognito_user_pool_client.web.id
    NEXT_PUBLIC_USER_POOL_ID        = aws_cognito_user_pool.users.id
  }
}

# Amplify reads the repository with the consent of a person, which is given in the console, once for each application.
resource "aws_amplify_app" "frontend" {
  for_each = local.frontends

  name     = each.value.name
  platform = "WEB_COMPUTE"

  lifecycle {
    ignore_changes = [repository]
  }
}

resource "aws_amplify_branch" "main" {
  app_id                = aws_amplify_app.frontend["main"].id
  branch_name           = local.branch
  framework             = "Next.js - SSR"
  stage                 = local.branch_stage
  environment_variables = local.branch_variables
}

# It is built when somebody starts a job.
resource "aws_amplify_branch" "recovery" {
  app_id                = aws_amplify_app.frontend["recovery"].id
  branch_name           = local.branch
  framework             = "Next.js - SSR"
  stage                 = local.branch_stage
  enable_auto_build     = false
  environment_variables = local.branch_variables
}
