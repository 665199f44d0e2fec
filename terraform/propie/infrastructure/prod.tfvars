log_retention_days  = 365
mfa_configuration   = "ON"
admin_password_flow = false
