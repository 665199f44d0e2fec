# There is one environment. Names and ARNs are made of these values where a policy needs them: a plan shows the policy
# then, which otherwise waits until the resource is there.
locals {
  environment = "prod"
  name_prefix = "elite-adventures-leads-${local.environment}"

  functions = toset(["leads", "exports", "conference"])

  buckets = {
    data     = "${local.name_prefix}-data"
    frontend = "${local.name_prefix}-frontend"
    audit    = "${local.name_prefix}-audit"
    logs     = "${local.name_prefix}-logs"
  }
}
