"""Mutations for tests/waf and tests/cognito."""

from typing import Any

from plumbline.aws.reads import Aws
from selftest.mutations.documents import Set, Without
from selftest.mutations.edits import Described, Edit, Removed, Replaced, Written
from selftest.mutations.mutation import mutation, near_miss, on_each

FILE, LOGS, COGNITO = (f"infrastructure/{it}.tf" for it in ("waf", "logs", "cognito"))
NAME, ACL, SET = "prop-ie-dev", "aws_wafv2_web_acl.api", "aws_wafv2_ip_set.blocked"
POOL = "aws_cognito_user_pool.users"
LOGGED, LOG = "propie-waf-02 waf.logging", "propie-waf-02 logs.exists"
EXISTS, BEFORE = "propie-waf-01 waf.exists", "propie-waf-01 waf.association"
KIND, BLOCKS = "propie-waf-03 waf.addresses", "propie-waf-03 waf.blocked-addresses"
MFA = "propie-cognito-01"


def first_rule(state: str, **told: Any) -> Edit:
    """Return that the rule about the set is otherwise."""

    def change(held: Any) -> None:
        for it in held.wacls.values():
            vars(it.rules[0]).update(told)

    return Described(state, change, "wafv2")


def _of_version(held: Any) -> None:
    for it in held.ip_sets.values():
        it.ip_address_version = "IPV6"


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
DROPPED = [{"default_behavior": "DROP", "filter": []}]


def _drop_blocked(held: Any) -> None:
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
    arn = f"arn:aws:apigateway:eu-west-1::/restapis/{api['id']}/stages/prod"
    aws.write("wafv2:DisassociateWebACL", ResourceArn=arn)


def remove_group(aws: Aws, name: str) -> None:
    """Delete a log group."""
    aws.write("logs:DeleteLogGroup", logGroupName=name)


def with_mfa(mode: str, *, token: bool) -> Described:
    """Return that somebody sets MFA otherwise."""

    def change(held: Any) -> None:
        for pool in held.user_pools.values():
            pool.mfa_config, pool.token_mfa_config = mode, {"Enabled": token}

    return Described(f"MFA is {mode}, by codes: {token}", change, "cognito-idp")


ANOTHER_STAGE = """resource "aws_api_gateway_stage" "test" {
  rest_api_id   = aws_api_gateway_rest_api.this.id
  deployment_id = aws_api_gateway_deployment.this.id
  stage_name    = "test"
}
"""
PLAIN = """statement {
      ip_set_reference_statement {
        arn = aws_wafv2_ip_set.blocked.arn
      }
    }
"""
NARROWED = """statement {
      and_statement {
        statement {
          ip_set_reference_statement {
            arn = aws_wafv2_ip_set.blocked.arn
          }
        }
        statement {
          geo_match_statement {
            country_codes = ["IE"]
          }
        }
      }
    }
"""

MUTATIONS = [
    mutation(EXISTS, Replaced(FILE, 'scope       = "REGIONAL"', 'scope       = "CLOUDFRONT"')),
    mutation(EXISTS, Set(ACL, "scope", "CLOUDFRONT")),
    mutation(EXISTS, Removed(NAME, remove)),
    mutation(
        BEFORE,
        Replaced(FILE, "aws_api_gateway_stage.prod.arn", "aws_api_gateway_stage.test.arn"),
        Written("infrastructure/another.tf", ANOTHER_STAGE),
        falls_with={"propie-lambda-12": "the permission is for the stage prod"},
    ),
    mutation(BEFORE, Without("aws_wafv2_web_acl_association.api")),
    mutation(BEFORE, Removed(NAME, before_nothing), only_on="live"),
    *on_each(
        LOG,
        Replaced(LOGS, '"aws-waf-logs-${', '"waf-logs-${'),
        Set("aws_cloudwatch_log_group.waf", "name", "waf-logs"),
        Removed(f"aws-waf-logs-{NAME}", remove_group),
    ),
    *on_each(
        LOGGED,
        Replaced(
            FILE, "[aws_cloudwatch_log_group.waf.arn]", '[aws_cloudwatch_log_group.function["auth"].arn]'
        ),
        Without("aws_wafv2_web_acl_logging_configuration.api"),
        Described("requests are logged nowhere", lambda held: held.logging_configurations.clear(), "wafv2"),
    ),
    *on_each(
        LOGGED,
        Replaced(FILE, "  redacted_fields {", f"{DROPPING}  redacted_fields {{"),
        Set("aws_wafv2_web_acl_logging_configuration.api", "logging_filter", DROPPED),
        Described("lines of blocked requests are dropped", _drop_blocked, "wafv2"),
    ),
    *on_each(
        KIND,
        Replaced(FILE, '"IPV4"', '"IPV6"'),
        Set(SET, "ip_address_version", "IPV6"),
        Described("the set is of IPV6", _of_version, "wafv2"),
    ),
    *on_each(
        BLOCKS,
        Replaced(FILE, "block {}", "count {}"),
        Set(ACL, "rule.0.action.0", {"count": [{}], "block": []}),
        first_rule("what comes from the set is counted", action={"Count": {}}),
    ),
    mutation(BLOCKS, Replaced(FILE, PLAIN, NARROWED)),
    *on_each(
        MFA,
        Replaced(COGNITO, "= var.mfa_configuration", '= "OFF"'),
        Set(POOL, "mfa_configuration", "OFF"),
        with_mfa("OFF", token=True),
        environment="prod",
    ),
    *on_each(
        MFA,
        Replaced(
            COGNITO, "mfa_configuration {\n    enabled = true", "mfa_configuration {\n    enabled = false"
        ),
        Set(POOL, "software_token_mfa_configuration.0.enabled", False),
        with_mfa("ON", token=False),
        environment="prod",
    ),
]

NEAR_MISSES = [
    near_miss(
        BLOCKS,
        Replaced(FILE, PLAIN, NARROWED.replace("and_statement", "or_statement")),
        why="each address of the set is among what is blocked",
    ),
    near_miss(MFA, with_mfa("OPTIONAL", token=True), environment="prod", why="it is not off"),
]
