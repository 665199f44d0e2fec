terraform {
  required_version = ">= 1.6.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }

  # The rest is per environment: terraform init -backend-config=backends/dev.s3.tfbackend
  backend "s3" {}
}
