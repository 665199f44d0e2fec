resource "aws_elasticache_subnet_group" "redis" {
  name        = "threat-intel-cache-${var.environment}"
  description = "Private subnets, where the functions are."
  subnet_ids  = var.private_subnet_ids
}

resource "aws_elasticache_cluster" "redis" {
  cluster_id               = "threat-intel-cache-${var.environment}"
  engine                   = "redis"
  engine_version           = "7.1"
  parameter_group_name     = "default.redis7"
  node_type                = var.cache_node_type
  num_cache_nodes          = 1
  port                     = 6379
  subnet_group_name        = aws_elasticache_subnet_group.redis.name
  security_group_ids       = [var.redis_security_group_id]
  snapshot_retention_limit = 1
}
