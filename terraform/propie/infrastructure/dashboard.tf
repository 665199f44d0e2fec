# What the runbook opens first. Application, pool and GraphQL API have ids of AWS's choice: a search shows each of the
# region.
locals {
  latencies = {
    frontend = [[{ expression = "SEARCH('{AWS/AmplifyHosting,App} MetricName=\"Latency\"', 'p95', 300)", id = "frontend" }]]
    api      = [["AWS/ApiGateway", "Latency", "ApiName", local.name_prefix, "Stage", local.stage, { label = "API" }]]
    graphql  = [[{ expression = "SEARCH('{AWS/AppSync,GraphQLAPIId} MetricName=\"Latency\"', 'p99', 300)", id = "graphql" }]]
  }
  durations = [
    for function in keys(local.functions) :
    ["AWS/Lambda", "Duration", "FunctionName", "${local.name_prefix}-${function}", { label = function }]
  ]
  errors = concat(
    [
      for metric in ["5XXError", "4XXError"] :
      ["AWS/ApiGateway", metric, "ApiName", local.name_prefix, "Stage", local.stage, { label = metric }]
    ],
    [
      for function in keys(local.functions) :
      ["AWS/Lambda", "Errors", "FunctionName", "${local.name_prefix}-${function}", { label = function }]
    ],
  )
  capacity = [for pair in setproduct(["properties", "enquiries"], ["Read", "Write"]) : [
    "AWS/DynamoDB", "Consumed${pair[1]}CapacityUnits", "TableName", "${local.name_prefix}-${pair[0]}",
    { label = "${pair[0]} ${pair[1]}" }
  ]]

  plots = [
    { title = "Frontend Latency", metrics = local.latencies.frontend, stat = "p95", period = 300 },
    { title = "API Latency", metrics = concat(local.latencies.api, local.latencies.graphql), stat = "p95", period = 300 },
    { title = "Lambda Duration", metrics = local.durations, stat = "p95", period = 300 },
    { title = "Errors", metrics = local.errors, stat = "Sum", period = 300 },
    { title = "Capacity of tables", metrics = local.capacity, stat = "Sum", period = 300 },
  ]

  error_lines = join(" | ", concat(
    [for function in keys(local.functions) : "SOURCE '/aws/lambda/${local.name_prefix}-${function}'"],
    ["fields @timestamp, @log, @message", "filter @message like /ERROR/", "sort @timestamp desc", "limit 50"],
  ))
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = "${local.name_prefix}-dashboard"

  dashboard_body = jsonencode({
    widgets = concat(
      [{
        type       = "log"
        x          = 0
        y          = 0
        width      = 24
        height     = 6
        properties = { title = "Recent Error Logs", query = local.error_lines, region = var.region, view = "table" }
      }],
      [for position, it in local.plots : {
        type       = "metric"
        x          = 12 * (position % 2)
        y          = 6 + 6 * floor(position / 2)
        width      = 12
        height     = 6
        properties = merge(it, { region = var.region, view = "timeSeries" })
      }],
    )
  })
}
