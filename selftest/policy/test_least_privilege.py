"""The policy allows what a live run calls, no more and no less."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import boto3
import pytest
from moto import mock_aws
from moto.core import set_initial_no_auth_action_count
from moto.s3.responses import ACTION_MAP

from plumbline.aws.reads import Answers, Aws
from plumbline.aws.session import connect
from plumbline.commands.policy import policy
from plumbline.kinds.backup import BackupPlan
from plumbline.kinds.cloudwatch import Alarm
from plumbline.kinds.functions import Function
from plumbline.kinds.iam import Role
from plumbline.kinds.kind import Kind
from plumbline.kinds.registry import kinds, operations
from plumbline.kinds.rest_api import RestApi
from plumbline.kinds.s3 import Bucket
from plumbline.kinds.s3_object import StoredObject
from plumbline.sources.live import Live
from plumbline.values.unknown import Missing, Unreadable
from selftest.applied.environment import OUTPUTS, Applied
from selftest.mutations.worlds import told
from selftest.stacks.front_door import run_stack, tree

S3_ACTIONS = sorted(
    {it.permission for kind in (Bucket, StoredObject) for it in kind.calls_for() if it.operation[:3] == "s3:"}
)
PERMISSIONS = {call.operation: call.permission for kind in kinds().values() for call in kind.calls_for()}
OF_MOTO = "s3:HeadBucket"
"""What moto asks for HeadBucket; AWS asks for s3:ListBucket."""
OF_AN_ENCRYPTED_TOPIC = {"kms:DescribeKey", "kms:GetKeyPolicy"}
OF_A_POLICY_OF_AWS = {"iam:GetPolicy", "iam:GetPolicyVersion"}
OF_A_FUNCTION = {"lambda:GetPolicy"}
OF_A_USER = {"cognito-idp:AdminGetUser"}
WHO_AM_I = {"sts:GetCallerIdentity"}
"""What the guard asks in every run; nobody needs a permission for it. Source: AWS STS API Reference."""
OF_A_LONG_QUERY = {"logs:StopQuery"}
NOT_HERE = OF_AN_ENCRYPTED_TOPIC | OF_A_POLICY_OF_AWS | OF_A_FUNCTION | OF_A_USER | OF_A_LONG_QUERY | WHO_AM_I
"""What is asked only of the key that encrypts a topic, of the function that an event rule invokes, of each
user of a pool, of a query that is not done in time, and of a policy of AWS's own that is given to somebody
who is no service that needs it: nothing here has these."""
OF_A_VPC = {
    *("ec2:DescribeSubnets", "ec2:DescribeRouteTables", "ec2:DescribeNetworkAcls"),
    *("ec2:DescribeNatGateways", "ec2:DescribeSecurityGroups"),
}
"""What is asked of the network of a function that lies in one."""
OF_AN_INLINE_POLICY = {"iam:GetRolePolicy"}
"""What is asked of each policy that is written into a role."""
OF_BACKUPS = {
    *("backup:DescribeBackupVault", "backup:GetBackupPlan", "backup:ListBackupVaults"),
    *("backup:GetBackupSelection", "backup:ListBackupSelections", "backup:GetBackupVaultAccessPolicy"),
}
"""What is asked of each plan and each vault that there is."""
OF_WHAT_IS_PLOTTED: dict[type[Kind], str] = {
    Alarm: "cloudwatch:DescribeAlarms",
    Function: "lambda:ListFunctions",
    RestApi: "apigateway:GET",
}
"""What is asked only where a dashboard plots one of them."""
ENFORCED = sorted(
    {f"s3:{name}" for method in ACTION_MAP["BUCKET"].values() for name in method.values()} & {*S3_ACTIONS}
)
"""What moto enforces; for encryption, replication and the public access block it asks for s3:ListBucket."""


def _not_here(applied: Applied) -> set[str]:
    """Return what is asked of nothing that this environment has."""
    kinds_of = {it.kind for it in applied.proven.stack.subjects(applied.environment).values()}
    not_plotted = {action for kind, action in OF_WHAT_IS_PLOTTED.items() if kind not in kinds_of}
    not_here = NOT_HERE | not_plotted | (set() if BackupPlan in kinds_of else OF_BACKUPS)
    not_here |= set() if _has_inline_policies(applied) else OF_AN_INLINE_POLICY
    return not_here if _has_functions_in_a_vpc(applied) else not_here | OF_A_VPC


def _has_inline_policies(applied: Applied) -> bool:
    """Return whether something is written into a role that is asked about."""
    iam, outputs = applied.client("iam"), _outputs(applied)
    subjects = applied.proven.stack.subjects(applied.environment).values()
    names = [told(it, outputs).name for it in subjects if it.kind is Role]
    return any(iam.list_role_policies(RoleName=it)["PolicyNames"] for it in names)


def _has_functions_in_a_vpc(applied: Applied) -> bool:
    functions = applied.client("lambda").list_functions()["Functions"]
    return any(it.get("VpcConfig", {}).get("SubnetIds") for it in functions)


def _outputs(applied: Applied) -> dict[str, dict[str, object]]:
    """Return what Terraform says of the outputs of each root."""
    printed = {it: json.loads((applied.folder / it / OUTPUTS).read_text()) for it in applied.roots}
    return {root: {name: it["value"] for name, it in outputs.items()} for root, outputs in printed.items()}


def test_the_policy_holds_the_actions_that_a_whole_run_calls(
    applied: Applied, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in applied.variables.items():
        monkeypatch.setenv(name, value)
    outputs = _outputs(applied)
    subjects = [told(it, outputs) for it in applied.proven.stack.subjects(applied.environment).values()]
    answers = Answers()
    with ThreadPoolExecutor(4) as calls:
        settings = applied.proven.stack.environments[applied.environment]
        aws = connect(applied.environment, settings, applied.region, answers, calls, operations())
        deployed = [it for it in subjects if list(it.kind.calls_for())]
        Live({(applied.proven.name, applied.environment): aws}, concurrency=4).read_all(deployed)
        called = {PERMISSIONS[operation] for _, _, operation, _ in answers.settle()}
    statements = policy(dict.fromkeys(subjects))["Statement"]
    allowed = {action for statement in statements for action in statement["Action"]}
    not_here = _not_here(applied)
    assert called | not_here == allowed | not_here


@pytest.mark.sampled(one_in=4)
@pytest.mark.parametrize("looked_back", [(), ("--window",)], ids=["configured", "what happened too"])
def test_the_policy_of_the_chosen_sentences_is_what_their_run_calls(
    applied: Applied, tmp_path: Path, looked_back: tuple[str, ...]
) -> None:
    proven, kept = applied.proven, tmp_path / "evidence.json"
    window = [f"{option}=1h" for option in looked_back]
    chosen = ("--env", applied.environment, "--live", *window, f"--save-evidence={kept}")
    run_stack(proven, *chosen, *applied.outputs, variables=applied.variables)
    called = {PERMISSIONS[call["operation"]] for call in json.loads(kept.read_text())["calls"]}
    command = ["policy", "--stack", proven.name, "--env", applied.environment, *looked_back]
    printed = subprocess.run(
        [sys.executable, "-m", "plumbline", *command], cwd=tree(proven), capture_output=True, text=True
    )
    assert printed.returncode == 0, printed.stderr
    statements = json.loads(printed.stdout)["Statement"]
    allowed = {action for statement in statements for action in statement["Action"]}
    not_here = _not_here(applied)
    assert called | not_here == allowed | not_here


@pytest.mark.sampled(one_in=8)
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--stacks", "nowhere"), "--stacks nowhere: there is no folder "),
        (("--invariant", "nothing-01"), "no invariant nothing-01 in "),
    ],
    ids=["no stacks", "no such invariant"],
)
def test_a_policy_of_nothing_is_refused(applied: Applied, words: tuple[str, ...], said: str) -> None:
    command = ["policy", "--stack", applied.proven.name, "--env", applied.environment, *words]
    made = subprocess.run(
        [sys.executable, "-m", "plumbline", *command],
        cwd=tree(applied.proven),
        capture_output=True,
        text=True,
    )
    assert (made.returncode, made.stdout) == (2, "")
    assert said in made.stderr


@pytest.mark.parametrize("lacking", [None, "s3:GetObject", *ENFORCED])
def test_s3_is_read_under_the_policy_and_not_with_one_action_less(lacking: str | None) -> None:
    with mock_aws():
        aws = _under_policy([OF_MOTO, *(allowed for allowed in S3_ACTIONS if allowed != lacking)])
        denied = _denied(aws)
    assert bool(denied) == bool(lacking)


def _under_policy(actions: list[str]) -> Aws:
    """An account with one bucket and one object, read by a user who is allowed these actions."""
    administrator = boto3.Session(aws_access_key_id="x", aws_secret_access_key="x", region_name="us-east-1")
    s3, iam = administrator.client("s3"), administrator.client("iam")
    s3.create_bucket(Bucket="portal")
    s3.put_object(Bucket="portal", Key="welcome.html", Body=b"<p>")
    user = iam.create_user(UserName=f"reader-{uuid4()}")["User"]["UserName"]  # moto may serve others here too
    statement = {
        "Effect": "Allow",
        "Action": actions,
        "Resource": ["arn:aws:s3:::portal", "arn:aws:s3:::portal/*"],
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_user_policy(UserName=user, PolicyName="read", PolicyDocument=document)
    key = iam.create_access_key(UserName=user)["AccessKey"]
    reader = boto3.Session(
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
        region_name="us-east-1",
    )
    return Aws(lambda service, region: reader.client(service), "123456789012", "us-east-1", Answers(), None)


@set_initial_no_auth_action_count(0)
def _denied(aws: Aws) -> set[str]:
    """The actions of S3 that reading the bucket and the object was denied for."""
    denied = set()
    for kind, name in ((Bucket, "portal"), (StoredObject, "portal/welcome.html")):
        try:
            fields = [getattr(kind.from_aws(aws, name), field) for field in kind.model_fields]
        except Missing:
            continue
        denied |= {field.error.denied for field in fields if isinstance(field, Unreadable)}
    return {it for it in denied if it.startswith("s3:")}
