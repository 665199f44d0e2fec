module "logs" {
  source = "./bucket"

  bucket        = "acme-logs"
  force_destroy = true
  versioning    = { enabled = true, mfa_delete = "Disabled" }
  lifecycle_rule = [
    {
      id      = "log"
      enabled = true
      filter  = { tags = { some = "value", another = "value2" } }
      transition = [
        { days = 30, storage_class = "ONEZONE_IA" },
        { days = 60, storage_class = "GLACIER" },
      ]
    },
    {
      id         = "log1"
      status     = "Enabled"
      prefix     = "log1/"
      expiration = { days = "90" }
      noncurrent_version_expiration = { newer_noncurrent_versions = 5, days = 30 }
    },
  ]
  server_side_encryption_configuration = {
    rule = {
      apply_server_side_encryption_by_default = { kms_master_key_id = aws_kms_key.objects.arn, sse_algorithm = "aws:kms" }
    }
  }
  cors_rule = [
    { allowed_methods = ["PUT", "POST"], allowed_origins = ["https://a.example"], max_age_seconds = 3000 },
    { allowed_methods = ["PUT"], allowed_origins = ["https://b.example"], allowed_headers = ["*"], expose_headers = ["ETag"] },
  ]
  grant = [{ type = "CanonicalUser", permission = "FULL_CONTROL", id = "abc" }]
  tags  = { Owner = "Anton", Count = 3 }
}

module "plain" {
  source   = "./bucket"
  for_each = { a = { versioned = true }, b = { versioned = false } }
  bucket   = "acme-${each.key}"
  versioning = each.value.versioned ? { status = true } : {}
}

module "none" {
  source        = "./bucket"
  create_bucket = false
}

resource "aws_kms_key" "objects" {
  description             = "KMS key is used to encrypt bucket objects"
  deletion_window_in_days = 7
}

output "ids" {
  value = { for k, m in module.plain : k => m.bucket_name }
}
output "none" {
  value = module.none.bucket_name
}
