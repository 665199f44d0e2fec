"""What has happened in a healthy account, as far as operations ask for it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from moto.awslambda.models import lambda_backends
from moto.ce.models import ce_backends
from moto.cognitoidp.models import cognitoidp_backends
from moto.s3.models import s3_backends

from plumbline.aws.reads import Aws
from plumbline.expectations.stack import Subject
from plumbline.kinds.amplify_jobs import AmplifyJobs, OfJobs
from plumbline.kinds.api_log_lines import ApiLines, ApiLogLines
from plumbline.kinds.backup import BackupVault
from plumbline.kinds.backup_history import BackupHistory, RestoreHistory
from plumbline.kinds.call import Asked
from plumbline.kinds.cloudtrail import Trail
from plumbline.kinds.cloudwatch import Alarm
from plumbline.kinds.cognito_client_changes import ClientChanges
from plumbline.kinds.cognito_sign_ins import ClientSignIns
from plumbline.kinds.cognito_users import OfUsers, PoolUsers
from plumbline.kinds.config import ConfigRule
from plumbline.kinds.costs import Cost
from plumbline.kinds.dynamodb import Table
from plumbline.kinds.event_history import EventHistory, Events
from plumbline.kinds.functions import Function
from plumbline.kinds.invocation_probe import InvocationProbe
from plumbline.kinds.item_sample import ItemSample, Sampled
from plumbline.kinds.lock_table import LockTable
from plumbline.kinds.log_arrivals import LogArrivals, Written
from plumbline.kinds.log_lines import Lines, LogLines
from plumbline.kinds.log_query import LogQuery
from plumbline.kinds.measurement import Measured, Measurement
from plumbline.kinds.metric import Metric
from plumbline.kinds.object_arrivals import Arrived, ObjectArrivals
from plumbline.kinds.rest_api import RestApi
from plumbline.kinds.secret_content import OfContent, SecretContent
from plumbline.kinds.state_object import StateObject
from plumbline.kinds.table_backups import Named, TableBackups
from plumbline.kinds.wafv2 import WebAcl
from plumbline.sources.moto.alarm_history import AGE_IN_HOURS, ENDS
from plumbline.sources.moto.amplify import amplify_backends
from plumbline.sources.moto.event_history import HISTORY
from plumbline.sources.moto.extensions import STATE as VERDICT
from plumbline.sources.moto.user_pools import CHANGED
from plumbline.sources.source import name_of
from selftest.mutations.removals import remove_object

SECRET = "of-the-state-only-names-are-kept"


def seed(aws: Aws, subjects: Sequence[Subject]) -> None:
    """Let happen what operations of these subjects ask for, some minutes ago; the resources must exist."""
    for subject in subjects:
        if happened := _HAPPENED.get(subject.kind):
            happened(aws, subject)
        if beside := _HAPPENED_BESIDE.get(subject.kind):
            beside(aws, subject, subjects)


def event(
    aws: Aws,
    source: str,
    name: str,
    *,
    code: str = "",
    minutes: float = 20,
    parameters: Mapping[str, str] | None = None,
    role: str = "",
    **more: object,
) -> None:
    """Let CloudTrail record an event; `code` is the error code of one that was refused, `role` who asked."""
    at = datetime.now(UTC) - timedelta(minutes=minutes)
    told_of: dict[str, object] = {"requestParameters": dict(parameters) if parameters else None}
    if role:
        told_of["userIdentity"] = {"sessionContext": {"sessionIssuer": {"userName": role}}}
    record = json.dumps({"eventName": name, **told_of, **({"errorCode": code} if code else {})})
    told = {"EventName": name, "EventSource": source, "EventTime": at.timestamp(), "CloudTrailEvent": record}
    tag = {"Key": str(uuid4()), "Value": json.dumps({**told, **more})}
    aws.write("cloudtrail:AddTags", ResourceId=HISTORY, TagsList=[tag])


def forget_events(aws: Aws) -> None:
    """Let CloudTrail have recorded nothing."""
    [told] = aws.write("cloudtrail:ListTags", ResourceIdList=[HISTORY])["ResourceTagList"]
    aws.write("cloudtrail:RemoveTags", ResourceId=HISTORY, TagsList=told["TagsList"])


def metric(aws: Aws, namespace: str, name: str, value: float, minutes: float = 6, **dimensions: str) -> None:
    """Let CloudWatch have a value of a metric."""
    measured = {
        "MetricName": name,
        "Dimensions": [{"Name": key, "Value": it} for key, it in dimensions.items()],
        "Timestamp": datetime.now(UTC) - timedelta(minutes=minutes),
        "Value": value,
    }
    aws.write("cloudwatch:PutMetricData", Namespace=namespace, MetricData=[measured])


def line(aws: Aws, group: str, message: str, minutes: float = 6) -> None:
    """Let a function log a line; where there is no log group it creates one, as Lambda does."""
    at = datetime.now(UTC) - timedelta(minutes=minutes)
    known = aws.write("logs:DescribeLogGroups", logGroupNamePrefix=group)["logGroups"]
    if not known:
        aws.write("logs:CreateLogGroup", logGroupName=group)
    stream = {"logGroupName": group, "logStreamName": f"stream-{at.timestamp()}"}
    aws.write("logs:CreateLogStream", **stream)
    event = {"timestamp": int(at.timestamp() * 1000), "message": message}
    aws.write("logs:PutLogEvents", logEvents=[event], **stream)


def report(
    aws: Aws, group: str, *, used: float, of: float, init: float | None = None, minutes: float = 6
) -> None:
    """Let Lambda report an invocation that used so many of its megabytes; `init` is of a cold start."""
    cold = "" if init is None else f"Init Duration: {init} ms\t"
    times = "Duration: 12.5 ms\tBilled Duration: 13 ms\t"
    told = f"{times}Memory Size: {of} MB\tMax Memory Used: {used} MB\t{cold}"
    line(aws, group, f"REPORT RequestId: 6bc28136-xmpl\t{told}", minutes)


def alarm_state(aws: Aws, alarm: str, state: str, *, hours: float, ends: str = "Succeeded") -> None:
    """Let an alarm have come to a state so long ago; an action that ends in nothing was not executed."""
    seeds = {ENDS: ends, AGE_IN_HOURS: hours}
    aws.write(
        "cloudwatch:SetAlarmState",
        AlarmName=alarm,
        StateValue=state,
        StateReason="it happened",
        StateReasonData=json.dumps(seeds),
    )


def lock(aws: Aws, table: str, path: str, minutes: float) -> None:
    """Let a run of Terraform hold the lock on a state, since so many minutes."""
    created = datetime.now(UTC) - timedelta(minutes=minutes)
    info = {
        "ID": "6c5d9a8e-2a4f-4f0b-9d3c-1b7e5f0a2c44",
        "Operation": "OperationTypeApply",
        "Info": "",
        "Who": "runner@fv-az1",
        "Version": "1.6.0",
        "Created": f"{created:%Y-%m-%dT%H:%M:%S.%f}789Z",
        "Path": path,
    }
    item = {"LockID": {"S": path}, "Info": {"S": json.dumps(info)}}
    aws.write("dynamodb:PutItem", TableName=table, Item=item)


def backup(aws: Aws, table: str, vault: str, **seeds: str) -> None:
    """Let AWS Backup have run a job of a table."""
    aws.write(
        "backup:StartBackupJob",
        BackupVaultName=vault,
        ResourceArn=aws.arn("dynamodb", f"table/{table}"),
        IamRoleArn=f"arn:aws:iam::{aws.account}:role/service-role/AWSBackupDefaultServiceRole",
        RecoveryPointTags=seeds,
    )


def keep_state(aws: Aws, name: str, managed: list[str]) -> str:
    """Let a state lie in its bucket that manages these resources; return its MD5."""
    named = {"aws_dynamodb_table": "name", "aws_s3_bucket": "bucket"}
    resources = [
        {
            "mode": "managed",
            "type": type_,
            "name": "it",
            "instances": [{"attributes": {named[type_]: resource, "password": SECRET}}],
        }
        for type_, resource in (entry.split() for entry in managed)
    ]
    bucket, _, key = name.partition("/")
    body = json.dumps({"version": 4, "resources": resources})
    aws.write("s3:PutObject", Bucket=bucket, Key=key, Body=body)
    return hashlib.md5(body.encode(), usedforsecurity=False).hexdigest()


def first_state(aws: Aws, name: str) -> None:
    """Let a state have been written once."""
    remove_object(aws, name)
    keep_state(aws, name, [])


def copied_back(aws: Aws, table: str, name: str) -> None:
    """Let somebody copy an older state over the newest, as with `aws s3 cp`; nobody holds its lock."""
    aws.write("dynamodb:DeleteItem", TableName=table, Key={"LockID": {"S": name}})
    keep_state(aws, name, ["aws_s3_bucket of-an-older-state"])


def digest(aws: Aws, table: str, path: str, md5: str) -> None:
    """Let a run of Terraform have left the digest of a state."""
    item = {"LockID": {"S": f"{path}-md5"}, "Digest": {"S": md5}}
    aws.write("dynamodb:PutItem", TableName=table, Item=item)


def _kept(aws: Aws, subject: Subject, others: Sequence[Subject]) -> None:
    """Let the state have been written, before too, and its digest with it."""
    for _ in range(subject.expected.get("least_versions", 1)):
        md5 = keep_state(aws, subject.name, subject.expected.get("managed", []))
    for table in (it for it in others if it.kind is LockTable):
        digest(aws, table.name, subject.name, md5)


def _measured(aws: Aws, subject: Subject) -> None:
    """Let everything have been used that a metric proves the use of, and be as it is expected."""
    question = subject.question
    assert isinstance(question, Measurement)
    asked = question.metrics if "least" in subject.expected else []
    beside = question.proves_use or question.over or question.metrics
    own = question.of.dimensions(Asked(aws, subject.name)) if question.of else {}
    for it in (*asked, *(it for it in beside if it not in asked)):
        of = {**own, **_of(it)}
        for minutes, times in _when(question):
            value = _value(it, subject) * times
            metric(aws.within(it.region or aws.region), it.namespace, it.name, value, minutes, **of)


def _when(question: Measurement) -> Iterator[tuple[float, float]]:
    """Yield how many minutes ago something is measured, and how much: more earlier, where it may not grow."""
    yield 6, 1
    if question.over_earlier_minutes:
        yield (question.looked_back_minutes or 0) + 30, 10


def _value(it: Measured, subject: Subject) -> float:
    """Return a value that a metric may have: as it is expected, and of the rest of a whole nothing."""
    question, expected = subject.question, subject.expected
    is_part_of_a_whole = all(part in question.over for part in question.metrics)
    if is_part_of_a_whole and "least" in expected and it not in question.metrics:
        return 0
    borne = min(5, expected.get("most", 5))
    return max(borne, expected.get("least", borne)) if it in question.metrics else 5


def _of(it: Measured) -> dict[str, str]:
    """Return dimensions that a metric may have."""
    return {name: _one(of) for name, of in it.dimensions.items()}


def _one(value: str | list[str]) -> str:
    """Return a value that a dimension may have."""
    return (value if isinstance(value, str) else value[0]).replace("*", "any")


def _filled(aws: Aws, subject: Subject) -> None:
    if "least_items" in subject.expected:
        keys = aws.write("dynamodb:DescribeTable", TableName=subject.name)["Table"]["KeySchema"]
        item = {key["AttributeName"]: {"S": "TENANT#test-id"} for key in keys}
        aws.write("dynamodb:PutItem", TableName=subject.name, Item=item)


def _backed_up(aws: Aws, subject: Subject, others: Sequence[Subject]) -> None:
    vault = next(other.name for other in others if other.kind is BackupVault)
    backup(aws, subject.name, vault)


def _kept_by_hand(aws: Aws, subject: Subject) -> None:
    """Let somebody have made a backup of a table on demand, and called it as it must be called."""
    assert isinstance(subject.question, Named)
    name = subject.question.called.replace("[0-9]{8}", "20261129")
    aws.write("dynamodb:CreateBackup", TableName=subject.name, BackupName=name)


def _published(aws: Aws, subject: Subject) -> None:
    """Let a function have been changed, and published, as often as it must have been."""
    for number in range(1, subject.expected.get("least_versions", 1)):
        told = {"FunctionName": subject.name, "Description": f"change {number}"}
        aws.write("lambda:UpdateFunctionConfiguration", **told)
        aws.write("lambda:PublishVersion", FunctionName=subject.name)


def execution_log(aws: Aws, api: str, stage: str) -> str:
    """Return what the execution log of a stage is called."""
    found = next(it["id"] for it in aws.write("apigateway:GetRestApis")["items"] if it["name"] == api)
    return f"API-Gateway-Execution-Logs_{found}/{stage}"


def _answered_requests(aws: Aws, subject: Subject) -> None:
    """Let each stage that must be there have answered a request."""
    for stage in subject.expected.get("stages", []):
        line(aws, execution_log(aws, subject.name, stage), "Method completed with status: 200", 50)


def _nothing_went_wrong(aws: Aws, subject: Subject) -> None:
    """Let a stage have answered a request of the window, and logged nothing of it."""
    lines = subject.question
    assert isinstance(lines, ApiLines)
    line(aws, execution_log(aws, subject.name, lines.stage), "Method completed with status: 200", 50)
    for it in lines.proves_use:
        metric(aws, it.namespace, it.name, 5, **_of(it))


def _restored(aws: Aws, subject: Subject) -> None:
    role = f"arn:aws:iam::{aws.account}:role/service-role/AWSBackupDefaultServiceRole"
    backup = aws.write(
        "backup:StartBackupJob",
        BackupVaultName=subject.name,
        ResourceArn=aws.arn("dynamodb", "table/rehearsed"),
        IamRoleArn=role,
    )
    aws.write(
        "backup:StartRestoreJob",
        RecoveryPointArn=backup["RecoveryPointArn"],
        Metadata={"targetTableName": "rehearsed-restored"},
        IamRoleArn=role,
    )


def _locked(aws: Aws, subject: Subject, others: Sequence[Subject]) -> None:
    path = next((other.name for other in others if other.kind is StateObject), "states/terraform.tfstate")
    lock(aws, subject.name, path, minutes=2)


def _logged(aws: Aws, subject: Subject) -> None:
    line(aws, subject.name, "[INFO] DynamoDB Query took 12 ms")
    if "least" in subject.expected:
        assert isinstance(subject.question, Lines)
        line(aws, subject.name, f"[INFO] {subject.question.any_of[0]}")


def _written(aws: Aws, subject: Subject) -> None:
    """Let something have run that writes to a log group, and have written there."""
    written = subject.question
    assert isinstance(written, Written)
    for it in written.proves_use:
        metric(aws, it.namespace, it.name, 5, written.delivered_within_minutes + 6, **_of(it))
    line(aws, subject.name, "[INFO] it ran")


def _reported(aws: Aws, subject: Subject) -> None:
    """Let Lambda have reported an invocation that used half of its memory, and did not begin cold."""
    report(aws, subject.name, used=64, of=128)


def expiring(aws: Aws, table: str, key: str, value: dict[str, str] | None, by: str) -> None:
    """Let a table hold an item that says when it expires."""
    keys = aws.write("dynamodb:DescribeTable", TableName=table)["Table"]["KeySchema"]
    item = {it["AttributeName"]: {"S": key} for it in keys} | ({by: value} if value else {})
    aws.write("dynamodb:PutItem", TableName=table, Item=item)


def in_seconds(**ahead: float) -> dict[str, str]:
    """Return a time so far ahead as DynamoDB keeps it."""
    return {"N": str(int((datetime.now(UTC) + timedelta(**ahead)).timestamp()))}


def _expiring(aws: Aws, subject: Subject) -> None:
    assert isinstance(subject.question, Sampled)
    expiring(aws, subject.name, "one", in_seconds(days=1), subject.question.attribute)


def _delivered_to_a_log(aws: Aws, subject: Subject) -> None:
    """Let a trail have a log group that it delivers to, where it is to."""
    if "most_minutes_since_log_delivery" in subject.expected:
        of = f"arn:aws:logs:{aws.region}:{aws.account}:log-group:of-the-trail:*"
        role = f"arn:aws:iam::{aws.account}:role/of-the-trail"
        log = {"CloudWatchLogsLogGroupArn": of, "CloudWatchLogsRoleArn": role}
        [trail] = aws.write("cloudtrail:DescribeTrails", trailNameList=[subject.name])["trailList"]
        if not trail.get("CloudWatchLogsLogGroupArn"):
            aws.write("cloudtrail:UpdateTrail", Name=subject.name, **log)


def _recorded(aws: Aws, subject: Subject) -> None:
    """Let the service have been asked for something, and for what must have been asked for."""
    events = subject.question
    assert isinstance(events, Events)
    event(aws, events.source, "ListTagsForResource")
    for name in events.names if "least" in subject.expected else ():
        parameters = {key: text.replace("*", "it") for key, text in events.any_parameter.items()}
        event(aws, events.source, name, parameters=parameters)


def _arrived(aws: Aws, subject: Subject) -> None:
    """Let there have been something to deliver, and let it have arrived."""
    arrived, now = subject.question, datetime.now(UTC)
    assert isinstance(arrived, Arrived)
    for it in arrived.proves_use:
        minutes = arrived.delivered_within_hours * 60 + 6
        metric(aws, it.namespace, it.name, 5, minutes, **_of(it))
    bucket, _, prefix = subject.name.partition("/")
    aws.write("s3:PutObject", Bucket=bucket, Key=f"{prefix}{now.strftime(arrived.dated)}-of-today", Body=b"")


def old_object(
    aws: Aws, bucket: str, key: str, *, days: float, size: int = 0, storage_class: str = "STANDARD"
) -> None:
    """Let an object have been written so many days ago, of so many bytes."""
    aws.write("s3:PutObject", Bucket=bucket, Key=key, Body=bytes(size), StorageClass=storage_class)
    written = s3_backends[aws.account]["aws"].buckets[bucket].keys[key]
    written.last_modified = (datetime.now(UTC) - timedelta(days=days)).replace(tzinfo=None)


def user(
    aws: Aws,
    pool: str,
    name: str,
    *,
    groups: Sequence[str] = (),
    days: float = 30,
    changed_days: float | None = None,
    status: str = "CONFIRMED",
    verified: bool = True,
    token: bool = True,
    enabled: bool = True,
) -> None:
    """Let a user have been created in a pool so many days ago, and changed since; by default all is well.

    `token` says whether a code of an authenticator app is asked for at sign-in.
    """
    held = cognitoidp_backends[aws.account][aws.region]
    pool_id = next(it.id for it in held.user_pools.values() if it.name == pool)
    attributes = [("email", name), ("email_verified", str(verified).lower())]
    aws.write(
        "cognito-idp:AdminCreateUser",
        UserPoolId=pool_id,
        Username=name,
        UserAttributes=[{"Name": key, "Value": value} for key, value in attributes],
    )
    for group in groups:
        aws.write("cognito-idp:AdminAddUserToGroup", UserPoolId=pool_id, Username=name, GroupName=group)
    created = held.admin_get_user(pool_id, name)
    created.status, created.enabled, created.software_token_mfa_enabled = status, enabled, token
    created.create_date = datetime.now(UTC) - timedelta(days=days)
    since = days if changed_days is None else changed_days
    created.last_modified_date = datetime.now(UTC) - timedelta(days=since)


def jobs(aws: Aws, app: str, branch: str, *statuses: str) -> None:
    """Let the jobs of a branch of an application of Amplify have ended so, and be all that there were.

    The newest is told first, as Amplify lists them.
    """
    held = amplify_backends[aws.account][aws.region]
    app_id = next(str(it["appId"]) for it in aws.write("amplify:ListApps")["apps"] if it["name"] == app)
    held.jobs.pop((app_id, branch), None)
    for status in reversed(statuses):
        aws.write("amplify:StartJob", appId=app_id, branchName=branch, jobType="RELEASE")
        held.jobs[app_id, branch][0]["status"] = status


def _built(aws: Aws, subject: Subject) -> None:
    """Let two jobs have succeeded: what is served can be taken back."""
    assert isinstance(subject.question, OfJobs)
    jobs(aws, subject.name, subject.question.branch, "SUCCEED", "SUCCEED")


def _joined(aws: Aws, subject: Subject) -> None:
    """Let the group that is asked about have a member, of whom nothing is to be said."""
    assert isinstance(subject.question, OfUsers)
    user(aws, subject.name, "ann@example.com", groups=[subject.question.group])
    signed_in(aws, subject.name, 1)


def signed_in(aws: Aws, pool: str, success: float) -> None:
    """Let somebody have tried to sign in to a pool: 1 says that it succeeded, 0 that not."""
    held = cognitoidp_backends[aws.account][aws.region]
    found = next(it for it in held.user_pools.values() if it.name == pool)
    for client in found.clients:
        metric(aws, "AWS/Cognito", "SignInSuccesses", success, UserPool=found.id, UserPoolClient=client)


def client_changed(aws: Aws, name: str, *, minutes: float) -> str:
    """Let a client `pool/client` have been changed last so many minutes ago, and return its id."""
    pool, _, client = name.partition("/")
    held = cognitoidp_backends[aws.account][aws.region]
    found = next(it for it in held.user_pools.values() if it.name == pool)
    its = next(it for it in found.clients.values() if it.extended_config["ClientName"] == client)
    its.extended_config[CHANGED] = datetime.now(UTC) - timedelta(minutes=minutes)
    return str(its.id)


def _changed_long_ago(aws: Aws, subject: Subject) -> None:
    client_changed(aws, subject.name, minutes=30 * 24 * 60)


def watched(aws: Aws, subject: Subject) -> None:
    """Let CloudWatch have recorded what an alarm is on, days ago, where it is to have done that."""
    if "recorded_with" not in subject.expected:
        return
    [alarm] = aws.write("cloudwatch:DescribeAlarms", AlarmNames=[name_of(subject, aws)])["MetricAlarms"]
    dimensions = {it["Name"]: it["Value"] for it in alarm["Dimensions"]}
    for it in (alarm["MetricName"], *subject.expected["recorded_with"]):
        metric(aws, alarm["Namespace"], it, 0, 10 * 24 * 60, **dimensions)


def _stood_before(aws: Aws, subject: Subject) -> None:
    """Let a web ACL stand before the stage that it is to stand before; moto was not given that one."""
    api, stage = subject.expected["api"], subject.expected["stage"]
    found = [it for it in aws.write("apigateway:GetRestApis")["items"] if it["name"] == api]
    of = (found or [aws.write("apigateway:CreateRestApi", name=api)])[0]["id"]
    if stage not in [it["stageName"] for it in aws.write("apigateway:GetStages", restApiId=of)["item"]]:
        _deployed(aws, of, stage)
    acls = aws.write("wafv2:ListWebACLs", Scope="REGIONAL")["WebACLs"]
    acl = next(it["ARN"] for it in acls if it["Name"] == subject.name)
    arn = f"arn:aws:apigateway:{aws.region}::/restapis/{of}/stages/{stage}"
    aws.write("wafv2:AssociateWebACL", WebACLArn=acl, ResourceArn=arn)


def _deployed(aws: Aws, api: str, stage: str) -> None:
    """Deploy a method of an API that answers by itself: without one there is nothing to deploy."""
    [root] = aws.write("apigateway:GetResources", restApiId=api)["items"]
    of = {"restApiId": api, "resourceId": root["id"], "httpMethod": "GET"}
    aws.write("apigateway:PutMethod", authorizationType="NONE", **of)
    aws.write("apigateway:PutIntegration", type="MOCK", **of)
    aws.write("apigateway:CreateDeployment", restApiId=api, stageName=stage)


def cost(aws: Aws, amount: float) -> None:
    """Let an account have cost so much this month, whoever asks next."""
    held = ce_backends[aws.account]["aws"]
    total = {"UnblendedCost": {"Amount": str(amount), "Unit": "USD"}}
    held.cost_usage_results.clear()
    held.cost_usage_results_queue[:] = [{"ResultsByTime": [{"Total": total}]}]


def answers(aws: Aws, function: str, answer: object, error: str = "") -> None:
    """Let a function answer so whoever invokes it; moto runs none without Docker."""
    held = lambda_backends[aws.account][aws.region].get_function(function)

    def invoke(body: str, asked: object, headers: dict[str, str]) -> bytes:
        headers |= {"x-amz-function-error": error} if error else {}
        return json.dumps(answer).encode()

    vars(held)["invoke"] = invoke


def _answered(aws: Aws, subject: Subject) -> None:
    """Let a function answer as it must."""
    told: dict[str, object] = {}
    for place, words in subject.expected["answers"].items():
        *steps, last = place.split(".")
        at = told
        for step in steps:
            at = at.setdefault(step, {})  # type: ignore[assignment]
        at[last] = words[0]
    answers(aws, subject.name, told)


def secret(aws: Aws, name: str, value: object) -> None:
    """Let somebody write what a secret holds; a text is written as it is."""
    text = value if isinstance(value, str) else json.dumps(value)
    aws.write("secretsmanager:PutSecretValue", SecretId=name, SecretString=text)


def _held(aws: Aws, subject: Subject) -> None:
    """Let a secret hold a value under each key."""
    assert isinstance(subject.question, OfContent)
    secret(aws, name_of(subject, aws), {key: f"{SECRET}-{key}" for key in subject.question.must_hold})


def deliver_nothing(aws: Aws, bucket: str, logs: str) -> None:
    """Let no log of who asked a bucket have come into another; moto delivers at once while it is told to."""
    aws.write("s3:PutBucketLogging", Bucket=bucket, BucketLoggingStatus={})
    for it in aws.write("s3:ListObjectsV2", Bucket=logs).get("Contents", []):
        aws.write("s3:DeleteObject", Bucket=logs, Key=it["Key"])


def judged(aws: Aws, rule: str, verdict: str) -> None:
    """Let AWS Config come to a verdict by a rule."""
    described = aws.write("config:DescribeConfigRules", ConfigRuleNames=[rule])["ConfigRules"][0]
    tag = {"Key": VERDICT, "Value": verdict}
    aws.write("config:TagResource", ResourceArn=described["ConfigRuleArn"], Tags=[tag])


_HAPPENED: dict[type, Callable[[Aws, Subject], None]] = {
    AmplifyJobs: _built,
    ApiLogLines: _nothing_went_wrong,
    Alarm: watched,
    ClientChanges: _changed_long_ago,
    ClientSignIns: lambda aws, subject: signed_in(aws, subject.name.partition("/")[0], 1),
    ConfigRule: lambda aws, subject: judged(aws, name_of(subject, aws), "COMPLIANT"),
    EventHistory: _recorded,
    Function: _published,
    InvocationProbe: _answered,
    ItemSample: _expiring,
    LogArrivals: _written,
    LogLines: _logged,
    LogQuery: _reported,
    RestApi: _answered_requests,
    RestoreHistory: _restored,
    Table: _filled,
    TableBackups: _kept_by_hand,
    Metric: _measured,
    ObjectArrivals: _arrived,
    Trail: _delivered_to_a_log,
    Cost: lambda aws, subject: cost(aws, 12.5),
    PoolUsers: _joined,
    SecretContent: _held,
    WebAcl: _stood_before,
}
_HAPPENED_BESIDE: dict[type, Callable[[Aws, Subject, Sequence[Subject]], None]] = {
    BackupHistory: _backed_up,
    LockTable: _locked,
    StateObject: _kept,
}
"""What involves another subject of the stack: the vault, the state that is locked, the lock table."""
