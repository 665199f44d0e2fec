# STIX objects, each under its own id. What is asked for by type or by source is found by an index.
resource "aws_dynamodb_table" "threat_intel" {
  name                        = "threat-intel-${var.environment}"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "object_id"
  deletion_protection_enabled = true

  attribute {
    name = "object_id"
    type = "S"
  }

  attribute {
    name = "object_type"
    type = "S"
  }

  attribute {
    name = "source"
    type = "S"
  }

  attribute {
    name = "modified"
    type = "S"
  }

  global_secondary_index {
    name            = "by-type"
    hash_key        = "object_type"
    range_key       = "modified"
    projection_type = "ALL"
  }

  global_secondary_index {
    name            = "by-source"
    hash_key        = "source"
    range_key       = "modified"
    projection_type = "ALL"
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = var.data_key_arn
  }

  lifecycle {
    prevent_destroy = true
  }
}

# What was seen already, until it may be seen again.
resource "aws_dynamodb_table" "dedup" {
  name                        = "threat-intel-dedup-${var.environment}"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "fingerprint"
  deletion_protection_enabled = true

  attribute {
    name = "fingerprint"
    type = "S"
  }

  # Seconds since 1970, as a number: DynamoDB removes nothing whose time is written otherwise.
  ttl {
    attribute_name = "expires_at"
    enabled        = true
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = var.data_key_arn
  }

  lifecycle {
    prevent_destroy = true
  }
}

# Shows which keys are asked for most, and which are throttled.
resource "aws_dynamodb_contributor_insights" "threat_intel" {
  table_name = aws_dynamodb_table.threat_intel.name
}
