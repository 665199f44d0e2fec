bucket       = "threat-intel-terraform-100000000006"
key          = "threat-intel/staging/terraform.tfstate"
region       = "us-east-1"
use_lockfile = true
encrypt      = true
