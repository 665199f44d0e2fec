variable "name" {
  type = string
}

variable "key" {
  type = object({ partition = string, sort = optional(string) })
}

variable "indexes" {
  type = map(object({
    partition  = string
    sort       = optional(string)
    projection = optional(string, "ALL")
  }))
  default = {}
}

variable "recovery" {
  type    = bool
  default = true
}

variable "protected" {
  type    = bool
  default = false
}

variable "backup" {
  type    = string
  default = null
}

locals {
  keys = distinct(flatten([
    [for key in concat([var.key], values(var.indexes)) : compact([key.partition, key.sort])],
  ]))
}

resource "aws_dynamodb_table" "this" {
  name                        = var.name
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = var.key.partition
  range_key                   = var.key.sort
  deletion_protection_enabled = var.protected
  tags                        = var.backup == null ? null : { Backup = var.backup }

  dynamic "attribute" {
    for_each = local.keys

    content {
      name = attribute.value
      type = "S"
    }
  }

  dynamic "global_secondary_index" {
    for_each = var.indexes
    iterator = index

    content {
      name            = index.key
      hash_key        = index.value.partition
      range_key       = index.value.sort
      projection_type = index.value.projection
    }
  }

  dynamic "point_in_time_recovery" {
    for_each = var.recovery ? ["on"] : []

    content {
      enabled = true
    }
  }

  lifecycle {
    prevent_destroy = true
  }
}

output "arn" {
  value = aws_dynamodb_table.this.arn
}
