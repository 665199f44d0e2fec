terraform {
  required_version = ">= 1.6.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0, < 6.0"
    }
  }

  # Its settings stand in backends/: terraform init -backend-config=backends/dev.hcl
  backend "s3" {}
}
