#!/usr/bin/env bash
# Health check for the S3 buckets, their templates and their replication, as the runbook's section 5.2 prints it.
#
#   scripts/health-check-s3.sh [ENVIRONMENT]
exec "$(dirname "${BASH_SOURCE[0]}")/health-check-all.sh" "${1:-dev}" tests/s3 tests/replication
