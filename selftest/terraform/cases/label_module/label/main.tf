variable "context" {
  type = any
  default = {
    enabled             = true
    namespace           = null
    environment         = null
    stage               = null
    name                = null
    delimiter           = null
    attributes          = []
    tags                = {}
    label_order         = []
    regex_replace_chars = null
    id_length_limit     = null
  }
  validation {
    condition     = lookup(var.context, "delimiter", null) == null ? true : length(var.context["delimiter"]) <= 1
    error_message = "Short delimiters only."
  }
}
variable "enabled" {
  type    = bool
  default = null
}
variable "namespace" {
  type    = string
  default = null
}
variable "environment" {
  type    = string
  default = null
}
variable "stage" {
  type    = string
  default = null
}
variable "name" {
  type    = string
  default = null
}
variable "delimiter" {
  type    = string
  default = null
}
variable "attributes" {
  type    = list(string)
  default = []
}
variable "tags" {
  type    = map(string)
  default = {}
}
variable "label_order" {
  type    = list(string)
  default = null
}
variable "id_length_limit" {
  type    = number
  default = null
  validation {
    condition     = var.id_length_limit == null ? true : var.id_length_limit >= 6 || var.id_length_limit == 0
    error_message = "The id_length_limit must be >= 6 if supplied (not null), or 0 for unlimited length."
  }
}
locals {
  defaults = {
    label_order         = ["namespace", "environment", "stage", "name", "attributes"]
    regex_replace_chars = "/[^-a-zA-Z0-9]/"
    delimiter           = "-"
    replacement         = ""
    id_length_limit     = 0
    id_hash_length      = 5
  }
  input = {
    enabled     = var.enabled == null ? var.context.enabled : var.enabled
    namespace   = var.namespace == null ? var.context.namespace : var.namespace
    environment = var.environment == null ? var.context.environment : var.environment
    stage       = var.stage == null ? var.context.stage : var.stage
    name        = var.name == null ? var.context.name : var.name
    delimiter   = var.delimiter == null ? var.context.delimiter : var.delimiter
    attributes  = compact(distinct(concat(coalesce(var.context.attributes, []), coalesce(var.attributes, []))))
    tags        = merge(var.context.tags, var.tags)
    label_order = var.label_order == null ? var.context.label_order : var.label_order
    id_length_limit     = var.id_length_limit == null ? var.context.id_length_limit : var.id_length_limit
    regex_replace_chars = var.context.regex_replace_chars
  }
  enabled             = local.input.enabled
  regex_replace_chars = coalesce(local.input.regex_replace_chars, local.defaults.regex_replace_chars)
  string_label_names  = ["name", "namespace", "environment", "stage"]
  normalized = { for k in local.string_label_names : k =>
    local.input[k] == null ? "" : replace(local.input[k], local.regex_replace_chars, local.defaults.replacement)
  }
  normalized_attributes = compact(distinct([for v in local.input.attributes : replace(v, local.regex_replace_chars, local.defaults.replacement)]))
  formatted  = { for k in local.string_label_names : k => k == "stage" ? lower(local.normalized[k]) : title(lower(local.normalized[k])) }
  attributes = [for a in local.normalized_attributes : lower(a)]
  delimiter  = local.input.delimiter == null ? local.defaults.delimiter : local.input.delimiter
  label_order     = local.input.label_order == null ? local.defaults.label_order : coalescelist(local.input.label_order, local.defaults.label_order)
  id_length_limit = local.input.id_length_limit == null ? local.defaults.id_length_limit : local.input.id_length_limit
  id_context = {
    name        = local.formatted["name"]
    namespace   = local.formatted["namespace"]
    environment = local.formatted["environment"]
    stage       = local.formatted["stage"]
    attributes  = lower(join(local.delimiter, local.attributes))
  }
  labels  = [for l in local.label_order : local.id_context[l] if length(local.id_context[l]) > 0]
  id_full = join(local.delimiter, local.labels)
  delimiter_length = length(local.delimiter)
  id_truncated_length_limit = local.id_length_limit - (local.defaults.id_hash_length + local.delimiter_length)
  id_truncated = local.id_truncated_length_limit <= 0 ? "" : "${trimsuffix(substr(local.id_full, 0, local.id_truncated_length_limit), local.delimiter)}${local.delimiter}"
  id_hash_plus = "${md5(local.id_full)}qrstuvwxyz"
  id_hash      = replace(lower(local.id_hash_plus), local.regex_replace_chars, local.defaults.replacement)
  id_short     = substr("${local.id_truncated}${local.id_hash}", 0, local.id_length_limit)
  id           = local.id_length_limit != 0 && length(local.id_full) > local.id_length_limit ? local.id_short : local.id_full
  tags_context = merge(local.id_context, { name = local.id })
  generated    = { for l in keys(local.tags_context) : title(l) => local.tags_context[l] if length(local.tags_context[l]) > 0 }
  tags         = merge(local.generated, local.input.tags)
  as_list = flatten([for key in keys(local.tags) : merge({ key = key, value = local.tags[key] }, { propagate = "true" })])
}
output "id" {
  value = local.enabled ? local.id : ""
}
output "tags" {
  value = local.enabled ? local.tags : {}
}
output "tags_as_list_of_maps" {
  value = local.as_list
}
output "context" {
  value = local.input
}
