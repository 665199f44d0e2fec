locals {
  tags = merge(var.tags, {
    Environment = var.environment
    Component   = "dynamodb"
  })

  # Every key of the table or of an index is declared once as an attribute, and nothing else is.
  tenant_attributes = toset(compact(concat(
    ["PK", "SK"],
    var.global_secondary_indexes[*].hash_key,
    var.global_secondary_indexes[*].range_key,
  )))
}

# The runbook asks for prevent_destroy on production tables. Terraform takes only a literal there, so the literal true
# holds in all environments; deletion_protection_enabled is the part that varies. The README says how to retire a table.

resource "aws_dynamodb_table" "tenants" {
  name                        = "bbws-tenants-${var.environment}"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "PK"
  range_key                   = "SK"
  deletion_protection_enabled = var.deletion_protection_enabled
  tags                        = local.tags

  dynamic "attribute" {
    for_each = local.tenant_attributes

    content {
      name = attribute.value
      type = "S"
    }
  }

  dynamic "global_secondary_index" {
    for_each = var.global_secondary_indexes

    content {
      name            = global_secondary_index.value.name
      hash_key        = global_secondary_index.value.hash_key
      range_key       = global_secondary_index.value.range_key
      projection_type = global_secondary_index.value.projection_type
    }
  }

  point_in_time_recovery {
    enabled = true
  }

  lifecycle {
    prevent_destroy = true
  }
}

# The runbook does not give the key schema of the next two: the one of the tenants table is assumed, without indexes.

resource "aws_dynamodb_table" "products" {
  name                        = "bbws-products-${var.environment}"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "PK"
  range_key                   = "SK"
  deletion_protection_enabled = var.deletion_protection_enabled
  tags                        = local.tags

  attribute {
    name = "PK"
    type = "S"
  }

  attribute {
    name = "SK"
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
  }

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_dynamodb_table" "campaigns" {
  name                        = "bbws-campaigns-${var.environment}"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "PK"
  range_key                   = "SK"
  deletion_protection_enabled = var.deletion_protection_enabled
  tags                        = local.tags

  attribute {
    name = "PK"
    type = "S"
  }

  attribute {
    name = "SK"
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
  }

  lifecycle {
    prevent_destroy = true
  }
}
