locals {
  environment     = "dev"
  name_prefix     = "dp-${local.environment}"
  request_metrics = "EntireBucket"
}

module "kms" {
  source = "../../modules/kms"

  alias       = "alias/${local.name_prefix}-data-lake"
  description = "Zones and alerts of the data lake ${local.environment}"
  account_id  = var.account_id
  publishers  = ["cloudwatch.amazonaws.com"]
}

module "data_lake" {
  source = "../../modules/data_lake"

  name_prefix     = local.name_prefix
  account_id      = var.account_id
  kms_key_arn     = module.kms.key_arn
  log_bucket_name = module.observability.log_bucket_name
  request_metrics = local.request_metrics

  tier_ia_days      = 30
  tier_glacier_days = 90
  expiration_days   = 365
  noncurrent_days   = 30
}

module "observability" {
  source = "../../modules/observability"

  environment     = local.environment
  name_prefix     = local.name_prefix
  account_id      = var.account_id
  region          = var.region
  kms_key_id      = module.kms.key_id
  buckets         = module.data_lake.buckets
  request_metrics = local.request_metrics
  alerts_email    = var.alerts_email
}
