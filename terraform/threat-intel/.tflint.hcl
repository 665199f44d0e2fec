# tflint --chdir=infrastructure/terraform/environments/dev --config="$PWD/.tflint.hcl"
plugin "terraform" {
  enabled = true
  preset  = "recommended"
}

# The runbook asks for both providers in every module, and modules/storage alone makes anything random.
rule "terraform_unused_required_providers" {
  enabled = false
}

plugin "aws" {
  enabled = true
  version = "0.38.0"
  source  = "github.com/terraform-linters/tflint-ruleset-aws"
}
