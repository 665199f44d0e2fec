output "alerts_topic_arn" {
  description = "Topic that every alarm and event rule reports to."
  value       = aws_sns_topic.alerts.arn
}
