"""Mutations for tests/iam; bbws-ddb-21, bbws-rep-06 and 07 are asserted there too."""

import json
from typing import Any

from plumbline.aws.reads import Aws
from plumbline.kinds.vpc import VpcEndpoints
from plumbline.policy import Policy
from selftest.mutations.documents import Added, Set, Without
from selftest.mutations.edits import Called, Recreated, Replaced, Written, call
from selftest.mutations.mutation import mutation
from selftest.stacks.bbws.mutations.backup import trust, trusting

EXECUTION = "iam/execution.tf"
DEPLOYER = "iam/deployer.tf"
REPLICATION = "s3/replication.tf"
TABLES = "dynamodb/main.tf"
TENANTS = 'resource "aws_dynamodb_table" "tenants" {'
TABLE = "arn:aws:dynamodb:af-south-1:536580886816:table/bbws-tenants-dev"
USED = ["dynamodb:PutItem", "dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:Query", "dynamodb:Scan"]
BUCKET = "arn:aws:s3:::bbws-templates-prod"
REPLICA = f"{BUCKET}-dr-eu-west-1"


def policy(*statements: dict[str, Any]) -> str:
    """Return a policy document that allows, unless a statement says otherwise."""
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow"} | it for it in statements]})


def access(*places: str, actions: list[str] = USED, **more: Any) -> str:
    """Return the policy of the functions with other resources, or other actions."""
    return policy({"Action": actions, "Resource": list(places), **more})


def versioned(document: str) -> Called:
    """Return the edit that replaces the policy of the functions."""
    arn = "arn:aws:iam::536580886816:policy/DynamoDBTenantsAccess"
    return call("iam:CreatePolicyVersion", PolicyArn=arn, PolicyDocument=document, SetAsDefault=True)


def given(role: str, document: str, name: str = "by-hand") -> Called:
    """Return the edit that gives a role an inline policy."""
    return call("iam:PutRolePolicy", RoleName=role, PolicyName=name, PolicyDocument=document)


def attached(arn: str) -> Replaced:
    """Return the edit that attaches a further policy to the functions' role."""
    block = f'''resource "aws_iam_role_policy_attachment" "by_hand" {{
  role       = aws_iam_role.execution.name
  policy_arn = "{arn}"
}}
'''
    return Replaced(
        EXECUTION, 'data "aws_iam_policy_document" "logs"', f'{block}\ndata "aws_iam_policy_document" "logs"'
    )


LOGS = 'data "aws_iam_policy_document" "logs"'
JOINED = """resource "aws_iam_user" "analyst" {
  name = "analyst"
}

resource "aws_iam_group" "analysts" {
  name = "analysts"
}

resource "aws_iam_user_group_membership" "analyst" {
  user   = aws_iam_user.analyst.name
  groups = [aws_iam_group.analysts.name]
}

resource "aws_iam_group_policy_attachment" "all" {
  group      = aws_iam_group.analysts.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess"
}
"""


def stay(aws: Aws, name: str) -> None:
    """Remove nothing: there are no endpoints."""


def replicating(*actions_and_places: tuple[list[str], str]) -> str:
    """Return a policy of the replication role."""
    return policy(*({"Action": actions, "Resource": place} for actions, place in actions_and_places))


READS_BUCKET = (["s3:GetReplicationConfiguration", "s3:ListBucket"], BUCKET)
READS_OBJECTS = (["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl"], f"{BUCKET}/*")
WRITES = (["s3:ReplicateObject", "s3:ReplicateDelete"], f"{REPLICA}/*")
NO_ACL = replicating(READS_BUCKET, (["s3:GetObjectVersionForReplication"], f"{BUCKET}/*"), WRITES)
NO_DELETE = replicating(READS_BUCKET, READS_OBJECTS, (["s3:ReplicateObject"], f"{REPLICA}/*"))
OF_REPLICATION = 'aws_iam_role_policy.replication["eu-west-1"]'

ENDPOINT = {
    "service_name": "com.amazonaws.af-south-1.dynamodb",
    "vpc_id": "vpc-1",
    "policy": access(TABLE, actions=["dynamodb:GetItem"], Principal="*"),
}
WITHOUT_INDEXES = access(
    *(TABLE.replace("tenants", name) for name in ("tenants", "products", "campaigns")), Principal="*"
)
BLOCK = f'''resource "aws_vpc_endpoint" "by_hand" {{
  service_name = "{ENDPOINT["service_name"]}"
  vpc_id       = "{ENDPOINT["vpc_id"]}"
  policy       = jsonencode({ENDPOINT["policy"]})
}}

resource "aws_dynamodb_table" "tenants" {{'''

DENIAL = access(f"{TABLE}*", actions=["dynamodb:Query"], Effect="Deny", Principal="*")
OF_DEPLOYER = access(
    TABLE,
    actions=["dynamodb:DeleteItem"],
    Effect="Deny",
    Principal={"AWS": "arn:aws:iam::536580886816:role/bbws-terraform-deployer-dev"},
)
ALL_BUT_ADMIN = access(
    TABLE,
    actions=["dynamodb:*"],
    Effect="Deny",
    Principal="*",
    Condition={"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::536580886816:role/admin"}},
)
RESOURCE_POLICY = f"""resource "aws_dynamodb_resource_policy" "by_hand" {{
  resource_arn = aws_dynamodb_table.tenants.arn
  policy       = jsonencode({DENIAL})
}}

resource "aws_dynamodb_table" "tenants" {{"""

INDEXES = '      "${local.tables}/bbws-tenants-${var.environment}/index/*",\n'
ANALYZER = """resource "aws_accessanalyzer_analyzer" "account" {
  analyzer_name = "bbws-${var.environment}"
  type          = "ACCOUNT"
  tags          = local.tags
}
"""
MONITORING = '"bbws-deploy-monitoring-${var.environment}"'

MANAGED = """resource "aws_iam_policy" "monitoring" {
  name        = "bbws-deploy-monitoring-${var.environment}"
  description = "What the root monitoring/ needs of the deployer."
  policy      = data.aws_iam_policy_document.monitoring.json
  tags        = local.tags
}

resource "aws_iam_role_policy_attachment" "monitoring" {
  role       = aws_iam_role.deployer.name
  policy_arn = aws_iam_policy.monitoring.arn
}
"""
INLINE = """resource "aws_iam_role_policy" "monitoring" {
  role   = aws_iam_role.deployer.name
  policy = data.aws_iam_policy_document.monitoring.json
}
"""
_OTHERWISE_NAMED = {"bbws-iam-06 iam.still-declared": "its own name is declared no more"}

MUTATIONS = [
    mutation("bbws-ddb-21", Replaced(TABLES, TENANTS, RESOURCE_POLICY)),
    mutation(
        "bbws-ddb-21",
        Added(
            "aws_dynamodb_resource_policy.by_hand",
            {"resource_arn": TABLE, "policy": DENIAL},
            "aws_dynamodb_table.tenants",
        ),
    ),
    mutation("bbws-ddb-21", call("dynamodb:PutResourcePolicy", ResourceArn=TABLE, Policy=DENIAL)),
    mutation("bbws-ddb-21", Replaced(TABLES, TENANTS, RESOURCE_POLICY.replace(DENIAL, OF_DEPLOYER))),
    mutation("bbws-ddb-21", call("dynamodb:PutResourcePolicy", ResourceArn=TABLE, Policy=ALL_BUT_ADMIN)),
    mutation("bbws-iam-01", Replaced(EXECUTION, '"lambda.amazonaws.com"', '"ec2.amazonaws.com"')),
    mutation("bbws-iam-01", Set("aws_iam_role.execution", "assume_role_policy", trust("ec2.amazonaws.com"))),
    mutation("bbws-iam-01", trusting("bbws-lambda-execution-dev", "ec2.amazonaws.com")),
    mutation(
        "bbws-iam-02",
        versioned(access(TABLE, f"{TABLE}/index/*", actions=[it for it in USED if it != "dynamodb:PutItem"])),
    ),
    mutation(
        "bbws-iam-02",
        given("bbws-lambda-execution-dev", access(TABLE, actions=["dynamodb:Put*"], Effect="Deny")),
    ),
    mutation("bbws-iam-03 iam.permissions", Replaced(EXECUTION, INDEXES, "")),
    mutation("bbws-iam-03 iam.permissions", Replaced(EXECUTION, '      "dynamodb:UpdateItem",\n', "")),
    mutation("bbws-iam-03 iam.permissions", Set("aws_iam_policy.tenants", "policy", access(TABLE))),
    mutation("bbws-iam-03 iam.covered", versioned(access(TABLE, f"{TABLE}/index/email-index"))),
    mutation("bbws-iam-04", attached("arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess")),
    mutation("bbws-iam-04", Replaced(EXECUTION, '"dynamodb:Scan",', '"dynamodb:Scan", "dynamodb:*",')),
    mutation("bbws-iam-04", Replaced(DEPLOYER, '"${local.tables}/bbws-*"', '"${local.tables}/*"')),
    mutation("bbws-iam-04", Set("aws_iam_policy.tenants", "policy", access("*"))),
    mutation("bbws-iam-04", given("bbws-lambda-execution-dev", access("*", actions=["dynamodb:Get*"]))),
    mutation("bbws-iam-04", Replaced(EXECUTION, LOGS, f"{JOINED}\n{LOGS}"), only_on="hcl"),
    mutation("bbws-iam-04", given("bbws-config-recorder-dev", access("*", actions=["dynamodb:*"]))),
    mutation(
        "bbws-iam-04",
        call("iam:CreateUser", UserName="developer"),
        call(
            "iam:PutUserPolicy",
            UserName="developer",
            PolicyName="DynamoDBAccess",
            PolicyDocument=access(TABLE, actions=["dynamodb:*"]),
        ),
    ),
    mutation(
        "bbws-iam-05",
        Replaced(
            EXECUTION, INDEXES, f'{INDEXES}      "arn:aws:dynamodb:${{var.region}}:111111111111:table/x",\n'
        ),
    ),
    mutation(
        "bbws-iam-05", Replaced(EXECUTION, INDEXES, f'{INDEXES}      "arn:aws:dynamodb:*:*:table/x",\n')
    ),
    mutation(
        "bbws-iam-05",
        Set(
            "aws_iam_policy.tenants",
            "policy",
            access(TABLE, f"{TABLE}/index/*", TABLE.replace("af-south-1", "eu-west-1")),
        ),
    ),
    mutation(
        "bbws-iam-05",
        versioned(access(TABLE, f"{TABLE}/index/*", TABLE.replace("536580886816", "815856636111"))),
    ),
    mutation(
        "bbws-iam-05",
        call("iam:CreateUser", UserName="developer"),
        call(
            "iam:PutUserPolicy",
            UserName="developer",
            PolicyName="DynamoDBAccess",
            PolicyDocument=access(TABLE.replace("536580886816", "815856636111")),
        ),
    ),
    mutation(
        "bbws-iam-06 iam.declared",
        Replaced(DEPLOYER, MONITORING, '"bbws-by-hand"'),
        falls_with=_OTHERWISE_NAMED,
    ),
    mutation(
        "bbws-iam-06 iam.declared",
        Set("aws_iam_policy.monitoring", "name", "bbws-by-hand"),
        falls_with=_OTHERWISE_NAMED,
    ),
    mutation(
        "bbws-iam-06 iam.declared",
        call("iam:CreatePolicy", PolicyName="bbws-by-hand", PolicyDocument=access(TABLE)),
    ),
    mutation(
        "bbws-iam-06 iam.declared",
        call(
            "iam:CreateRole", RoleName="bbws-by-hand", AssumeRolePolicyDocument=trust("lambda.amazonaws.com")
        ),
    ),
    mutation("bbws-iam-06 iam.still-declared", Replaced(DEPLOYER, MANAGED, INLINE)),
    mutation("bbws-iam-06 iam.still-declared", Without("aws_iam_policy.monitoring")),
    mutation("bbws-iam-07", Replaced(TABLES, TENANTS, BLOCK)),
    mutation("bbws-iam-07", Replaced(TABLES, TENANTS, BLOCK.replace(ENDPOINT["policy"], WITHOUT_INDEXES))),
    mutation("bbws-iam-07", Added("aws_vpc_endpoint.by_hand", ENDPOINT, "aws_dynamodb_table.tenants")),
    mutation(
        "bbws-iam-07",
        Recreated(
            "com.amazonaws.af-south-1.dynamodb",
            VpcEndpoints,
            stay,
            {"policies": [Policy.read(ENDPOINT["policy"], "the mutation")]},
        ),
    ),
    mutation(
        "bbws-iam-08",
        call(
            "iam:DeleteRolePolicy",
            RoleName="bbws-terraform-deployer-dev",
            PolicyName="deploy-tables-and-buckets",
        ),
    ),
    mutation(
        "bbws-iam-08",
        call(
            "iam:PutRolePolicy",
            RoleName="bbws-terraform-deployer-dev",
            PolicyName="deploy-tables-and-buckets",
            PolicyDocument=access(
                TABLE,
                actions=["dynamodb:CreateTable"],
                Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}},
            ),
        ),
    ),
    mutation("bbws-iam-09", Replaced("iam/main.tf", ANALYZER, "")),
    mutation("bbws-iam-09", Without("aws_accessanalyzer_analyzer.account")),
    mutation("bbws-iam-09", call("accessanalyzer:DeleteAnalyzer", analyzerName="bbws-dev")),
    mutation("bbws-iam-09", Replaced("iam/main.tf", '= "ACCOUNT"', '= "ACCOUNT_UNUSED_ACCESS"')),
    mutation("bbws-iam-09", Set("aws_accessanalyzer_analyzer.account", "type", "ACCOUNT_INTERNAL_ACCESS")),
    mutation(
        "bbws-iam-09",
        call("accessanalyzer:DeleteAnalyzer", analyzerName="bbws-dev"),
        call("accessanalyzer:CreateAnalyzer", analyzerName="unused", type="ACCOUNT_UNUSED_ACCESS"),
    ),
    mutation(
        "bbws-iam-09",
        Replaced("iam/main.tf", '= "ACCOUNT"', '= "ACCOUNT"\n  provider = aws.elsewhere'),
        Written("iam/elsewhere.tf", 'provider "aws" {\n  alias  = "elsewhere"\n  region = "eu-west-1"\n}\n'),
    ),
    mutation(
        "bbws-rep-06 iam.permissions",
        Replaced(REPLICATION, '      "s3:GetObjectVersionAcl",\n', ""),
        environment="prod",
    ),
    mutation("bbws-rep-06 iam.permissions", Set(OF_REPLICATION, "policy", NO_ACL), environment="prod"),
    mutation(
        "bbws-rep-06 iam.permissions",
        given("S3ReplicationRole", NO_ACL, "replicate-templates"),
        environment="prod",
    ),
    mutation(
        "bbws-rep-07 iam.permissions",
        Replaced(REPLICATION, '      "s3:ReplicateDelete",\n', ""),
        environment="prod",
    ),
    mutation("bbws-rep-07 iam.permissions", Set(OF_REPLICATION, "policy", NO_DELETE), environment="prod"),
    mutation(
        "bbws-rep-07 iam.permissions",
        given("S3ReplicationRole", NO_DELETE, "replicate-templates"),
        environment="prod",
    ),
]
