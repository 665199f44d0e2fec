output "log_bucket_name" {
  description = "Bucket of the access logs."
  value       = aws_s3_bucket.logs.bucket

  # S3 refuses to log into a bucket that its logging service may not write to.
  depends_on = [aws_s3_bucket_policy.logs]
}

output "alerts_topic_arn" {
  description = "Topic that alarms are sent to."
  value       = aws_sns_topic.alerts.arn
}
