variable "instances" {
  type = map(object({
    id   = string
    size = optional(string, "small")
    alarms = optional(map(object({
      threshold  = optional(number)
      periods    = optional(number, 3)
      enabled    = optional(bool, true)
      actions    = optional(list(string))
      dimensions = optional(map(string), {})
    })), {})
  }))
}
variable "base" {
  type = map(object({
    metric    = string
    namespace = optional(string, "AWS/RDS")
    statistic = optional(string)
    extended  = optional(string)
    operator  = optional(string, "GreaterThanThreshold")
    threshold = map(number)
    period    = optional(number, 60)
    missing   = optional(string, "missing")
    math      = optional(object({ expression = string, metrics = map(string) }))
  }))
}
variable "topics" {
  type    = list(string)
  default = []
}
locals {
  alarms = merge([for iname, i in var.instances : {
    for aname, a in var.base : "${iname}:${aname}" => merge(a, {
      instance   = iname
      id         = i.id
      threshold  = coalesce(try(i.alarms[aname].threshold, null), lookup(a.threshold, i.size, a.threshold["small"]))
      periods    = try(i.alarms[aname].periods, 3)
      actions    = try(coalescelist(i.alarms[aname].actions, var.topics), var.topics)
      dimensions = merge({ DBInstanceIdentifier = i.id }, try(i.alarms[aname].dimensions, {}))
    }) if try(i.alarms[aname].enabled, true)
  }]...)
}
resource "aws_cloudwatch_metric_alarm" "this" {
  for_each            = local.alarms
  alarm_name          = join("-", compact([each.value.instance, each.value.metric, each.value.math != null ? "math" : ""]))
  comparison_operator = each.value.operator
  evaluation_periods  = each.value.periods
  threshold           = each.value.threshold
  metric_name         = each.value.math == null ? each.value.metric : null
  namespace           = each.value.math == null ? each.value.namespace : null
  period              = each.value.math == null ? each.value.period : null
  statistic           = each.value.math == null && each.value.extended == null ? coalesce(each.value.statistic, "Average") : null
  extended_statistic  = each.value.math == null ? each.value.extended : null
  treat_missing_data  = each.value.missing
  alarm_actions       = each.value.actions
  ok_actions          = [for a in each.value.actions : a if !endswith(a, "pager")]
  dimensions          = each.value.math == null ? each.value.dimensions : null
  datapoints_to_alarm = max(1, ceil(each.value.periods / 2))
  alarm_description   = <<-EOT
    %{if each.value.threshold >= 1000~}
    ${format("%.1f", each.value.threshold / 1000)}k
    %{else~}
    ${each.value.threshold}
    %{endif~}
    of ${each.value.metric} on ${title(each.value.instance)}
    %{for k, v in each.value.dimensions~}
      - ${k}=${v}
    %{endfor~}
  EOT
  dynamic "metric_query" {
    for_each = each.value.math == null ? {} : merge({ for k, m in each.value.math.metrics : k => { metric = m } }, { result = { expression = each.value.math.expression } })
    content {
      id          = metric_query.key
      expression  = try(metric_query.value.expression, null)
      return_data = metric_query.key == "result"
      label       = metric_query.key == "result" ? "Result" : null
      dynamic "metric" {
        for_each = try([metric_query.value.metric], [])
        content {
          metric_name = metric.value
          namespace   = each.value.namespace
          period      = each.value.period
          stat        = coalesce(each.value.statistic, "Sum")
          dimensions  = each.value.dimensions
        }
      }
    }
  }
}
output "thresholds" {
  value = { for k, a in aws_cloudwatch_metric_alarm.this : k => "${a.comparison_operator} ${a.threshold}" }
}
output "descriptions" {
  value = values(aws_cloudwatch_metric_alarm.this)[*].alarm_description
}
