# PK is {conference_id}#{lead_id}; the record of an export has export#{export_id}. There is no sort key: whoever deletes
# a lead gives this one value.
resource "aws_dynamodb_table" "leads" {
  name                        = "${local.name_prefix}-leads"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "PK"
  deletion_protection_enabled = true

  attribute {
    name = "PK"
    type = "S"
  }

  attribute {
    name = "conference_id"
    type = "S"
  }

  attribute {
    name = "submitted_at"
    type = "S"
  }

  # Leads alone have both keys: an export that reads this index meets nothing else.
  global_secondary_index {
    name            = "by-conference"
    hash_key        = "conference_id"
    range_key       = "submitted_at"
    projection_type = "ALL"
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

# PK is the conference's id.
resource "aws_dynamodb_table" "conferences" {
  name                        = "${local.name_prefix}-conferences"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "PK"
  deletion_protection_enabled = true

  attribute {
    name = "PK"
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
