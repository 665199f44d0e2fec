locals {
  with_null = { a = "x", b = null, "c.d" = "e f" }
  users     = { for u in ["bob", "al"] : u => { id = u, groups = u == "al" ? ["x"] : [] } }
}
resource "terraform_data" "counted" {
  count = "2"
  input = count.index
}
resource "terraform_data" "none" {
  count = 0
  input = terraform_data.counted[5].input
}
resource "terraform_data" "cond" {
  count = length(local.users) > 1 ? 1 : 0
  input = "c"
}
resource "terraform_data" "nulls" {
  for_each = local.with_null
  input    = each.value
}
resource "terraform_data" "chained" {
  for_each = terraform_data.nulls
  input    = "${each.key}:${each.value.input == null ? "none" : each.value.input}"
}
resource "terraform_data" "set" {
  for_each = toset([for u in local.users : u.id])
  input    = [each.key, each.value]
}
resource "terraform_data" "id_argument" {
  input = { id = "my-id", arn = local.users.bob.id }
}
resource "terraform_data" "uses" {
  input = {
    splat    = terraform_data.counted[*].input
    legacy   = terraform_data.counted.*.input
    values   = values(terraform_data.nulls)[*].input
    forexpr  = { for k, v in terraform_data.set : k => v.input[0] }
    one      = one(terraform_data.cond[*].input)
    none     = one(terraform_data.none[*].input)
    try_none = try(terraform_data.none[0].input, "fallback")
    len      = length(terraform_data.counted)
    keys     = keys(terraform_data.set)
    last     = terraform_data.counted[length(terraform_data.counted) - 1].input
    dotted   = terraform_data.nulls["c.d"].input
    id       = terraform_data.id_argument.input.id
    out      = [for c in terraform_data.counted : c.output]
  }
}
module "m" {
  source   = "./m"
  for_each = local.users
  name     = each.value.id
  groups   = each.value.groups
}
module "c" {
  source = "./m"
  count  = 2
  name   = "c${count.index}"
}
module "single" {
  source = "./m"
  name   = module.m["bob"].name
  groups = flatten([for k, m in module.m : m.groups])
}
output "m" {
  value = { for k, m in module.m : k => m.name }
}
output "whole" {
  value = module.m["al"]
}
output "all" {
  value = module.m
}
output "counted" {
  value = [module.c[*].name, module.c[1].name, length(module.c)]
}
output "values" {
  value = values(module.m)[*].name
}
output "single" {
  value = module.single
}
