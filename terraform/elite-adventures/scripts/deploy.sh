#!/usr/bin/env bash
# Deploys everything: infrastructure, functions and site. It asks before it changes what Terraform keeps.
set -euo pipefail
cd "$(dirname "$0")/.."

terraform -chdir=infra/terraform init -input=false -lockfile=readonly -backend-config=backend.hcl
terraform -chdir=infra/terraform apply

# Each by itself: where one is missing, a command as an argument would leave it empty and go on.
api_url=$(terraform -chdir=infra/terraform output -raw api_url)
bucket=$(terraform -chdir=infra/terraform output -raw frontend_bucket_name)
distribution=$(terraform -chdir=infra/terraform output -raw distribution_id)

(cd app && API_URL=$api_url npm run build)

# --delete empties the site where the folder is the wrong one.
test -s app/public/index.html
aws s3 sync app/public/ "s3://$bucket/" --delete
aws cloudfront create-invalidation --distribution-id "$distribution" --paths '/*'
