locals {
  # Each zone's line in a widget; S3 publishes requests by filter, and storage once a day by class.
  requests = { for metric in ["AllRequests", "GetRequests", "PutRequests", "4xxErrors", "5xxErrors"] : metric => [
    for zone, bucket in var.buckets :
    ["AWS/S3", metric, "BucketName", bucket, "FilterId", var.request_metrics, { label = zone }]
  ] }
  objects = [
    for zone, bucket in var.buckets :
    ["AWS/S3", "NumberOfObjects", "BucketName", bucket, "StorageType", "AllStorageTypes", { label = zone }]
  ]
  sizes = flatten([
    for type in ["StandardStorage", "StandardIAStorage", "GlacierStorage"] : [
      for zone, bucket in var.buckets : {
        metric = ["AWS/S3", "BucketSizeBytes", "BucketName", bucket, "StorageType", type, { label = "${zone} ${type}" }]
      }
    ]
  ])

  # The key has an id of AWS's choice: a search shows every key of the region, this one among them.
  keys = [[{ expression = "SEARCH('{AWS/KMS,KeyArn,Operation} MetricName=\"SuccessfulRequest\"', 'Sum', 300)", id = "keys" }]]

  widgets = [
    { title = "Requests", metrics = local.requests["AllRequests"], stat = "Sum", period = 300 },
    { title = "GET", metrics = local.requests["GetRequests"], stat = "Sum", period = 300 },
    { title = "PUT", metrics = local.requests["PutRequests"], stat = "Sum", period = 300 },
    { title = "Client errors", metrics = local.requests["4xxErrors"], stat = "Sum", period = 300 },
    { title = "Server errors", metrics = local.requests["5xxErrors"], stat = "Sum", period = 300 },
    { title = "Objects", metrics = local.objects, stat = "Average", period = 86400 },
    { title = "Size", metrics = local.sizes[*].metric, stat = "Average", period = 86400 },
    { title = "Uses of keys", metrics = local.keys, stat = "Sum", period = 300 },
  ]
}

resource "aws_cloudwatch_dashboard" "data_lake" {
  dashboard_name = "DataLake-${title(var.environment)}"

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
