#!/usr/bin/env bash
# Checks every root: ci/each-root.sh validate | tflint. TF_PLUGIN_DIR may name a folder with the providers.
set -euo pipefail
cd "$(dirname "$0")/.."

for root in global/remote-state global/iam_gh_oidc envs/dev envs/stage envs/prod; do
  case "${1:-}" in
    # Without a backend: no state is needed, and no account.
    validate)
      terraform -chdir="$root" init -backend=false -input=false -lockfile=readonly \
        ${TF_PLUGIN_DIR:+"-plugin-dir=$TF_PLUGIN_DIR"} >/dev/null
      terraform -chdir="$root" validate
      ;;
    tflint) tflint --init --config="$PWD/.tflint.hcl" >/dev/null && tflint --chdir="$root" --config="$PWD/.tflint.hcl" ;;
    *) echo "usage: ci/each-root.sh validate | tflint" >&2 && exit 2 ;;
  esac
done
