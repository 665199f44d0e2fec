output "state_bucket_name" {
  description = "Bucket of every root's state."
  value       = aws_s3_bucket.state.bucket
}

output "dynamodb_table_name" {
  description = "Table of the state locks."
  value       = aws_dynamodb_table.locks.name
}

output "kms_key_id" {
  description = "Id of the key that encrypts states and locks."
  value       = module.kms.key_id
}
