# The environment's account is the only one that may be touched: credentials of another one end the run here.
provider "aws" {
  region              = var.region
  allowed_account_ids = [var.account_id]

  default_tags {
    tags = {
      Project     = "threat-intel"
      Environment = local.environment
      ManagedBy   = "Terraform"
    }
  }
}
