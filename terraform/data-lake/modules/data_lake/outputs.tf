output "buckets" {
  description = "Name of each zone's bucket."
  value       = local.names
}
