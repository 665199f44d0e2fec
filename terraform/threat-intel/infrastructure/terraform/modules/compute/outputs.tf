output "collector_invoke_arn" {
  description = "What API Gateway calls: the alias of the collector."
  value       = aws_lambda_alias.live.invoke_arn
}

output "function_names" {
  description = "Name of each function: collector, processor, enrichment, query-optimizer."
  value       = { for key, function in aws_lambda_function.this : key => function.function_name }
}
