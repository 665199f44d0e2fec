log_retention_days  = 90
mfa_configuration   = "OPTIONAL"
admin_password_flow = true
