output "vault_name" {
  description = "Vault of the second copies."
  value       = aws_backup_vault.this.name
}
