resource "aws_wafv2_ip_set" "office" {
  name               = "office"
  scope              = "REGIONAL"
  ip_address_version = "IPV4"
  addresses          = [for i in range(3) : cidrsubnet("10.0.0.0/16", 8, i)]
}
module "waf" {
  source                 = "./modules/waf"
  name_prefix            = "test"
  allow_default_action   = false
  custom_response_bodies = [{ key = "blocked", content_type = "text_plain", content = "no" }, { key = "b2", content_type = "application_json" }]
  visibility_config      = { metric_name = "main", sampled_requests_enabled = false }
  rules = [
    {
      name              = "common"
      priority          = "0"
      override_action   = "none"
      visibility_config = { metric_name = "common" }
      managed_rule_group_statement = {
        name = "AWSManagedRulesCommonRuleSet"
        rule_action_overrides = [
          { name = "SizeRestrictions_BODY", action_to_use = { count = {} } },
          { name = "GenericLFI_BODY", action_to_use = { block = {} } },
        ]
        scope_down_statement = { not_statement = { ip_set_reference_statement = { arn = aws_wafv2_ip_set.office.arn } } }
      }
    },
    {
      name                 = "rate"
      priority             = 1
      action               = "block"
      custom_response      = { code = 429, headers = { "x-b" = "2", "x-a" = "1" } }
      visibility_config    = { cloudwatch_metrics_enabled = false, sampled_requests_enabled = false }
      rate_based_statement = { limit = 100 }
    },
    {
      name                = "geo"
      priority            = 2
      action              = "count"
      visibility_config   = { cloudwatch_metrics_enabled = "true" }
      geo_match_statement = { country_codes = ["ZA", "DE"] }
    },
    {
      name              = "path"
      priority          = "3"
      action            = "block"
      visibility_config = { metric_name = "path" }
      byte_match_statement = {
        field_to_match        = { uri_path = "{}" }
        positional_constraint = "STARTS_WITH"
        search_string         = "/admin"
        transformations       = ["LOWERCASE", "NONE"]
      }
    },
    {
      name              = "header"
      priority          = 4
      action            = "allow"
      visibility_config = { metric_name = "header" }
      byte_match_statement = {
        field_to_match        = { single_header = { name = "X-Token" } }
        positional_constraint = "EXACTLY"
        search_string         = "s3cret"
        transformations       = ["NONE"]
      }
    },
  ]
}
output "rules" {
  value = module.waf.rules
}
