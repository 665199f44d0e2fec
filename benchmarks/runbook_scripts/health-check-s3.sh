#!/bin/bash
# Health check for S3 buckets

ENV=${1:-dev}
REGION="af-south-1"
BUCKET="bbws-templates-$ENV"

echo "=== S3 Health Check for $ENV Environment ==="
echo ""

echo "Checking bucket: $BUCKET"

# Check bucket exists
aws s3api head-bucket --bucket $BUCKET --region $REGION 2>/dev/null
if [ $? -ne 0 ]; then
  echo "  ✗ Bucket does not exist"
  exit 1
fi
echo "  ✓ Bucket exists"

# Check versioning
VERSIONING=$(aws s3api get-bucket-versioning \
  --bucket $BUCKET \
  --region $REGION \
  --query 'Status' \
  --output text)
echo "  ✓ Versioning: $VERSIONING"

# Check encryption
ENCRYPTION=$(aws s3api get-bucket-encryption \
  --bucket $BUCKET \
  --region $REGION \
  --query 'ServerSideEncryptionConfiguration.Rules[0].ApplyServerSideEncryptionByDefault.SSEAlgorithm' \
  --output text 2>/dev/null)
echo "  ✓ Encryption: $ENCRYPTION"

# Check public access block
PUBLIC_ACCESS=$(aws s3api get-public-access-block \
  --bucket $BUCKET \
  --region $REGION \
  --query 'PublicAccessBlockConfiguration.BlockPublicAcls' \
  --output text)
echo "  ✓ Public access blocked: $PUBLIC_ACCESS"

# Count objects
OBJECT_COUNT=$(aws s3 ls s3://$BUCKET/ --recursive | wc -l)
echo "  ✓ Object count: $OBJECT_COUNT"

# Check for required templates (12 templates)
REQUIRED_TEMPLATES=(
  "receipts/payment_received.html"
  "receipts/order_confirmation.html"
  "notifications/welcome.html"
  "notifications/account_created.html"
  "marketing/campaign_announcement.html"
  "marketing/special_offer.html"
  "billing/invoice.html"
  "billing/payment_reminder.html"
  "support/ticket_created.html"
  "support/ticket_resolved.html"
  "admin/new_tenant_notification.html"
  "admin/daily_summary.html"
)

MISSING_COUNT=0
for TEMPLATE in "${REQUIRED_TEMPLATES[@]}"; do
  aws s3 ls s3://$BUCKET/$TEMPLATE &>/dev/null
  if [ $? -ne 0 ]; then
    echo "  ✗ Missing template: $TEMPLATE"
    MISSING_COUNT=$((MISSING_COUNT + 1))
  fi
done

if [ $MISSING_COUNT -eq 0 ]; then
  echo "  ✓ All 12 required templates present"
else
  echo "  ✗ Missing $MISSING_COUNT templates"
fi

echo ""
echo "=== Health Check Complete ==="
