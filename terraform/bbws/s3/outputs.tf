output "bucket" {
  description = "Bucket of the e-mail templates."
  value       = aws_s3_bucket.templates.id
}

output "dr_buckets" {
  description = "Name of the replica bucket by its region; empty outside production."
  value       = { for region, bucket in aws_s3_bucket.templates_dr : region => bucket.id }
}

output "templates" {
  description = "Key and version of each template."
  value       = { for key, object in aws_s3_object.templates : key => object.version_id }
}
