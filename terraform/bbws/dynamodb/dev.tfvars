deletion_protection_enabled = false
backup_retention_days       = 7
