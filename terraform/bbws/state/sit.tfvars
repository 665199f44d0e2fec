deletion_protection_enabled = false
