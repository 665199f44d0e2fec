"""Mutations for tests/waf and tests/cognito."""

from typing import Any

from plumbline.aws.reads import Aws
from selftest.mutations import history
from selftest.mutations.documents import Copied, Set, Without
from selftest.mutations.edits import Described, Edit, Happened, Removed, Replaced, Written
from selftest.mutations.mutation import mutation, near_miss, on_each

FILE, LOGS, COGNITO = (f"infrastructure/{it}.tf" for it in ("waf", "logs", "cognito"))
NAME, ACL, SET = "prop-ie-dev", "aws_wafv2_web_acl.api", "aws_wafv2_ip_set.blocked"
POOL = "aws_cognito_user_pool.users"
LOGGED, LOG = "propie-waf-02 waf.logging", "propie-waf-02 logs.exists"
EXISTS, BEFORE = "propie-waf-01 waf.exists", "propie-waf-01 waf.association"
KIND, BLOCKS = "propie-waf-03 waf.addresses", "propie-waf-03 waf.blocked-addresses"
MFA, CLIENT_ASKED, CHANGED, FLOWS, ADMITTED, LOGGED_ERRORS, SIGN_INS = (
    f"propie-cognito-0{it}" for it in range(1, 8)
)
CLIENT_SET_UP, CLIENT_TOKENS = f"{CLIENT_ASKED} cognito.client", f"{CLIENT_ASKED} cognito.client-tokens"
CLIENTS = "propie-inv-09"
USERS, CLIENT, CREDENTIALS = (
    f"{NAME}-users",
    "aws_cognito_user_pool_client.web",
    "aws_cognito_identity_pool.users",
)
WEB, BY_HAND = f"{USERS}/{NAME}-web", "ALLOW_ADMIN_USER_PASSWORD_AUTH"


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


def client(**settings: Any) -> Described:
    """Return that somebody sets the client up otherwise."""

    def change(held: Any) -> None:
        for pool in held.user_pools.values():
            for it in pool.clients.values():
                it.extended_config.update(settings)

    return Described(f"the client has {settings}", change, "cognito-idp")


def _with_a_secret(held: Any) -> None:
    for pool in held.user_pools.values():
        for it in pool.clients.values():
            it.generate_secret = True


def _another(held: Any) -> None:
    for pool in held.user_pools:
        held.create_user_pool_client(pool, False, {"ClientName": "more"})


def admitting(state: str, **told: Any) -> Described:
    """Return that the identity pool lets in somebody else."""

    def change(held: Any) -> None:
        for pool in held.identity_pools.values():
            vars(pool).update(told)

    return Described(state, change, "cognito-identity")


def changed(what: str, minutes: float, role: str = "", event: str = "UpdateUserPoolClient") -> Happened:
    """Return that the client was changed so many minutes ago, and whom CloudTrail says that it was by."""

    def happen(aws: Aws) -> None:
        own = history.client_changed(aws, WEB, minutes=minutes)
        if role:
            asked = {"clientId": own}
            history.event(
                aws, "cognito-idp.amazonaws.com", event, minutes=minutes, role=role, parameters=asked
            )

    return Happened(f"{what}, {minutes:g} minutes ago", happen)


def _secret_added(aws: Aws) -> None:
    own = history.client_changed(aws, WEB, minutes=30 * 24 * 60)
    asked = {"clientId": own}
    told = ("cognito-idp.amazonaws.com", "AddUserPoolClientSecret")
    history.event(aws, *told, minutes=90, role="Admin", parameters=asked)


def signed_in(success: float, times: int) -> Happened:
    """Return that sign-ins end so: 1 says that they succeed, 0 that not."""

    def happen(aws: Aws) -> None:
        for _ in range(times):
            history.signed_in(aws, USERS, success)

    return Happened(f"{times} sign-ins of success {success:g}", happen)


def said(message: str, minutes: float = 6) -> Happened:
    """Return that the function that looks into tokens logs a line."""
    group = f"/aws/lambda/{NAME}-auth"
    return Happened(
        f"{message}, {minutes:g} minutes ago", lambda aws: history.line(aws, group, message, minutes)
    )


PROVIDER = """  cognito_identity_providers {
    client_id               = aws_cognito_user_pool_client.web.id
    provider_name           = aws_cognito_user_pool.users.endpoint
    server_side_token_check = true
  }
"""
ANOTHER_CLIENT = """resource "aws_cognito_user_pool_client" "more" {
  name         = "more"
  user_pool_id = aws_cognito_user_pool.users.id
}
"""
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
    *on_each(
        CLIENT_SET_UP,
        Replaced(COGNITO, '"ALLOW_USER_SRP_AUTH"', '"ALLOW_USER_PASSWORD_AUTH"'),
        Set(CLIENT, "explicit_auth_flows", ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_AUTH", BY_HAND]),
        client(ExplicitAuthFlows=["ALLOW_REFRESH_TOKEN_AUTH"]),
    ),
    *on_each(
        CLIENT_SET_UP,
        Replaced(COGNITO, "= true\n  access_token", "= false\n  access_token"),
        Set(CLIENT, "enable_token_revocation", False),
        client(EnableTokenRevocation=False),
    ),
    *on_each(
        CLIENT_SET_UP,
        Replaced(COGNITO, 'errors = "ENABLED"', 'errors = "LEGACY"'),
        Set(CLIENT, "prevent_user_existence_errors", "LEGACY"),
        client(PreventUserExistenceErrors="LEGACY"),
    ),
    *on_each(
        CLIENT_TOKENS,
        Replaced(COGNITO, 'id_token      = "hours"', 'id_token = "days"'),
        Set(CLIENT, "refresh_token_validity", 3650),
        client(AccessTokenValidity=86400),
    ),
    *on_each(
        CLIENT_SET_UP,
        Replaced(COGNITO, "enable_token_revocation ", "generate_secret = true\n  enable_token_revocation "),
        Set(CLIENT, "generate_secret", True),
        Described("the client has a secret", _with_a_secret, "cognito-idp"),
    ),
    mutation(
        CLIENT_SET_UP,
        Replaced(COGNITO, '"${local.name_prefix}-web"', '"${local.name_prefix}-app"'),
        falls_with={CLIENTS: "the stack does not name it so"},
    ),
    *(
        mutation(CLIENTS, it, unlisted=True)
        for it in (
            Written("infrastructure/more.tf", ANOTHER_CLIENT),
            Copied("aws_cognito_user_pool_client.more", {"name": "more"}, CLIENT),
            Described("somebody makes another client", _another, "cognito-idp"),
        )
    ),
    mutation(CHANGED, changed("somebody changes the client", 90, "Admin")),
    mutation(CHANGED, changed("nobody knows who changes the client", 90)),
    mutation(CHANGED, Happened("somebody adds a secret, 90 minutes ago", _secret_added)),
    *on_each(
        FLOWS,
        Replaced(COGNITO, "var.admin_password_flow ?", "true ?"),
        Set(CLIENT, "explicit_auth_flows", ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", BY_HAND]),
        client(ExplicitAuthFlows=["ADMIN_NO_SRP_AUTH"]),
        environment="prod",
        falls_with={CLIENT_SET_UP: "the stack says which flows there are"},
    ),
    *on_each(
        ADMITTED,
        Replaced(COGNITO, "identities = false", "identities = true"),
        Set(CREDENTIALS, "allow_unauthenticated_identities", True),
        admitting("guests are let in", allow_unauthenticated_identities=True),
    ),
    *on_each(
        ADMITTED,
        Replaced(COGNITO, PROVIDER, ""),
        Set(CREDENTIALS, "cognito_identity_providers", []),
        admitting("no user of the pool is let in", cognito_identity_providers=[]),
    ),
    mutation(LOGGED_ERRORS, said("Authentication error: another issuer")),
    mutation(SIGN_INS, signed_in(0, 1)),
]

NEAR_MISSES = [
    near_miss(
        BLOCKS,
        Replaced(FILE, PLAIN, NARROWED.replace("and_statement", "or_statement")),
        why="each address of the set is among what is blocked",
    ),
    near_miss(MFA, with_mfa("OPTIONAL", token=True), environment="prod", why="it is not off"),
    near_miss(CHANGED, changed("a deployment", 90, f"{NAME}-deployer"), why="who deploys may change it"),
    near_miss(CHANGED, changed("somebody changes the client", 25 * 60, "Admin"), why="it is a day ago"),
    near_miss(
        LOGGED_ERRORS,
        said("the error is not one of Authentication"),
        why="both words are there, and not the phrase",
    ),
    near_miss(LOGGED_ERRORS, said("Authentication error: no id token", 40), why="it is too long ago"),
    near_miss(SIGN_INS, signed_in(1, 9), signed_in(0, 1), why="one of eleven fails"),
]
