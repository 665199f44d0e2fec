# Administrators, who are told by name in no file: the runbook creates them.
resource "aws_cognito_user_pool" "admin" {
  name                     = "${local.name_prefix}-admin"
  username_attributes      = ["email"]
  auto_verified_attributes = ["email"]
  mfa_configuration        = "OPTIONAL"
  deletion_protection      = "ACTIVE"

  # Sign-ins are recorded with threat protection alone, which only this tier has.
  user_pool_tier = "PLUS"

  user_pool_add_ons {
    advanced_security_mode = "AUDIT"
  }

  software_token_mfa_configuration {
    enabled = true
  }

  admin_create_user_config {
    allow_admin_create_user_only = true
  }

  password_policy {
    minimum_length                   = 10
    require_lowercase                = true
    require_numbers                  = true
    require_symbols                  = true
    require_uppercase                = true
    temporary_password_validity_days = 7
  }

  account_recovery_setting {
    recovery_mechanism {
      name     = "verified_email"
      priority = 1
    }
  }

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_cognito_user_group" "admin" {
  name         = "Admin"
  description  = "May export leads and keep conferences."
  user_pool_id = aws_cognito_user_pool.admin.id
}

# Tokens of a session of an hour. Passwords go to Cognito only within SRP, or from who has credentials of the account.
resource "aws_cognito_user_pool_client" "admin" {
  name         = "${local.name_prefix}-admin"
  user_pool_id = aws_cognito_user_pool.admin.id

  explicit_auth_flows           = ["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"]
  prevent_user_existence_errors = "ENABLED"
  enable_token_revocation       = true
  access_token_validity         = 1
  id_token_validity             = 1
  refresh_token_validity        = 1

  token_validity_units {
    access_token  = "hours"
    id_token      = "hours"
    refresh_token = "days"
  }
}
