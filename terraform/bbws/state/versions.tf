terraform {
  required_version = ">= 1.6.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }

  # This root creates the very bucket and lock table that the line below needs. So the first apply in an account keeps
  # its state in a local file (an override, see the README), and a migration then moves that state into the new bucket:
  # from there on it is versioned, encrypted and locked like the others, and lies on nobody's laptop.
  backend "s3" {}
}
