output "buckets" {
  description = "Name of each zone's bucket."
  value       = { for zone, bucket in aws_s3_bucket.dl : zone => bucket.bucket }
}
