# The modules hand each other what the others need. ARNs of what a policy of another module names are made of names.
locals {
  environment = "prod"
  trail_name  = "threat-intel-${local.environment}"
  trail_arn   = "arn:aws:cloudtrail:${var.region}:${var.account_id}:trail/${local.trail_name}"
}

module "security" {
  source = "../../modules/security"

  environment = local.environment
  account_id  = var.account_id
  region      = var.region
  bucket_arns = module.storage.bucket_arns
  trail_arn   = local.trail_arn
}

module "networking" {
  source = "../../modules/networking"

  environment          = local.environment
  region               = var.region
  vpc_cidr             = "10.42.0.0/16"
  collector_invoke_arn = module.compute.collector_invoke_arn
}

module "storage" {
  source = "../../modules/storage"

  environment             = local.environment
  account_id              = var.account_id
  data_key_arn            = module.security.data_key_arn
  trail_arn               = local.trail_arn
  private_subnet_ids      = module.networking.private_subnet_ids
  redis_security_group_id = module.networking.redis_security_group_id
  cache_node_type         = "cache.t4g.micro"
}

module "compute" {
  source = "../../modules/compute"

  environment              = local.environment
  lambda_timeout           = var.lambda_timeout
  enrichment_memory_size   = var.enrichment_memory_size
  log_retention_days       = var.log_retention_days
  role_arn                 = module.security.role_arn
  data_key_arn             = module.security.data_key_arn
  secret_arn               = module.security.secret_arn
  table_name               = module.storage.table_name
  dedup_table_name         = module.storage.dedup_table_name
  bucket_names             = module.storage.bucket_names
  redis_host               = module.storage.redis_host
  redis_port               = module.storage.redis_port
  private_subnet_ids       = module.networking.private_subnet_ids
  lambda_security_group_id = module.networking.lambda_security_group_id
  api_execution_arn        = module.networking.api_execution_arn
}

module "monitoring" {
  source = "../../modules/monitoring"

  environment        = local.environment
  account_id         = var.account_id
  region             = var.region
  alerts_email       = var.alerts_email
  log_retention_days = var.log_retention_days
  data_key_arn       = module.security.data_key_arn
  function_names     = module.compute.function_names
  trail_name         = local.trail_name
  trail_bucket_name  = module.storage.trail_bucket_name
}
