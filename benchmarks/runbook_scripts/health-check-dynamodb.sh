#!/bin/bash
# Health check for DynamoDB tables

ENV=${1:-dev}
REGION="af-south-1"
TABLES=("bbws-tenants-$ENV" "bbws-products-$ENV" "bbws-campaigns-$ENV")

echo "=== DynamoDB Health Check for $ENV Environment ==="
echo ""

for TABLE in "${TABLES[@]}"; do
  echo "Checking table: $TABLE"

  # Check table exists
  STATUS=$(aws dynamodb describe-table \
    --table-name $TABLE \
    --region $REGION \
    --query 'Table.TableStatus' \
    --output text 2>/dev/null)

  if [ $? -ne 0 ]; then
    echo "  ✗ Table does not exist"
    continue
  fi

  echo "  ✓ Table status: $STATUS"

  # Check PITR
  PITR=$(aws dynamodb describe-continuous-backups \
    --table-name $TABLE \
    --region $REGION \
    --query 'ContinuousBackupsDescription.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus' \
    --output text)
  echo "  ✓ PITR: $PITR"

  # Check GSI count
  GSI_COUNT=$(aws dynamodb describe-table \
    --table-name $TABLE \
    --region $REGION \
    --query 'length(Table.GlobalSecondaryIndexes)' \
    --output text)
  echo "  ✓ GSI count: $GSI_COUNT"

  # Check item count (approximate)
  ITEM_COUNT=$(aws dynamodb describe-table \
    --table-name $TABLE \
    --region $REGION \
    --query 'Table.ItemCount' \
    --output text)
  echo "  ✓ Item count: $ITEM_COUNT"

  echo ""
done

echo "=== Health Check Complete ==="
