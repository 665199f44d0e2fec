deletion_protection_enabled = true
backup_retention_days       = 35
