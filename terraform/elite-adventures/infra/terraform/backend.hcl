bucket       = "elite-adventures-terraform-100000000004"
key          = "leads/prod/terraform.tfstate"
region       = "us-east-1"
use_lockfile = true
encrypt      = true
