resource "aws_dynamodb_table" "words" {
  name           = "notes-words-${var.environment}"
  billing_mode   = "PROVISIONED"
  hash_key       = "word"
  read_capacity  = 5
  write_capacity = 5

  attribute {
    name = "word"
    type = "S"
  }

  lifecycle {
    ignore_changes = [read_capacity, write_capacity]
  }
}

resource "aws_appautoscaling_target" "words" {
  for_each = { Read = 1000, Write = 500 }

  service_namespace  = "dynamodb"
  resource_id        = "table/${aws_dynamodb_table.words.name}"
  scalable_dimension = "dynamodb:table:${each.key}CapacityUnits"
  min_capacity       = 5
  max_capacity       = each.value

  suspended_state {
    dynamic_scaling_in_suspended  = false
    dynamic_scaling_out_suspended = false
  }
}

resource "aws_appautoscaling_policy" "words" {
  for_each = aws_appautoscaling_target.words

  name               = "notes-words-${each.key}"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = each.value.service_namespace
  resource_id        = each.value.resource_id
  scalable_dimension = each.value.scalable_dimension

  target_tracking_scaling_policy_configuration {
    target_value = 70

    predefined_metric_specification {
      predefined_metric_type = "DynamoDB${each.key}CapacityUtilization"
    }
  }
}
