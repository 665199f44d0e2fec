#!/usr/bin/env bash
# Health check for the DynamoDB tables and their backups, as the runbook's section 5.1 prints it.
#
#   scripts/health-check-dynamodb.sh [ENVIRONMENT]
exec "$(dirname "${BASH_SOURCE[0]}")/health-check-all.sh" "${1:-dev}" tests/dynamodb tests/backup
