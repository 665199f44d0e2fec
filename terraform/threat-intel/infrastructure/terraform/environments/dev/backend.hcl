bucket       = "threat-intel-terraform-100000000005"
key          = "threat-intel/dev/terraform.tfstate"
region       = "us-east-1"
use_lockfile = true
encrypt      = true
