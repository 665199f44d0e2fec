"""Mutations for tests/waf."""

from typing import Any

from plumbline.aws.reads import Aws
from selftest.mutations.documents import Set, Without
from selftest.mutations.edits import Described, Edit, Removed, Replaced, Written
from selftest.mutations.mutation import mutation, near_miss, on_each

FILE, ACL, SET = "infra/terraform/waf.tf", "aws_wafv2_web_acl.api", "aws_wafv2_ip_set.blocked_ips"
ALARMS = "infra/terraform/alarms.tf"
NAME, LOGGED = "elite-adventures-leads-prod", "elite-adventures-log-04 waf.logging"
EXISTS, BEFORE = "elite-adventures-waf-01 waf.exists", "elite-adventures-waf-01 waf.association"
KIND, BLOCKS = "elite-adventures-waf-02 waf.addresses", "elite-adventures-waf-02 waf.blocked-addresses"
EXAMPLES = "elite-adventures-waf-03"


def of_acls(state: str, change: Any) -> Described:
    """Return that every web ACL is otherwise."""
    return Described(state, lambda held: [change(it) for it in held.wacls.values()], "wafv2")


def publishing(state: str, **told: Any) -> Edit:
    """Return that its metrics are published otherwise."""
    return of_acls(state, lambda acl: acl.visibility_config.update(told))


def first_rule(state: str, **told: Any) -> Edit:
    """Return that the rule about the set is otherwise."""
    return of_acls(state, lambda acl: vars(acl.rules[0]).update(told))


def with_addresses(*addresses: str) -> Described:
    """Return that somebody puts addresses into the set."""

    def change(held: Any) -> None:
        for it in held.ip_sets.values():
            it.addresses = list(addresses)

    return Described(f"the set holds {', '.join(addresses)}", change, "wafv2")


def of_version(version: str) -> Described:
    """Return that the set is made for other addresses."""

    def change(held: Any) -> None:
        for it in held.ip_sets.values():
            it.ip_address_version = version

    return Described(f"the set is of {version}", change, "wafv2")


LOGGED_NOWHERE = Described(
    "requests are logged nowhere", lambda held: held.logging_configurations.clear(), "wafv2"
)


DROPPING = """  logging_filter {
    default_behavior = "KEEP"

    filter {
      behavior    = "DROP"
      requirement = "MEETS_ANY"

      condition {
        action_condition {
          action = "BLOCK"
        }
      }
    }
  }

"""
ALLOWED_ALONE = DROPPING.replace('"BLOCK"', '"ALLOW"')
DROPPED = [{"default_behavior": "DROP", "filter": []}]


def drop_blocked(held: Any) -> None:
    """Let no line of a request that is blocked reach a log."""
    conditions = [{"ActionCondition": {"Action": "BLOCK"}}]
    for it in held.logging_configurations.values():
        it.logging_filter = {
            "DefaultBehavior": "KEEP",
            "Filters": [{"Behavior": "DROP", "Requirement": "MEETS_ALL", "Conditions": conditions}],
        }


def remove(aws: Aws, name: str) -> None:
    """Delete a web ACL, which must stand before nothing then."""
    before_nothing(aws, name)
    [held] = [it for it in aws.write("wafv2:ListWebACLs", Scope="REGIONAL")["WebACLs"] if it["Name"] == name]
    own = {"Name": name, "Scope": "REGIONAL", "Id": held["Id"], "LockToken": held["LockToken"]}
    aws.write("wafv2:DeleteWebACL", **own)


def before_nothing(aws: Aws, name: str) -> None:
    """Let no web ACL stand before the stage."""
    [api] = aws.write("apigateway:GetRestApis")["items"]
    arn = f"arn:aws:apigateway:us-east-1::/restapis/{api['id']}/stages/prod"
    aws.write("wafv2:DisassociateWebACL", ResourceArn=arn)


ALLOWED = "action {\n      allow {}\n    }\n"
ALLOWING = f"""
  rule {{
    name     = "friends"
    priority = 3
    {ALLOWED}
    statement {{
      geo_match_statement {{
        country_codes = ["BZ"]
      }}
    }}
    visibility_config {{
      cloudwatch_metrics_enabled = true
      metric_name                = "friends"
      sampled_requests_enabled   = true
    }}
  }}

  # Requests of one address"""
NARROWED = """statement {
      and_statement {
        statement {
          ip_set_reference_statement {
            arn = aws_wafv2_ip_set.blocked_ips.arn
          }
        }
        statement {
          geo_match_statement {
            country_codes = ["BZ"]
          }
        }
      }
    }
"""
PLAIN = """statement {
      ip_set_reference_statement {
        arn = aws_wafv2_ip_set.blocked_ips.arn
      }
    }
"""
EITHER = NARROWED.replace("and_statement", "or_statement")
OF_THE_LIST = """  # An alarm on the list finds its metric under this name.
  visibility_config {
    cloudwatch_metrics_enabled = """
ANOTHER_STAGE = """resource "aws_api_gateway_stage" "test" {
  rest_api_id   = aws_api_gateway_rest_api.leads.id
  deployment_id = aws_api_gateway_deployment.leads.id
  stage_name    = "test"
}
"""

MUTATIONS = [
    mutation(
        EXISTS,
        Replaced(FILE, 'scope       = "REGIONAL"', 'scope       = "CLOUDFRONT"'),
    ),
    mutation(EXISTS, Set(ACL, "scope", "CLOUDFRONT")),
    mutation(EXISTS, Removed(NAME, remove)),
    *on_each(
        "elite-adventures-alarm-07",
        Replaced(FILE, f"{OF_THE_LIST}true", f"{OF_THE_LIST}false"),
        Set(ACL, "visibility_config.0.metric_name", "api"),
        of_acls(
            "its metrics are off", lambda acl: acl.visibility_config.update(CloudWatchMetricsEnabled=False)
        ),
    ),
    mutation(
        "elite-adventures-alarm-07",
        of_acls(
            "it publishes under another name", lambda acl: acl.visibility_config.update(MetricName="api")
        ),
    ),
    mutation(
        "elite-adventures-alarm-07",
        Replaced(ALARMS, "    Rule   = ", '    Country = "BZ"\n    Rule   = '),
    ),
    mutation(
        BEFORE,
        Replaced(FILE, "aws_api_gateway_stage.prod.arn", "aws_api_gateway_stage.test.arn"),
        Written("infra/terraform/another.tf", ANOTHER_STAGE),
        falls_with={"elite-adventures-inv-08": "it is another stage of the API"},
    ),
    mutation(
        BEFORE,
        Replaced(
            FILE,
            'resource "aws_wafv2_web_acl_association" "api" {',
            'resource "aws_wafv2_web_acl_association" "api" {\n  count = 0',
        ),
    ),
    mutation(BEFORE, Without("aws_wafv2_web_acl_association.api")),
    mutation(BEFORE, Removed(NAME, before_nothing), only_on="live"),
    *on_each(
        KIND,
        Replaced(FILE, '"IPV4"', '"IPV6"'),
        Set(SET, "ip_address_version", "IPV6"),
        of_version("IPV6"),
    ),
    *on_each(
        BLOCKS,
        Replaced(FILE, "block {}", "count {}"),
        Set(ACL, "rule.0.action.0", {"count": [{}], "block": []}),
        first_rule("what comes from the set is counted", action={"Count": {}}),
    ),
    mutation(BLOCKS, Replaced(FILE, PLAIN, NARROWED)),
    mutation(
        BLOCKS, first_rule("the set is left out", statement={"GeoMatchStatement": {"CountryCodes": ["BZ"]}})
    ),
    *on_each(
        EXAMPLES,
        Replaced(FILE, "addresses          = []", 'addresses          = ["198.51.100.7/32"]'),
        Set(SET, "addresses", ["192.0.2.0/24"]),
        with_addresses("203.0.113.128/25"),
    ),
    mutation(EXAMPLES, with_addresses("198.51.0.0/16")),
    *on_each(
        LOGGED,
        Replaced(FILE, "[aws_cloudwatch_log_group.waf.arn]", "[aws_cloudwatch_log_group.api.arn]"),
        Without("aws_wafv2_web_acl_logging_configuration.api"),
        LOGGED_NOWHERE,
    ),
    mutation(
        LOGGED,
        Replaced(
            FILE,
            "[aws_cloudwatch_log_group.waf.arn]",
            '["arn:aws:logs:us-east-1:999999999999:log-group:aws-waf-logs-elite-adventures"]',
        ),
    ),
    *on_each(
        LOGGED,
        Replaced(FILE, "  redacted_fields {", f"{DROPPING}  redacted_fields {{"),
        Set("aws_wafv2_web_acl_logging_configuration.api", "logging_filter", DROPPED),
        Described("lines of blocked requests are dropped", drop_blocked, "wafv2"),
    ),
]

NEAR_MISSES = [
    near_miss(
        LOGGED,
        Replaced(FILE, "  redacted_fields {", f"{ALLOWED_ALONE}  redacted_fields {{"),
        why="lines of what is let in are dropped",
    ),
    near_miss(
        BLOCKS, Replaced(FILE, "# Requests of one address", ALLOWING.strip("\n")), why="it is tried after"
    ),
    near_miss(BLOCKS, Replaced(FILE, PLAIN, EITHER), why="each address of the set is among what is blocked"),
    near_miss(EXAMPLES, with_addresses("198.51.101.0/24"), why="it is the next range"),
    near_miss(
        "elite-adventures-alarm-07",
        Replaced(FILE, "metric_name                = local.name_prefix", 'metric_name = "leads"'),
        why="the alarm names whatever the list is published under",
    ),
]
