# Names and ARNs are made of these values where a policy needs them: a plan shows the policy then, which otherwise waits
# until the resource is there.
locals {
  name_prefix = "prop-ie-${var.environment}"

  # The runbook's stage, whatever the environment.
  stage = "prod"

  buckets = {
    documents = "${local.name_prefix}-documents"
    logs      = "${local.name_prefix}-logs"
  }

  table_arns = {
    for table in ["properties", "enquiries"] :
    table => "arn:aws:dynamodb:${var.region}:${var.account_id}:table/${local.name_prefix}-${table}"
  }

  zone_name = "${var.environment}.${var.domain_name}"
  site_name = "www.${local.zone_name}"
}
