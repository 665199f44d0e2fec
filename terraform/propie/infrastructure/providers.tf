# Credentials of any other account end the run here.
provider "aws" {
  region              = var.region
  allowed_account_ids = [var.account_id]

  default_tags {
    tags = {
      Project     = "prop-ie"
      Environment = var.environment
      ManagedBy   = "Terraform"
    }
  }
}
