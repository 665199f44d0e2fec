locals {
  attributes = [
    { name = "id", type = "N" },
    { name = "title", type = "S" },
    { name = "age", type = "N" },
  ]
  regions = ["eu-west-1", "us-east-1"]
}

variable "tables" {
  type = map(object({
    hash_key  = string
    range_key = optional(string)
    billing   = optional(string, "PAY_PER_REQUEST")
    capacity  = optional(object({ read = optional(number, 5), write = optional(number, 1) }), {})
    ttl       = optional(string, "")
    indexes = optional(list(object({
      name       = string
      hash_key   = string
      projection = optional(string, "ALL")
      include    = optional(set(string), [])
    })), [])
    tags = optional(map(string))
  }))
  default = {
    users = {
      hash_key = "id"
      indexes  = [{ name = "title", hash_key = "title", projection = "INCLUDE", include = ["b", "a", "b"] }, { name = "age", hash_key = "age" }]
      tags     = { Team = "users" }
    }
    orders = { hash_key = "id", range_key = "title", billing = "PROVISIONED", capacity = { write = 7 }, ttl = "expires" }
  }
}

resource "aws_dynamodb_table" "this" {
  for_each = var.tables

  name           = "acme-${each.key}"
  billing_mode   = each.value.billing
  hash_key       = each.value.hash_key
  range_key      = each.value.range_key
  read_capacity  = each.value.billing == "PROVISIONED" ? each.value.capacity.read : null
  write_capacity = each.value.billing == "PROVISIONED" ? each.value.capacity.write : null
  stream_enabled   = each.key == "users"
  stream_view_type = each.key == "users" ? "NEW_AND_OLD_IMAGES" : null

  dynamic "ttl" {
    for_each = each.value.ttl != "" ? [each.value.ttl] : []
    content {
      enabled        = true
      attribute_name = ttl.value
    }
  }

  point_in_time_recovery {
    enabled = true
  }

  dynamic "attribute" {
    for_each = [for a in local.attributes : a if contains(concat([each.value.hash_key, each.value.range_key], each.value.indexes[*].hash_key), a.name)]
    content {
      name = attribute.value.name
      type = attribute.value.type
    }
  }

  dynamic "global_secondary_index" {
    for_each = { for i in each.value.indexes : i.name => i }
    iterator = gsi
    content {
      name               = gsi.key
      hash_key           = gsi.value.hash_key
      projection_type    = gsi.value.projection
      non_key_attributes = gsi.value.projection == "INCLUDE" ? gsi.value.include : null
      read_capacity      = lookup(gsi.value, "read_capacity", null)
    }
  }

  dynamic "replica" {
    for_each = each.key == "users" ? toset(local.regions) : []
    content {
      region_name = replica.value
    }
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.this.arn
  }

  timeouts {
    create = "10m"
  }

  tags = merge({ Name = format("%s-%s", "acme", each.key) }, each.value.tags)

  lifecycle {
    ignore_changes = [read_capacity, write_capacity]
  }
}

resource "aws_kms_key" "this" {
  enable_key_rotation = "true"
}

resource "aws_appautoscaling_target" "read" {
  for_each           = { for k, t in aws_dynamodb_table.this : k => t if t.billing_mode == "PROVISIONED" }
  max_capacity       = 10
  min_capacity       = each.value.read_capacity
  resource_id        = "table/${each.value.name}"
  scalable_dimension = "dynamodb:table:ReadCapacityUnits"
  service_namespace  = "dynamodb"
}
output "names" {
  value = [for t in aws_dynamodb_table.this : t.name]
}
output "arns" {
  value = { for k, t in aws_dynamodb_table.this : k => t.arn }
}
