locals {
  # The metrics that count what went wrong: one of it is one too many.
  failures = merge(
    {
      for failure in ["Failed", "Expired"] : "bbws-backup-jobs-${lower(failure)}-${var.environment}" => {
        namespace   = "AWS/Backup"
        metric_name = "NumberOfBackupJobs${failure}"
        dimensions  = { BackupVaultName = "bbws-backup-vault-${var.environment}" }
      }
    },
    {
      "bbws-missing-templates-${var.environment}" = {
        namespace   = aws_cloudwatch_log_metric_filter.missing_templates.metric_transformation[0].namespace
        metric_name = aws_cloudwatch_log_metric_filter.missing_templates.metric_transformation[0].name
        dimensions  = {}
      }
    },
    {
      for region in var.replicated ? [var.dr_region] : [] : "bbws-replication-failed-${var.environment}" => {
        namespace   = "AWS/S3"
        metric_name = "OperationsFailedReplication"
        dimensions = {
          SourceBucket      = "bbws-templates-${var.environment}"
          DestinationBucket = "bbws-templates-${var.environment}-dr-${region}"
          RuleId            = "templates-to-${region}"
        }
      }
    },
  )
}

resource "aws_cloudwatch_metric_alarm" "failures" {
  for_each = local.failures

  alarm_name          = each.key
  namespace           = each.value.namespace
  metric_name         = each.value.metric_name
  dimensions          = each.value.dimensions
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
  tags                = local.tags
}

# AWS has no metric for this: whoever lists the locks publishes the age of the oldest one, in seconds.
resource "aws_cloudwatch_metric_alarm" "lock_held" {
  alarm_name          = "bbws-state-lock-held-${var.environment}"
  alarm_description   = "A Terraform state lock is held longer than ten minutes: runbook, section 3.3.5."
  namespace           = "BBWS/Terraform"
  metric_name         = "OldestLockAge"
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 600
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alerts.arn]
  tags                = local.tags
}
