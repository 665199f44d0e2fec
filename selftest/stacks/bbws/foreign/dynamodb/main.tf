variable "global_secondary_indexes" {
  type    = list(object({ name = string, partition = string }))
  default = [{ name = "email-index", partition = "email" }]

  validation {
    condition     = length(var.global_secondary_indexes) < 21
    error_message = "DynamoDB allows 20 indexes."
  }
}

locals {
  tables = {
    tenants   = { indexes = { for index in var.global_secondary_indexes : index.name => index } }
    products  = { indexes = {} }
    campaigns = { indexes = {} }
  }
}

module "table" {
  source   = "../modules/table"
  for_each = local.tables

  name      = format("bbws-%s-%s", each.key, var.environment)
  key       = { partition = "PK", sort = "SK" }
  indexes   = each.value.indexes
  protected = local.production
  backup    = "daily"
}

module "backup" {
  source = "../modules/backup"

  environment = var.environment
  schedules   = { daily = { at = "0 2 * *", keep = local.production ? 35 : 7 } }
}

output "tables" {
  value = { for key, table in module.table : key => table.arn }
}
