#!/usr/bin/env bash
# Uploads the e-mail templates to the bucket of an environment, as section 3.2.4 of the runbook has it. Terraform
# uploads them too (terraform/bbws/s3/templates.tf); this is for the day on which it cannot.
#
#   scripts/upload-templates.sh ENVIRONMENT [TEMPLATE ...]
#
# Uploads every template, or those named by their keys, such as receipts/invoice.html. Ends with 0 only where all of
# them were uploaded. It overwrites; versioning keeps what was there.
set -euo pipefail

environment=${1:-}
case "$environment" in
  dev | sit | prod) shift ;;
  *)
    echo "usage: $0 dev|sit|prod [TEMPLATE ...]" >&2
    exit 2
    ;;
esac

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
templates=$repository/templates
[ -d "$templates" ] || templates=$repository/terraform/bbws/templates
[ -d "$templates" ] || { echo "there is no folder of templates in $repository" >&2; exit 2; }
command -v aws >/dev/null || { echo "nothing was uploaded: the AWS CLI is not installed here" >&2; exit 3; }

cd "$templates"
keys=("$@")
[ $# -gt 0 ] || mapfile -t keys < <(find . -name '*.html' -printf '%P\n' | sort)
[ ${#keys[@]} -gt 0 ] || { echo "there is no template in $templates" >&2; exit 2; }
for key in "${keys[@]}"; do
  [ -f "$key" ] || { echo "nothing was uploaded: there is no template $key in $templates" >&2; exit 2; }
done

bucket=bbws-templates-$environment
failed=0
for key in "${keys[@]}"; do
  if aws s3 cp "$key" "s3://$bucket/$key" --region af-south-1 --content-type text/html --only-show-errors; then
    echo "✓ $key"
  else
    echo "✗ $key"
    failed=$((failed + 1))
  fi
done

echo "$((${#keys[@]} - failed)) of ${#keys[@]} templates uploaded to $bucket"
[ "$failed" -eq 0 ]
