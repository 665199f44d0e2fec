#!/usr/bin/env bash
# Checks every environment, without an account: ci/check.sh validate | tflint. TF_PLUGIN_DIR may name a folder with the
# providers.
set -euo pipefail
cd "$(dirname "$0")/.."

for environment in dev staging prod; do
  root=infrastructure/terraform/environments/$environment
  case "${1:-}" in
    validate)
      terraform -chdir="$root" init -backend=false -input=false \
        ${TF_PLUGIN_DIR:+"-plugin-dir=$TF_PLUGIN_DIR"} >/dev/null
      terraform -chdir="$root" validate
      ;;
    # A linter reads the module that it is called in, and what that calls.
    tflint)
      tflint --init --config="$PWD/.tflint.hcl" >/dev/null
      tflint --chdir="$root" --config="$PWD/.tflint.hcl" --call-module-type=all
      ;;
    *) echo "usage: ci/check.sh validate | tflint" >&2 && exit 2 ;;
  esac
done
