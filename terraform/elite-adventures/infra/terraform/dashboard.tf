# What the runbook looks at daily and weekly.
locals {
  function_metrics = { for metric in ["Invocations", "Errors", "Throttles", "Duration"] : metric => [
    for function in local.functions :
    ["AWS/Lambda", metric, "FunctionName", "${local.name_prefix}-${function}", { label = function }]
  ] }
  capacity = [for pair in setproduct(["leads", "conferences"], ["Read", "Write"]) : [
    "AWS/DynamoDB", "Consumed${pair[1]}CapacityUnits", "TableName", "${local.name_prefix}-${pair[0]}",
    { label = "${pair[0]} ${pair[1]}" }
  ]]
  api_errors = [
    for metric in ["5XXError", "4XXError"] : ["AWS/ApiGateway", metric, "ApiName", local.name_prefix, { label = metric }]
  ]
  blocked = [[
    "AWS/WAFV2", "BlockedRequests", "WebACL", local.name_prefix, "Region", var.region, "Rule", "ALL", { label = "blocked" }
  ]]
  storage = [for type in ["StandardStorage", "GlacierInstantRetrievalStorage"] : [
    "AWS/S3", "BucketSizeBytes", "BucketName", local.buckets.data, "StorageType", type, { label = type }
  ]]

  # The pool has an id of AWS's choice: a search shows every pool of the region, this one among them.
  sign_ins = [[{ expression = "SEARCH('{AWS/Cognito,UserPool,UserPoolClient} MetricName=\"SignInSuccesses\"', 'Average', 86400)", id = "sign_ins" }]]

  # An average of what is 0 or 1 for each request is the share of requests.
  widgets = [
    { title = "Leads submitted", metrics = [["EliteAdventures/Leads", "LeadsSubmitted"]], stat = "Sum", period = 3600 },
    { title = "Share of API requests that failed", metrics = local.api_errors, stat = "Average", period = 300 },
    { title = "Invocations", metrics = local.function_metrics["Invocations"], stat = "Sum", period = 300 },
    { title = "Errors of functions", metrics = local.function_metrics["Errors"], stat = "Sum", period = 300 },
    { title = "Throttles of functions", metrics = local.function_metrics["Throttles"], stat = "Sum", period = 300 },
    { title = "Milliseconds of functions", metrics = local.function_metrics["Duration"], stat = "p95", period = 300 },
    { title = "Requests that WAF blocked", metrics = local.blocked, stat = "Sum", period = 300 },
    { title = "Capacity of tables", metrics = local.capacity, stat = "Sum", period = 300 },
    { title = "Share of sign-ins that succeeded", metrics = local.sign_ins, stat = "Average", period = 86400 },
    { title = "Bytes of the data bucket", metrics = local.storage, stat = "Average", period = 86400 },
  ]
}

resource "aws_cloudwatch_dashboard" "leads" {
  dashboard_name = local.name_prefix

  dashboard_body = jsonencode({
    widgets = [for position, it in local.widgets : {
      type       = "metric"
      x          = 12 * (position % 2)
      y          = 6 * floor(position / 2)
      width      = 12
      height     = 6
      properties = merge(it, { region = var.region, view = "timeSeries" })
    }]
  })
}
