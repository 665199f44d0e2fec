output "state_bucket" {
  description = "Bucket of every root's state."
  value       = aws_s3_bucket.state.id
}

output "lock_table" {
  description = "Table of the state locks."
  value       = aws_dynamodb_table.locks.name
}
