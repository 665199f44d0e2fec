"""The reference Terraform, applied for each environment to a moto server that stands for its account.

Needs terraform on the PATH and TF_PLUGIN_DIR, the folder that `terraform init -plugin-dir` takes the AWS
provider from; without them the proofs skip and say so.
"""
