terraform {
  required_version = ">= 1.6.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0, < 6.0"
    }
  }

  # This root creates the very bucket and table that the line below needs. So the first apply in an account keeps its
  # state in a local file (an override, see usage.md), and a migration moves that into the new bucket.
  backend "s3" {}
}
