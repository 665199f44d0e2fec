output "o" {
  value = provider::aws::arn_build("aws", "iam", "", "4444", "role/x")
}
