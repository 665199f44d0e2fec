locals {
  templates = toset([
    "receipts/payment_received.html",
    "receipts/order_confirmation.html",
    "notifications/welcome.html",
    "notifications/account_created.html",
    "marketing/campaign_announcement.html",
    "marketing/special_offer.html",
    "billing/invoice.html",
    "billing/payment_reminder.html",
    "support/ticket_created.html",
    "support/ticket_resolved.html",
    "admin/new_tenant_notification.html",
    "admin/daily_summary.html",
  ])
}

resource "aws_s3_object" "templates" {
  for_each = local.templates

  bucket       = aws_s3_bucket.templates.id
  key          = each.value
  source       = "${path.module}/../templates/${each.value}"
  content_type = "text/html"
  etag         = filemd5("${path.module}/../templates/${each.value}")

  # S3 replicates only what is written after the rule exists, and keeps versions only once versioning is on.
  depends_on = [
    aws_s3_bucket_versioning.templates,
    aws_s3_bucket_replication_configuration.templates,
  ]
}
