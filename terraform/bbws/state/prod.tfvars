deletion_protection_enabled = true
