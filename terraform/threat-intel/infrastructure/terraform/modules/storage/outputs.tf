output "bucket_names" {
  description = "Name of each bucket: raw, processed, trail."
  value       = { for key, bucket in aws_s3_bucket.this : key => bucket.bucket }
}

output "bucket_arns" {
  description = "ARN of each bucket: raw, processed, trail."
  value       = { for key, bucket in aws_s3_bucket.this : key => bucket.arn }
}

output "table_name" {
  description = "Table of the STIX objects."
  value       = aws_dynamodb_table.threat_intel.name
}

output "dedup_table_name" {
  description = "Table of what was seen already."
  value       = aws_dynamodb_table.dedup.name
}

output "redis_host" {
  description = "Address of the cache's node."
  value       = aws_elasticache_cluster.redis.cache_nodes[0].address
}

output "redis_port" {
  description = "Port of the cache's node."
  value       = aws_elasticache_cluster.redis.port
}

output "trail_bucket_name" {
  description = "Bucket that the trail may be delivered into, once its policy says so."
  value       = aws_s3_bucket.this["trail"].bucket

  # CloudTrail tries the bucket when the trail is made.
  depends_on = [aws_s3_bucket_policy.this]
}
