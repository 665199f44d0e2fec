# What is for sale and to let: read all the time, written when an agent changes it. Auto-scaling sets the units, and
# begins with the least.
resource "aws_dynamodb_table" "properties" {
  name                        = "${local.name_prefix}-properties"
  billing_mode                = "PROVISIONED"
  read_capacity               = 5
  write_capacity              = 5
  hash_key                    = "county"
  range_key                   = "property_id"
  deletion_protection_enabled = true

  attribute {
    name = "county"
    type = "S"
  }

  attribute {
    name = "property_id"
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.stack.arn
  }

  lifecycle {
    prevent_destroy = true
    ignore_changes  = [read_capacity, write_capacity]
  }
}

# Enquiries come when a property is advertised, and nobody knows how many.
resource "aws_dynamodb_table" "enquiries" {
  name                        = "${local.name_prefix}-enquiries"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "property_id"
  range_key                   = "enquiry_id"
  deletion_protection_enabled = true

  attribute {
    name = "property_id"
    type = "S"
  }

  attribute {
    name = "enquiry_id"
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.stack.arn
  }

  lifecycle {
    prevent_destroy = true
  }
}

# What suspends nothing is written: else AWS keeps what somebody suspended by hand.
resource "aws_appautoscaling_target" "properties_read" {
  service_namespace  = "dynamodb"
  resource_id        = "table/${aws_dynamodb_table.properties.name}"
  scalable_dimension = "dynamodb:table:ReadCapacityUnits"
  min_capacity       = 5
  max_capacity       = 1000

  suspended_state {
    dynamic_scaling_in_suspended  = false
    dynamic_scaling_out_suspended = false
    scheduled_scaling_suspended   = false
  }
}

# The command of the runbook that sets it by hand takes the same file.
resource "aws_appautoscaling_policy" "properties_read" {
  name               = "ReadAutoScalingPolicy"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.properties_read.service_namespace
  resource_id        = aws_appautoscaling_target.properties_read.resource_id
  scalable_dimension = aws_appautoscaling_target.properties_read.scalable_dimension

  target_tracking_scaling_policy_configuration {
    target_value = 70

    predefined_metric_specification {
      predefined_metric_type = "DynamoDBReadCapacityUtilization"
    }
  }
}

resource "aws_appautoscaling_target" "properties_write" {
  service_namespace  = "dynamodb"
  resource_id        = "table/${aws_dynamodb_table.properties.name}"
  scalable_dimension = "dynamodb:table:WriteCapacityUnits"
  min_capacity       = 5
  max_capacity       = 1000

  suspended_state {
    dynamic_scaling_in_suspended  = false
    dynamic_scaling_out_suspended = false
    scheduled_scaling_suspended   = false
  }
}

resource "aws_appautoscaling_policy" "properties_write" {
  name               = "WriteAutoScalingPolicy"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.properties_write.service_namespace
  resource_id        = aws_appautoscaling_target.properties_write.resource_id
  scalable_dimension = aws_appautoscaling_target.properties_write.scalable_dimension

  target_tracking_scaling_policy_configuration {
    target_value = 70

    predefined_metric_specification {
      predefined_metric_type = "DynamoDBWriteCapacityUtilization"
    }
  }
}
