terraform {
  required_version = ">= 1.10.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 6.0"
    }
  }

  # Its settings stand in backends/: terraform init -backend-config=backends/dev.s3.tfbackend
  backend "s3" {}
}
