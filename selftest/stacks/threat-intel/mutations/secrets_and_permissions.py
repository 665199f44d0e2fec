"""Mutations for tests/secrets, and for what the execution role may do."""

from __future__ import annotations

import json
from typing import Any

from plumbline.aws.reads import Aws
from selftest.mutations import history, keys
from selftest.mutations.documents import Set
from selftest.mutations.edits import Happened, Removed, Replaced, call
from selftest.mutations.mutation import Mutation, mutation, near_miss, on_each, unnamed
from selftest.mutations.offenders import offender
from selftest.mutations.policies import policy

MODULES = "infrastructure/terraform/modules"
ROLES, SECRETS, KEYS = (f"{MODULES}/security/{it}.tf" for it in ("role", "secret", "keys"))
COMPUTE = f"{MODULES}/compute/main.tf"
IN = "module.security"
SECRET, ALIAS = "threat-intel-api-keys-dev", "alias/threat-intel-secrets-key-dev"
ROLE, OTHER_ROLE = "threat-intel-lambda-execution-role-dev", "threat-intel-trail-delivery-role-dev"
ACCOUNT = "100000000005"
OTHER_ARN = f"arn:aws:iam::{ACCOUNT}:role/{OTHER_ROLE}"
PROCESSOR = "threat-intel-processor-dev"
DYNAMODB = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table"
MAIN, DEDUP, PROD = (f"{DYNAMODB}/threat-intel-{it}" for it in ("dev", "dedup-dev", "prod"))
PREFIX = f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:threat-intel-api-keys-dev"
OF_LOGS = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:/aws/lambda/threat-intel-*"

EXISTS, KEPT = (f"threat-intel-sec-01 secrets.{it}" for it in ("exists", "kept"))
HOLDS = "threat-intel-sec-02"
ITS_KEY, KEY_ON, KEY_STATE = (
    f"threat-intel-sec-03 {it}" for it in ("secrets.key", "kms.enabled", "kms.state")
)
MAY_READ, NO_OTHERS, MAY_DECRYPT = (
    f"threat-intel-sec-04 {it}" for it in ("secrets.use", "secrets.no-others", "kms.use-through")
)
ASSUMED, IS_OF_ALL = (f"threat-intel-iam-01 {it}" for it in ("iam.execution-role", "lambda.role"))
NAMED, NAMED_ALONE = (f"threat-intel-iam-02 {it}" for it in ("iam.named", "iam.named-alone"))
BUCKETS, THEIR_KEY = (f"threat-intel-iam-03 {it}" for it in ("iam.bucket", "kms.use-through"))
NARROW, LOGS = (f"threat-intel-iam-{it}" for it in ("04", "05"))

UNREAD = {HOLDS: "nobody can read what it holds"}
WHOLE = {"shodan_api_key": "of-shodan", "otx_api_key": "of-otx"}


def besides(kills: str, source: Replaced, given: dict[str, object]) -> list[Mutation]:
    """Return the mutation in source, and that a role is given a statement more in a state and in an account.

    A plan does not know what policies name that AWS has still to choose.
    """
    tracing = statement(["xray:PutTelemetryRecords", "xray:PutTraceSegments"], "*")
    more = Set(f"{IN}.aws_iam_role_policy.tracing", "policy", policy(tracing, given))
    return [
        mutation(kills, source),
        mutation(kills, more, only_on="state"),
        mutation(kills, put("More", given)),
    ]


def put(name: str, *statements: dict[str, object]) -> Any:
    """Return that somebody writes an inline policy of the role by hand."""
    return call("iam:PutRolePolicy", RoleName=ROLE, PolicyName=name, PolicyDocument=policy(*statements))


def holding(told: str, value: object) -> Happened:
    """Return that somebody writes what the secret holds."""
    return Happened(told, lambda aws: history.secret(aws, SECRET, value))


def remove_secret(aws: Aws, name: str) -> None:
    """Delete a secret at once."""
    aws.write("secretsmanager:DeleteSecret", SecretId=name, ForceDeleteWithoutRecovery=True)


def statement(action: object, resource: object, **more: object) -> dict[str, object]:
    """Return a statement that allows something."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


TABLE_ACTIONS = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"]
DATA = f"{IN}.aws_iam_role_policy.dynamodb"
OWN_ARN = "resources = [aws_secretsmanager_secret.api_keys.arn]"
NAME_ALONE = '"arn:aws:secretsmanager:${local.arn_prefix}:secret:threat-intel-api-keys-${var.environment}"'
_GROUP = "${local.arn_prefix}:log-group:/aws/lambda/threat-intel-${function}-${var.environment}"
STREAMS = f'        "arn:aws:logs:{_GROUP}:*",\n'
BEFORE_SECRETS = 'resource "aws_iam_role_policy" "secrets" {'
DENYING_SECRET = """resource "aws_secretsmanager_secret_policy" "api_keys" {
  secret_arn = aws_secretsmanager_secret.api_keys.arn
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Deny", Principal = "*", Action = "secretsmanager:Get*", Resource = "*" }]
  })
}

"""
TRUSTING_OTHERS = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"Service": "edgelambda.amazonaws.com"},
            }
        ],
    }
)

MUTATIONS = [
    mutation(
        EXISTS,
        Replaced(
            SECRETS, '"threat-intel-api-keys-${var.environment}"', '"threat-intel-keys-${var.environment}"'
        ),
        falls_with=unnamed("threat-intel-inv-10"),
    ),
    mutation(
        EXISTS,
        Set(f"{IN}.aws_secretsmanager_secret.api_keys", "name", "threat-intel-keys-dev"),
        falls_with=unnamed("threat-intel-inv-10"),
    ),
    mutation(EXISTS, Removed(SECRET, remove_secret), only_on="moto"),
    mutation(EXISTS, Removed(SECRET, remove_secret), falls_with=UNREAD, only_on="live"),
    mutation(
        KEPT,
        call("secretsmanager:DeleteSecret", SecretId=SECRET, RecoveryWindowInDays=30),
        falls_with=UNREAD,
        only_on="live",
    ),
    mutation(HOLDS, holding("one key is written alone", {"shodan_api_key": "of-shodan"})),
    mutation(HOLDS, holding("a key is empty", {**WHOLE, "otx_api_key": ""})),
    mutation(HOLDS, holding("an example of the guide is written", {**WHOLE, "shodan_api_key": "NEW_KEY"})),
    mutation(HOLDS, holding("the rotation of an emergency is written", {"rotated": "emergency"})),
    mutation(HOLDS, holding("beside the keys a placeholder stands", {**WHOLE, "rotated": "emergency"})),
    mutation(HOLDS, holding("a key is written bare", "of-shodan")),
    mutation(HOLDS, holding("the keys are a list", [*WHOLE.values()])),
    *on_each(
        ITS_KEY,
        Replaced(SECRETS, "aws_kms_key.secrets.arn", "aws_kms_key.data.arn"),
        Set(f"{IN}.aws_secretsmanager_secret.api_keys", "kms_key_id", "alias/threat-intel-data-key-dev"),
        call("secretsmanager:UpdateSecret", SecretId=SECRET, KmsKeyId="alias/threat-intel-data-key-dev"),
    ),
    mutation(ITS_KEY, Replaced(SECRETS, "  kms_key_id              = aws_kms_key.secrets.arn\n", "")),
    mutation(
        KEY_ON,
        Replaced(
            KEYS, '  description             = "Secrets', '  is_enabled = false\n  description = "Secrets'
        ),
    ),
    mutation(KEY_ON, Set(f"{IN}.aws_kms_key.secrets", "is_enabled", False)),
    mutation(KEY_ON, keys.switched_off(ALIAS), only_on="moto"),
    mutation(
        KEY_ON, keys.switched_off(ALIAS), falls_with={KEY_STATE: "its state is Disabled"}, only_on="live"
    ),
    mutation(
        KEY_STATE,
        keys.about_to_be_deleted(ALIAS),
        falls_with={KEY_ON: "such a key is not enabled"},
        only_on="live",
    ),
    *besides(
        MAY_READ,
        Replaced(ROLES, '["secretsmanager:GetSecretValue"]', '["secretsmanager:DescribeSecret"]'),
        {**statement("secretsmanager:Get*", "*"), "Effect": "Deny"},
    ),
    mutation(
        MAY_READ,
        Replaced(ROLES, OWN_ARN, f"resources = [{NAME_ALONE}]"),
    ),
    mutation(MAY_READ, Replaced(ROLES, BEFORE_SECRETS, f"{DENYING_SECRET}{BEFORE_SECRETS}")),
    mutation(
        MAY_READ,
        call(
            "secretsmanager:PutResourcePolicy",
            SecretId=SECRET,
            ResourcePolicy=policy(
                {"Effect": "Deny", "Principal": "*", "Action": "secretsmanager:Get*", "Resource": "*"}
            ),
        ),
    ),
    *besides(
        NO_OTHERS,
        Replaced(ROLES, OWN_ARN, f'{OWN_ARN[:-1]}, {NAME_ALONE[:-1]}-*"]'),
        statement("secretsmanager:GetSecretValue", f"{PREFIX}-*"),
    ),
    mutation(
        NO_OTHERS,
        Replaced(ROLES, OWN_ARN, 'resources = ["*"]'),
        falls_with={NARROW: "all secrets are all that the service keeps"},
    ),
    *besides(
        MAY_DECRYPT,
        Replaced(ROLES, "resources = [aws_kms_key.secrets.arn]", "resources = [aws_kms_key.data.arn]"),
        {
            **statement("kms:Decrypt", "*"),
            "Effect": "Deny",
            "Condition": {"StringLike": {"kms:ViaService": "secretsmanager.*"}},
        },
    ),
    mutation(
        MAY_DECRYPT,
        keys.has_policy(ALIAS, "the key's policy lets another role use it alone", keys.policy(OTHER_ARN)),
    ),
    *on_each(
        ASSUMED,
        Replaced(ROLES, '["lambda.amazonaws.com"]', '["edgelambda.amazonaws.com"]'),
        Set(f"{IN}.aws_iam_role.lambda_execution", "assume_role_policy", TRUSTING_OTHERS),
        call("iam:UpdateAssumeRolePolicy", RoleName=ROLE, PolicyDocument=TRUSTING_OTHERS),
    ),
    *on_each(
        IS_OF_ALL,
        Replaced(
            COMPUTE,
            "  role             = var.role_arn\n",
            f'  role = each.key == "processor" ? "{OTHER_ARN}" : var.role_arn\n',
        ),
        Set('module.compute.aws_lambda_function.this["processor"]', "role", OTHER_ARN),
        call("lambda:UpdateFunctionConfiguration", FunctionName=PROCESSOR, Role=OTHER_ARN),
    ),
    *on_each(
        NAMED,
        Replaced(ROLES, '      "${local.table_arns.threat_intel}/index/*",\n', ""),
        Set(DATA, "policy", policy(statement(TABLE_ACTIONS, [MAIN, DEDUP]))),
        put("LambdaDynamoDBPolicy", statement(TABLE_ACTIONS, [f"{MAIN}/index/*", DEDUP])),
    ),
    mutation(
        NAMED,
        Replaced(ROLES, '"LambdaDynamoDBPolicy"', '"DynamoDBPolicy"'),
    ),
    mutation(
        NAMED,
        Happened(
            "somebody names an index in the policy of the role that the table has not",
            lambda aws: aws.write(
                "iam:PutRolePolicy",
                RoleName=ROLE,
                PolicyName="LambdaDynamoDBPolicy",
                PolicyDocument=policy(
                    statement(TABLE_ACTIONS, [MAIN, f"{MAIN}/index/by-date", f"{MAIN}/index/*", DEDUP])
                ),
            ),
        ),
    ),
    *on_each(
        NAMED_ALONE,
        Replaced(
            ROLES, "      local.table_arns.dedup,\n", f'      local.table_arns.dedup,\n      "{PROD}",\n'
        ),
        Set(
            DATA, "policy", policy(statement(TABLE_ACTIONS, [MAIN, f"{MAIN}/index/*", DEDUP, f"{MAIN}-old"]))
        ),
        put("LambdaDynamoDBPolicy", statement(TABLE_ACTIONS, f"{DYNAMODB}/threat-intel-*")),
    ),
    mutation(
        NAMED,
        call("iam:DeleteRolePolicy", RoleName=ROLE, PolicyName="LambdaDynamoDBPolicy"),
    ),
    *besides(
        BUCKETS,
        Replaced(ROLES, '["s3:GetObject", "s3:PutObject"]', '["s3:GetObject"]'),
        {**statement("s3:Put*", "arn:aws:s3:::threat-intel-raw-*"), "Effect": "Deny"},
    ),
    *besides(
        THEIR_KEY,
        Replaced(ROLES, ', "s3.${var.region}.amazonaws.com"]', "]"),
        {
            **statement("kms:GenerateDataKey", "*"),
            "Effect": "Deny",
            "Condition": {"StringLike": {"kms:ViaService": "s3.*"}},
        },
    ),
    mutation(
        THEIR_KEY,
        Replaced(ROLES, '["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"]', '["kms:Decrypt"]'),
    ),
    mutation(BUCKETS, Replaced(ROLES, ', var.bucket_arns["processed"]]', "]")),
    mutation(BUCKETS, Replaced(ROLES, '"${arn}/*"]', '"${arn}/in/*"]')),
    mutation(BUCKETS, call("iam:DeleteRolePolicy", RoleName=ROLE, PolicyName="S3AccessPolicy")),
    *besides(
        NARROW,
        Replaced(ROLES, '["s3:ListBucket"]', '["s3:*"]'),
        statement("dynamodb:*", MAIN),
    ),
    mutation(NARROW, Replaced(ROLES, '["xray:PutTelemetryRecords", "xray:PutTraceSegments"]', '["xray:*"]')),
    mutation(NARROW, put("QuickFix", statement("s3:Get*", "*"))),
    mutation(
        NARROW,
        Replaced(ROLES, '["xray:PutTelemetryRecords", ', '["iam:PassRole", "xray:PutTelemetryRecords", '),
    ),
    mutation(NARROW, put("QuickFix", statement("iam:PassRole", "arn:aws:iam::100000000005:role/*"))),
    mutation(NARROW, put("QuickFix", {"Effect": "Allow", "NotAction": "iam:*", "Resource": MAIN})),
    mutation(NARROW, put("QuickFix", {"Effect": "Allow", "Action": "dynamodb:GetItem", "NotResource": PROD})),
    mutation(
        NARROW,
        call(
            "iam:AttachRolePolicy",
            RoleName=ROLE,
            PolicyArn="arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess_v2",
        ),
    ),
    *besides(
        LOGS,
        Replaced(
            ROLES,
            '["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]',
            '["logs:PutLogEvents"]',
        ),
        {**statement("logs:CreateLogGroup", "*"), "Effect": "Deny"},
    ),
    mutation(LOGS, Replaced(ROLES, STREAMS, "")),
    mutation(LOGS, Replaced(ROLES, '["collector", "processor", "enrichment",', '["collector", "processor",')),
    mutation(LOGS, call("iam:DeleteRolePolicy", RoleName=ROLE, PolicyName="LogsPolicy")),
    *offender(
        "threat-intel-inv-10",
        SECRETS,
        f"{IN}.aws_secretsmanager_secret.api_keys",
        "name",
        "threat-intel-more",
        "",
        call("secretsmanager:CreateSecret", Name="threat-intel-more"),
    ),
    *offender(
        "threat-intel-inv-11",
        ROLES,
        f"{IN}.aws_iam_role.lambda_execution",
        "name",
        "threat-intel-more",
        "  assume_role_policy = data.aws_iam_policy_document.lambda_trust.json",
        call("iam:CreateRole", RoleName="threat-intel-more", AssumeRolePolicyDocument=TRUSTING_OTHERS),
    ),
]

NEAR_MISSES = [
    near_miss(
        HOLDS,
        holding("there is a key more", {**WHOLE, "further": "value"}),
        why="the platform may have another source",
    ),
    near_miss(
        MAY_READ,
        Replaced(ROLES, OWN_ARN, f'resources = [{NAME_ALONE[:-1]}-??????"]'),
        why="that is how AWS ends the name of this secret, and of no other",
    ),
    near_miss(
        NO_OTHERS,
        put("Further", statement("secretsmanager:ListSecrets", "*")),
        why="which secrets there are tells nothing of what they hold",
    ),
    near_miss(
        ITS_KEY,
        Replaced(SECRETS, "aws_kms_key.secrets.arn", "aws_kms_alias.secrets.name"),
        why="the alias stands for the key",
    ),
    near_miss(
        NAMED,
        Replaced(
            ROLES,
            '"${local.table_arns.threat_intel}/index/*"',
            ", ".join(f'"${{local.table_arns.threat_intel}}/index/{it}"' for it in ("by-type", "by-source")),
        ),
        why="each index is named by itself",
    ),
    near_miss(
        BUCKETS,
        Replaced(
            ROLES,
            '[for arn in local.data_bucket_arns : "${arn}/*"]',
            '[for it in ["raw", "processed"] : "arn:aws:s3:::threat-intel-${it}-${var.environment}-*/*"]',
        ),
        why="whatever the suffix will be, it is behind that",
    ),
    near_miss(
        NARROW,
        put(
            "Further",
            statement(["s3:ListAllMyBuckets", "dynamodb:ListTables", "logs:DescribeLogGroups"], "*"),
        ),
        why="what lists all of an account takes no narrower resource",
    ),
    near_miss(
        NARROW,
        put(
            "Further",
            {
                **statement("*", "*"),
                "Effect": "Deny",
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            },
        ),
        why="a denial grants nothing",
    ),
    near_miss(
        LOGS,
        put("LogsPolicy", statement(["logs:Create*", "logs:Put*"], f"{OF_LOGS}:*")),
        why="a wildcard covers all of the functions' groups",
    ),
]
