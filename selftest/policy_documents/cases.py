"""Policies and requests at random, with what another simulator decides of them.

`python -m selftest.policy_documents.cases` records them anew; it needs `npm install` in this folder.
"""

import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
RECORDED = FOLDER / "cases.json"
INSTALLED = FOLDER / "node_modules" / "@cloud-copilot"
SEED = 20261121

Case = dict[str, Any]

ACCOUNT = "536580886816"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/bbws-lambda-execution-dev"
TABLE = f"arn:aws:dynamodb:af-south-1:{ACCOUNT}:table/bbws-tenants-dev"
REQUESTS = [
    ("dynamodb:PutItem", TABLE),
    ("dynamodb:GetItem", TABLE),
    ("dynamodb:Query", TABLE),
    ("dynamodb:Query", f"{TABLE}/index/email-index"),
    ("dynamodb:CreateTable", f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/other"),
    ("s3:GetObject", "arn:aws:s3:::bbws-templates-dev/receipts/a.html"),
    ("s3:ListBucket", "arn:aws:s3:::bbws-templates-dev"),
]
ACTIONS = [
    "*",
    "dynamodb:*",
    "DynamoDB:putitem",
    "dynamodb:Get*",
    "dynamodb:?etItem",
    "dynamodb:*Item",
    "dynamodb:Query",
    "dynamodb:CreateTable",
    "s3:*",
    "s3:Get*",
    "s3:ListBucket",
    "s3:List?ucket",
    "iam:PassRole",
]
SHORT = "arn:aws:dynamodb:*"
"""Under NotResource it is not decided, so the other simulator is not asked either."""
RESOURCES = [
    "*",
    TABLE,
    f"{TABLE}/index/*",
    f"{TABLE}*",
    f"arn:aws:dynamodb:*:{ACCOUNT}:table/bbws-*",
    "arn:aws:dynamodb:af-south-?:*:table/*",
    f"arn:aws:dynamodb:eu-*:{ACCOUNT}:table/other",
    "arn:aws:dynamodb:af-south-1:111111111111:table/bbws-tenants-dev",
    SHORT,
    "arn:aws:s3:::*",
    "arn:aws:s3:::bbws-templates-dev",
    "arn:aws:s3:::bbws-templates-dev/*",
    "arn:aws:s3:::bbws-templates-???/*.html",
]
CONTEXT = {"aws:SecureTransport": "true", "aws:PrincipalOrgID": "o-bbws", "aws:PrincipalArn": ROLE}
CONDITIONS = [
    {"Bool": {"aws:SecureTransport": "true"}},
    {"Bool": {"aws:SecureTransport": False}},
    {"BoolIfExists": {"AWS:securetransport": ["false"]}},
    {"StringEquals": {"aws:PrincipalOrgID": ["o-other", "o-bbws"]}},
    {"StringNotEquals": {"aws:PrincipalOrgID": ["o-other", "o-bbws"]}},
    {"StringNotEquals": {"aws:PrincipalOrgID": "o-other"}},
    {"StringEqualsIgnoreCase": {"aws:PrincipalOrgID": "O-BBWS"}},
    {"StringLike": {"aws:PrincipalOrgID": "o-b*"}},
    {"StringNotLikeIfExists": {"aws:PrincipalOrgID": "o-?bws"}},
    {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/bbws-*"}},
    {"ArnNotEquals": {"aws:PrincipalArn": ROLE}},
    {"Bool": {"aws:SecureTransport": "true"}, "StringLike": {"aws:PrincipalOrgID": "x-*"}},
]
PRINCIPALS: list[Any] = [
    "*",
    {"AWS": "*"},
    {"AWS": ROLE},
    {"AWS": [f"arn:aws:iam::{ACCOUNT}:role/other", ROLE]},
    {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
    {"AWS": ACCOUNT},
    {"AWS": "arn:aws:iam::111111111111:root"},
    {"Service": "lambda.amazonaws.com"},
]


def cases(seed: int, number: int) -> list[Case]:
    """Return cases at random: some about a role's own policies, some about a resource's that denies."""
    chance = random.Random(seed)
    made: list[Callable[[random.Random], Case]] = [_of_role, _of_role, _of_resource]
    return [chance.choice(made)(chance) for _ in range(number)]


def decided(asked: list[Case]) -> list[str]:
    """Return what the other simulator decides, when the role asks in this context."""
    told = json.dumps([{**case, "principal": ROLE, "context": CONTEXT} for case in asked])
    run = subprocess.run(["node", "simulate.js"], cwd=FOLDER, input=told, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    verdicts: list[str] = json.loads(run.stdout)
    return verdicts


def _of_role(chance: random.Random) -> Case:
    policies = [_document(chance, chance.choice(["Allow", "Allow", "Deny"])) for _ in range(2)]
    return _case(chance, policies=policies)


def _of_resource(chance: random.Random) -> Case:
    document = _document(chance, "Deny")
    for statement in document["Statement"]:
        statement["Principal"] = chance.choice(PRINCIPALS)
    return _case(chance, resource_policy=document)


def _case(chance: random.Random, **policies: Any) -> Case:
    action, resource = chance.choice(REQUESTS)
    return {"action": action, "resource": resource, **policies}


def _document(chance: random.Random, effect: str) -> Case:
    return {"Statement": [_statement(chance, effect) for _ in range(chance.randint(1, 2))]}


def _statement(chance: random.Random, effect: str) -> Case:
    statement = {
        "Effect": effect,
        chance.choice(["Action", "Action", "NotAction"]): _one_or_more(chance, ACTIONS),
    }
    if chance.random() < 0.3:
        statement["NotResource"] = _one_or_more(chance, [it for it in RESOURCES if it != SHORT])
    else:
        statement["Resource"] = _one_or_more(chance, RESOURCES)
    if chance.random() < 0.3:
        statement["Condition"] = chance.choice(CONDITIONS)
    return statement


def _one_or_more(chance: random.Random, texts: list[str]) -> Any:
    chosen = chance.sample(texts, chance.randint(1, 3))
    return chosen[0] if len(chosen) == 1 and chance.random() < 0.5 else chosen


if __name__ == "__main__":
    asked = cases(SEED, int(sys.argv[1]) if len(sys.argv) > 1 else 200)
    kept = [case | {"decision": verdict} for case, verdict in zip(asked, decided(asked), strict=True)]
    RECORDED.write_text("[\n" + ",\n".join(json.dumps(case) for case in kept) + "\n]\n")
