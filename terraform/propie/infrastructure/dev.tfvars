log_retention_days  = 30
mfa_configuration   = "OPTIONAL"
admin_password_flow = true
