output "alerts_topic_arn" {
  description = "Topic that the alarm is sent to."
  value       = aws_sns_topic.alerts.arn
}
