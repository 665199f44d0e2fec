#!/bin/bash
# Master health check for all infrastructure

ENV=${1:-dev}

echo "==================================================================="
echo "  BBWS Infrastructure Health Check - $ENV Environment"
echo "==================================================================="
echo ""

# Run DynamoDB health check
./scripts/health-check-dynamodb.sh $ENV
DYNAMODB_STATUS=$?

echo ""

# Run S3 health check
./scripts/health-check-s3.sh $ENV
S3_STATUS=$?

echo ""

# Summary
echo "==================================================================="
echo "  Health Check Summary"
echo "==================================================================="
if [ $DYNAMODB_STATUS -eq 0 ] && [ $S3_STATUS -eq 0 ]; then
  echo "  ✓ All systems healthy"
  exit 0
else
  echo "  ✗ Some systems unhealthy"
  [ $DYNAMODB_STATUS -ne 0 ] && echo "    - DynamoDB: UNHEALTHY"
  [ $S3_STATUS -ne 0 ] && echo "    - S3: UNHEALTHY"
  exit 1
fi
