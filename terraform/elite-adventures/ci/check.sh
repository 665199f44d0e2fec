#!/usr/bin/env bash
# Checks without an account: ci/check.sh validate | tflint. TF_PLUGIN_DIR may name a folder with the providers.
set -euo pipefail
cd "$(dirname "$0")/.."

case "${1:-}" in
  validate)
    terraform -chdir=infra/terraform init -backend=false -input=false -lockfile=readonly \
      ${TF_PLUGIN_DIR:+"-plugin-dir=$TF_PLUGIN_DIR"} >/dev/null
    terraform -chdir=infra/terraform validate
    ;;
  tflint)
    tflint --init --config="$PWD/.tflint.hcl" >/dev/null
    tflint --chdir=infra/terraform --config="$PWD/.tflint.hcl"
    ;;
  *) echo "usage: ci/check.sh validate | tflint" >&2 && exit 2 ;;
esac
