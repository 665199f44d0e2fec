bucket       = "threat-intel-terraform-100000000007"
key          = "threat-intel/prod/terraform.tfstate"
region       = "us-east-1"
use_lockfile = true
encrypt      = true
