"""Which attributes are the names that AWS chooses for a resource, and which arguments take such a name.

Only what is listed here is compared by the address that makes it. An `id` in general is not: that of
`aws_s3_bucket_versioning` is its bucket's, `aws_secretsmanager_secret_version.arn` its secret's, and an
`aws_default_security_group` adopts what another address made. A replica key shares the id of its primary.
"""

from __future__ import annotations

from plumbline.values.unknown import Identity, Unknown

_ID = frozenset({"id"})
_ID_ARN = frozenset({"id", "arn"})

NAMES: dict[str, frozenset[str]] = {
    "aws_acm_certificate": _ID_ARN,
    "aws_amplify_app": _ID_ARN,
    "aws_api_gateway_api_key": _ID_ARN,
    "aws_api_gateway_authorizer": _ID_ARN,
    "aws_api_gateway_deployment": _ID,
    "aws_api_gateway_request_validator": _ID,
    "aws_api_gateway_resource": _ID,
    "aws_api_gateway_rest_api": _ID_ARN,
    "aws_api_gateway_usage_plan": _ID_ARN,
    "aws_apigatewayv2_api": _ID_ARN,
    "aws_appsync_graphql_api": _ID_ARN,
    "aws_backup_plan": _ID_ARN,
    "aws_cloudfront_cache_policy": _ID,
    "aws_cloudfront_distribution": _ID_ARN,
    "aws_cloudfront_origin_access_control": _ID,
    "aws_cloudfront_origin_access_identity": _ID,
    "aws_cloudfront_response_headers_policy": _ID,
    "aws_cognito_identity_pool": _ID_ARN,
    "aws_cognito_user_pool": frozenset({"id", "arn", "endpoint"}),
    "aws_cognito_user_pool_client": _ID,
    "aws_efs_file_system": _ID_ARN,
    "aws_internet_gateway": _ID_ARN,
    "aws_kms_key": frozenset({"id", "arn", "key_id"}),
    "aws_lambda_layer_version": _ID_ARN,
    "aws_lb": _ID_ARN,
    "aws_lb_listener": _ID_ARN,
    "aws_lb_target_group": _ID_ARN,
    "aws_nat_gateway": _ID,
    "aws_network_acl": _ID_ARN,
    "aws_route53_zone": frozenset({"id", "arn", "zone_id"}),
    "aws_route_table": _ID_ARN,
    "aws_secretsmanager_secret": _ID_ARN,
    "aws_security_group": _ID_ARN,
    "aws_subnet": _ID_ARN,
    "aws_vpc": _ID_ARN,
    "aws_vpc_endpoint": _ID_ARN,
    "aws_wafv2_ip_set": _ID_ARN,
    "aws_wafv2_regex_pattern_set": _ID_ARN,
    "aws_wafv2_rule_group": _ID_ARN,
    "aws_wafv2_web_acl": _ID_ARN,
}
"""The attributes that name the resource itself, by its type. Source: "Attribute Reference" of each type."""

_KEY = frozenset({"aws_kms_key"})

TAKES: dict[str, frozenset[str]] = {
    "api_id": frozenset({"aws_api_gateway_rest_api", "aws_apigatewayv2_api", "aws_appsync_graphql_api"}),
    "app_id": frozenset({"aws_amplify_app"}),
    "arn": frozenset({"aws_wafv2_ip_set", "aws_wafv2_regex_pattern_set", "aws_wafv2_rule_group"}),
    "authorizer_id": frozenset({"aws_api_gateway_authorizer"}),
    "cache_policy_id": frozenset({"aws_cloudfront_cache_policy"}),
    "client_id": frozenset({"aws_cognito_user_pool_client"}),
    "deployment_id": frozenset({"aws_api_gateway_deployment"}),
    "file_system_id": frozenset({"aws_efs_file_system"}),
    "gateway_id": frozenset({"aws_internet_gateway"}),
    "internet_gateway_id": frozenset({"aws_internet_gateway"}),
    "key_id": frozenset({"aws_api_gateway_api_key"}),
    "kms_key": _KEY,
    "kms_key_arn": _KEY,
    "kms_key_id": _KEY,
    "kms_master_key_id": _KEY,
    "nat_gateway_id": frozenset({"aws_nat_gateway"}),
    "network_acl_id": frozenset({"aws_network_acl"}),
    "origin_access_control_id": frozenset({"aws_cloudfront_origin_access_control"}),
    "plan_id": frozenset({"aws_backup_plan"}),
    "parent_id": frozenset({"aws_api_gateway_resource"}),
    "provider_name": frozenset({"aws_cognito_user_pool"}),
    "referenced_security_group_id": frozenset({"aws_security_group"}),
    "resource_id": frozenset({"aws_api_gateway_resource"}),
    "rest_api_id": frozenset({"aws_api_gateway_rest_api"}),
    "route_table_id": frozenset({"aws_route_table"}),
    "s3_kms_key_arn": _KEY,
    "secret_id": frozenset({"aws_secretsmanager_secret"}),
    "security_group_id": frozenset({"aws_security_group"}),
    "source_security_group_id": frozenset({"aws_security_group"}),
    "subnet_id": frozenset({"aws_subnet"}),
    "target_key_id": _KEY,
    "usage_plan_id": frozenset({"aws_api_gateway_usage_plan"}),
    "user_pool_id": frozenset({"aws_cognito_user_pool"}),
    "vpc_endpoint_id": frozenset({"aws_vpc_endpoint"}),
    "vpc_id": frozenset({"aws_vpc"}),
    "web_acl_arn": frozenset({"aws_wafv2_web_acl"}),
    "web_acl_id": frozenset({"aws_wafv2_web_acl"}),
    "zone_id": frozenset({"aws_route53_zone"}),
}
"""The arguments that hold nothing but the name of one resource of these types.

A plan names the references that a value is made from, and not whether anything is added to them; here
nothing can be. Source: "Argument Reference" of the types that have them.
"""


def identity(root: str, address: str, type: str, attribute: str) -> Identity | None:
    """The name that AWS will choose for the resource at an address; None where the attribute is none.

    One address with `[*]` stands for instances that nobody can tell apart.
    """
    if attribute not in NAMES.get(type, ()) or "[*]" in address:
        return None
    return Identity(root, address, attribute)


def own(root: str, address: str, type: str, attribute: str) -> Unknown:
    """What stands for an attribute that only AWS decides."""
    named = identity(root, address, type, attribute)
    return Unknown(f"{address}.{attribute}") if named is None else named
