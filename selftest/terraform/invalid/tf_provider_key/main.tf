terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
      versions = ">= 5"
    }
  }
}
