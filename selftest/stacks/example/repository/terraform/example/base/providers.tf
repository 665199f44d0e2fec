provider "aws" {
  region              = var.region
  allowed_account_ids = [var.accounts[var.environment]]
}
