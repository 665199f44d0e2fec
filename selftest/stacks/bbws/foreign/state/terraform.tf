terraform {
  required_version = "~> 1.6"

  required_providers {
    aws = { source = "hashicorp/aws", version = ">= 5.0, < 6.0" }
  }

  backend "s3" {
    region         = "af-south-1"
    key            = "state/terraform.tfstate"
    dynamodb_table = "bbws-terraform-locks"
    encrypt        = true
  }
}

variable "environment" {
  type     = string
  nullable = false

  validation {
    condition     = can(regex("^(dev|sit|prod)$", var.environment))
    error_message = "dev, sit or prod."
  }
}

locals {
  production = var.environment == "prod"

  labels = {
    Environment = var.environment
    Project     = "BBWS WP Containers"
    Owner       = "Tebogo"
    CostCenter  = "AWS"
    ManagedBy   = "Terraform"
    Component   = "state"
    Application = "CustomerPortalPublic"
    LLD         = "2.1.8"
  }
}

provider "aws" {
  region = "af-south-1"

  default_tags {
    tags = local.labels
  }
}
