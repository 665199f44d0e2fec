#!/usr/bin/env bash
# Master health check for all infrastructure: the post-deployment tests of one environment, as the runbook's
# section 5.3 prints them.
#
#   scripts/health-check-all.sh [ENVIRONMENT] [TESTS ...]
#
# The environment is dev where none is given. Ends with 0 only where everything that was examined is healthy,
# with 1 where something is not, and with more where it could not be examined; standard error says why.
set -euo pipefail

environment=${1:-dev}
if [ "$environment" = --help ] || [ "$environment" = -h ]; then
  sed -n '2,/^set /s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
  exit
fi
tests=("${@:2}")
cd "$(dirname "${BASH_SOURCE[0]}")/.."

python=.venv/bin/python
[ -x "$python" ] || python=$(command -v python3 || true)
if [ -z "$python" ] || ! "$python" -c "import pytest, boto3" 2>/dev/null; then
  echo "nothing was checked: pytest and boto3 are not installed here; install them: make .venv/run" >&2
  exit 3
fi

printed=$(mktemp -d)
trap 'rm -rf "$printed"' EXIT
status=0
"$python" -m pytest -p no:cacheprovider "--env=bbws/$environment" --live "--health-check=$printed/check" \
  "${tests[@]}" >"$printed/log" 2>"$printed/errors" || status=$?

if [ -s "$printed/check" ]; then
  cat "$printed/check"
else
  [ -s "$printed/errors" ] || mv "$printed/log" "$printed/errors"
  sed 's/^ERROR: /nothing was checked: /; /^$/d' "$printed/errors" >&2
fi
exit "$status"
