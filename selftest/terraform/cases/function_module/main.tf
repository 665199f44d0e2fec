variable "functions" {
  type = any
  default = {
    one = { runtime = "python3.11", memory = 256, env = { A = "1", B = true } }
    two = { handler = "x.y", layers = ["arn:aws:lambda:eu-west-1:123456789012:layer:a:1"], vpc = { subnets = ["s-1"], sgs = [] } }
  }
}
locals {
  defaults = { runtime = "nodejs20.x", handler = "index.handler", memory = 128, timeout = 3 }
  functions = { for k, v in var.functions : k => merge(local.defaults, v) }
}
resource "aws_lambda_function" "this" {
  for_each      = local.functions
  function_name = replace(lower("Acme_${each.key}"), "_", "-")
  role          = "arn:aws:iam::123456789012:role/x"
  handler       = each.value.handler
  runtime       = each.value.runtime
  memory_size   = each.value.memory
  timeout       = each.value.timeout
  filename      = "${path.module}/code.zip"
  source_code_hash = filebase64sha256("${path.module}/code.zip")
  layers        = try(each.value.layers, null)
  publish       = coalesce(lookup(each.value, "publish", null), false)
  architectures = compact(["arm64", ""])
  dynamic "environment" {
    for_each = length(try(each.value.env, {})) > 0 ? [each.value.env] : []
    content {
      variables = environment.value
    }
  }
  dynamic "vpc_config" {
    for_each = try(each.value.vpc, null) != null ? [each.value.vpc] : []
    content {
      subnet_ids         = vpc_config.value.subnets
      security_group_ids = vpc_config.value.sgs
    }
  }
  tracing_config {
    mode = "Active"
  }
}
resource "aws_lambda_permission" "this" {
  for_each      = toset([for k, f in aws_lambda_function.this : k])
  statement_id  = title(each.key)
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.this[each.key].function_name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.this.arn
}
resource "aws_cloudwatch_event_rule" "this" {
  name          = "rule"
  event_pattern = jsonencode({ source = ["aws.s3"], detail = { bucket = { name = [{ prefix = "x" }] } } })
}
resource "aws_cloudwatch_log_group" "this" {
  for_each          = aws_lambda_function.this
  name              = "/aws/lambda/${each.value.function_name}"
  retention_in_days = contains([1, 3, 5, 7], 7) ? 7 : null
}
resource "aws_cloudwatch_metric_alarm" "errors" {
  for_each            = { for k, f in local.functions : k => f if f.memory > 128 }
  alarm_name          = "${each.key}-errors"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = "2"
  threshold           = floor(each.value.memory / 3)
  metric_name         = "Errors"
  namespace           = "AWS/Lambda"
  period              = 60
  statistic           = "Sum"
  dimensions          = { FunctionName = aws_lambda_function.this[each.key].function_name }
  alarm_actions       = concat([aws_sns_topic.this.arn], [])
}
resource "aws_sns_topic" "this" {
  name = "alarms"
  policy = templatefile("${path.module}/policy.tftpl", { name = "alarms", accounts = ["1", "2"] })
}
