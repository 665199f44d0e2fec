"""Each operation that is added to moto answers as AWS does, in this process and in a server alike."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from urllib.request import Request, urlopen

import boto3  # type: ignore[import-untyped]
import pytest
from moto import mock_aws
from moto.backup.responses import BackupResponse
from moto.core.base_backend import BackendDict

from plumbline.sources.moto.event_history import HISTORY
from plumbline.sources.moto.extensions import AGE_IN_HOURS, STATE, install
from selftest.applied.server import REPOSITORY, MotoServer, moto_server

ACCOUNT = "536580886816"
TABLE = f"arn:aws:dynamodb:af-south-1:{ACCOUNT}:table/bbws-tenants-dev"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/service-role/AWSBackupDefaultServiceRole"
COPIES = "arn:aws:s3:::copies"
DENIAL = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": ["arn:aws:s3:::letters", "arn:aws:s3:::letters/*"],
}
DENIED = {"Version": "2012-10-17"}
OVER_HTTP = {"Condition": {"Bool": {"aws:SecureTransport": "false"}}}


@pytest.fixture(scope="module")
def server() -> Iterator[MotoServer]:
    with moto_server(ACCOUNT) as started:
        yield started


@pytest.fixture(params=["in process", "server"])
def session(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A session of an empty account."""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("MOTO_ACCOUNT_ID", ACCOUNT)
    install()
    if request.param == "server":
        endpoint = request.getfixturevalue("server").endpoint
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
        urlopen(Request(f"{endpoint}/moto-api/reset", method="POST"))
    with mock_aws() if request.param == "in process" else nullcontext():
        BackendDict.reset()  # where moto stands already, another one finds what it holds
        yield boto3.Session("testing", "testing", region_name="af-south-1")


@pytest.fixture
def backup(session: Any) -> Any:
    return session.client("backup")


@pytest.fixture
def vault(backup: Any) -> str:
    return cast(str, backup.create_backup_vault(BackupVaultName="vault")["BackupVaultName"])


@pytest.fixture
def plan(backup: Any, vault: str) -> str:
    rules = [{"RuleName": "daily", "TargetBackupVaultName": vault}]
    plan = backup.create_backup_plan(BackupPlan={"BackupPlanName": "plan", "Rules": rules})
    return cast(str, plan["BackupPlanId"])


def select(backup: Any, plan: str) -> str:
    content = {"SelectionName": "tables", "IamRoleArn": ROLE, "Resources": [TABLE]}
    selection = backup.create_backup_selection(BackupPlanId=plan, BackupSelection=content)
    return cast(str, selection["SelectionId"])


def run_job(backup: Any, vault: str, **seeds: str) -> None:
    backup.start_backup_job(
        BackupVaultName=vault, ResourceArn=TABLE, IamRoleArn=ROLE, RecoveryPointTags=seeds
    )


def test_a_selection_is_read_back_as_it_was_made(backup: Any, plan: str) -> None:
    selection = select(backup, plan)
    read = backup.get_backup_selection(BackupPlanId=plan, SelectionId=selection)["BackupSelection"]
    assert read == {"SelectionName": "tables", "IamRoleArn": ROLE, "Resources": [TABLE]}


def test_the_selections_of_a_plan_are_listed(backup: Any, plan: str) -> None:
    selection = select(backup, plan)
    [listed] = backup.list_backup_selections(BackupPlanId=plan)["BackupSelectionsList"]
    assert (listed["SelectionId"], listed["IamRoleArn"]) == (selection, ROLE)


def test_a_deleted_selection_is_gone(backup: Any, plan: str) -> None:
    selection = select(backup, plan)
    backup.delete_backup_selection(BackupPlanId=plan, SelectionId=selection)
    assert backup.list_backup_selections(BackupPlanId=plan)["BackupSelectionsList"] == []
    with pytest.raises(backup.exceptions.ResourceNotFoundException):
        backup.get_backup_selection(BackupPlanId=plan, SelectionId=selection)


def test_a_selection_needs_a_plan(backup: Any) -> None:
    with pytest.raises(backup.exceptions.ResourceNotFoundException):
        select(backup, plan="no-such-plan")
    with pytest.raises(backup.exceptions.ResourceNotFoundException):
        backup.list_backup_selections(BackupPlanId="no-such-plan")


def test_the_tags_of_a_vault_are_listed(backup: Any) -> None:
    arn = backup.create_backup_vault(BackupVaultName="tagged", BackupVaultTags={"Owner": "Tebogo"})[
        "BackupVaultArn"
    ]
    assert backup.list_tags(ResourceArn=arn)["Tags"] == {"Owner": "Tebogo"}


def test_a_job_leaves_a_recovery_point_in_the_vault_and_for_the_table(backup: Any, vault: str) -> None:
    run_job(backup, vault)
    [job] = backup.list_backup_jobs(ByResourceArn=TABLE)["BackupJobs"]
    [in_vault] = backup.list_recovery_points_by_backup_vault(BackupVaultName=vault)["RecoveryPoints"]
    [of_table] = backup.list_recovery_points_by_resource(ResourceArn=TABLE)["RecoveryPoints"]
    assert (job["State"], in_vault["Status"], of_table["Status"]) == ("COMPLETED",) * 3
    assert job["RecoveryPointArn"] == in_vault["RecoveryPointArn"] == of_table["RecoveryPointArn"]


def test_a_failed_job_leaves_no_recovery_point(backup: Any, vault: str) -> None:
    run_job(backup, vault, **{STATE: "FAILED"})
    assert len(backup.list_backup_jobs(ByState="FAILED")["BackupJobs"]) == 1
    assert backup.list_backup_jobs(ByState="COMPLETED")["BackupJobs"] == []
    assert backup.list_recovery_points_by_backup_vault(BackupVaultName=vault)["RecoveryPoints"] == []


def test_a_recovery_point_is_as_old_as_it_is_seeded(backup: Any, vault: str) -> None:
    run_job(backup, vault, **{AGE_IN_HOURS: "72"})
    [point] = backup.list_recovery_points_by_resource(ResourceArn=TABLE)["RecoveryPoints"]
    age = datetime.now(UTC) - point["CreationDate"]
    assert timedelta(hours=72) <= age < timedelta(hours=73)


def test_jobs_and_recovery_points_are_listed_by_their_age(backup: Any, vault: str) -> None:
    run_job(backup, vault)
    run_job(backup, vault, **{AGE_IN_HOURS: "72"})
    yesterday = datetime.now(UTC) - timedelta(days=1)
    older = backup.list_recovery_points_by_backup_vault(BackupVaultName=vault, ByCreatedBefore=yesterday)
    assert len(backup.list_backup_jobs(ByCreatedAfter=yesterday)["BackupJobs"]) == 1
    assert len(older["RecoveryPoints"]) == 1


def test_a_job_needs_a_vault(backup: Any) -> None:
    with pytest.raises(backup.exceptions.ResourceNotFoundException):
        run_job(backup, vault="no-such-vault")


def test_a_job_is_described_and_its_recovery_point_deleted(backup: Any, vault: str) -> None:
    started = backup.start_backup_job(BackupVaultName=vault, ResourceArn=TABLE, IamRoleArn=ROLE)
    job = backup.describe_backup_job(BackupJobId=started["BackupJobId"])
    assert job["State"] == "COMPLETED"
    backup.delete_recovery_point(BackupVaultName=vault, RecoveryPointArn=job["RecoveryPointArn"])
    assert backup.list_recovery_points_by_resource(ResourceArn=TABLE)["RecoveryPoints"] == []


def test_restores_are_listed_by_their_age(backup: Any) -> None:
    for metadata in ({}, {AGE_IN_HOURS: "72"}):
        backup.start_restore_job(RecoveryPointArn="arn:p", Metadata=metadata, IamRoleArn=ROLE)
    yesterday = datetime.now(UTC) - timedelta(days=1)
    listed = backup.list_restore_jobs(ByCreatedAfter=yesterday, ByStatus="COMPLETED")["RestoreJobs"]
    assert [job["ResourceType"] for job in listed] == ["DynamoDB"]


def test_a_service_is_opted_out_of_backups(backup: Any) -> None:
    backup.update_region_settings(ResourceTypeOptInPreference={"DynamoDB": False})
    assert backup.describe_region_settings()["ResourceTypeOptInPreference"]["DynamoDB"] is False


def test_an_object_is_replicated_where_an_enabled_rule_says(session: Any) -> None:
    s3 = session.client("s3")
    for bucket in ("letters", "copies"):
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "af-south-1"})
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket="letters", Key="before", Body=b"text")
    rule = {"Status": "Enabled", "Filter": {"Prefix": ""}, "Priority": 1, "Destination": {"Bucket": COPIES}}
    configuration = {"Role": ROLE, "Rules": [rule | {"DeleteMarkerReplication": {"Status": "Disabled"}}]}
    s3.put_bucket_replication(Bucket="letters", ReplicationConfiguration=configuration)
    s3.put_object(Bucket="letters", Key="after", Body=b"text")
    assert s3.head_object(Bucket="letters", Key="after")["ReplicationStatus"] == "COMPLETED"
    assert s3.head_object(Bucket="copies", Key="after")["ReplicationStatus"] == "REPLICA"
    assert "ReplicationStatus" not in s3.head_object(Bucket="letters", Key="before")


def test_a_support_plan_has_severity_levels(session: Any) -> None:
    levels = session.client("support", region_name="us-east-1").describe_severity_levels()["severityLevels"]
    assert "urgent" in [level["code"] for level in levels]


@pytest.mark.parametrize("condition", [{}, OVER_HTTP])
def test_no_policy_keeps_the_owner_of_a_bucket_from_its_objects(session: Any, condition: Any) -> None:
    s3 = session.client("s3")
    s3.create_bucket(Bucket="letters", CreateBucketConfiguration={"LocationConstraint": "af-south-1"})
    s3.put_bucket_policy(
        Bucket="letters", Policy=json.dumps({**DENIED, "Statement": {**DENIAL, **condition}})
    )
    s3.put_object(Bucket="letters", Key="first", Body=b"text")
    assert s3.get_object(Bucket="letters", Key="first")["Body"].read() == b"text"


DELIVERING = {
    "Effect": "Allow",
    "Principal": {"Service": ["delivery.logs.amazonaws.com", "logging.s3.amazonaws.com"]},
    "Action": ["s3:PutObject"],
    "Resource": ["arn:aws:s3:::letters/logs/*"],
}


@pytest.mark.parametrize("statement", [DELIVERING, None])
def test_a_bucket_logs_to_another_whatever_its_policy_lists(session: Any, statement: Any) -> None:
    s3 = session.client("s3")
    s3.create_bucket(Bucket="letters", CreateBucketConfiguration={"LocationConstraint": "af-south-1"})
    if statement:
        s3.put_bucket_policy(Bucket="letters", Policy=json.dumps({**DENIED, "Statement": [statement]}))
    logged = {"LoggingEnabled": {"TargetBucket": "letters", "TargetPrefix": "logs/"}}
    s3.put_bucket_logging(Bucket="letters", BucketLoggingStatus=logged)
    assert s3.get_bucket_logging(Bucket="letters")["LoggingEnabled"] == logged["LoggingEnabled"]


def test_installing_twice_changes_nothing() -> None:
    install()
    once = dict(vars(BackupResponse))
    install()
    assert dict(vars(BackupResponse)) == once


# What moto does without the extensions, in a process that does not install them.
WITHOUT_EXTENSIONS = """
import json, sys
import boto3, requests
from moto import mock_aws
from moto.backup.responses import BackupResponse
from urllib.parse import quote
from plumbline.sources.moto.event_history import HISTORY
from plumbline.sources.moto.extensions import Backup

added = {name for name in vars(Backup) if not name.startswith("_")}
facts = {"has already": sorted(name for name in added if hasattr(BackupResponse, name))}
with mock_aws():
    session = boto3.Session("testing", "testing", region_name="af-south-1")
    vault = session.client("backup").create_backup_vault(BackupVaultName="v", BackupVaultTags={"a": "b"})
    url = "https://backup.af-south-1.amazonaws.com/tags/" + quote(vault["BackupVaultArn"], safe="")
    facts["tags that Terraform gets"] = requests.get(url).json()["Tags"]
    s3 = session.client("s3")
    s3.create_bucket(Bucket="letters", CreateBucketConfiguration={"LocationConstraint": "af-south-1"})
    logged = {"LoggingEnabled": {"TargetBucket": "letters", "TargetPrefix": ""}}
    try:
        s3.put_bucket_logging(Bucket="letters", BucketLoggingStatus=logged)
        facts["logs without a policy"] = "accepted"
    except s3.exceptions.ClientError as error:
        facts["logs without a policy"] = error.response["Error"]["Code"]
    try:
        s3.put_bucket_metrics_configuration(Bucket="letters", Id="a", MetricsConfiguration={"Id": "a"})
        facts["request metrics"] = "accepted"
    except s3.exceptions.ClientError as error:
        facts["request metrics"] = error.response["Error"]["Code"]
    rule = {"ID": "a", "Status": "Enabled", "Filter": {"ObjectSizeLessThan": 9}, "Expiration": {"Days": 1}}
    s3.put_bucket_lifecycle_configuration(Bucket="letters", LifecycleConfiguration={"Rules": [rule]})
    [kept] = s3.get_bucket_lifecycle_configuration(Bucket="letters")["Rules"]
    facts["what a rule is for"] = kept["Filter"]
    s3.put_bucket_policy(Bucket="letters", Policy=sys.argv[1])
    try:
        s3.put_object(Bucket="letters", Key="k", Body=b"")
        facts["put over TLS"] = "accepted"
    except s3.exceptions.ClientError as error:
        facts["put over TLS"] = error.response["Error"]["Code"]
print(json.dumps(facts))
"""


def test_moto_itself_still_lacks_what_is_added() -> None:
    """When this fails, moto has caught up: drop from the extensions what it can now do itself."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    policy = json.dumps({**DENIED, "Statement": {**DENIAL, **OVER_HTTP}})
    run = subprocess.run(
        [sys.executable, "-c", WITHOUT_EXTENSIONS, policy],
        check=False,
        cwd=REPOSITORY,
        env=outside,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == {
        "has already": ["list_tags"],
        "tags that Terraform gets": {},
        "put over TLS": "403",
        "logs without a policy": "InvalidTargetBucketForLogging",
        "request metrics": "IllegalLocationConstraintException",
        "what a rule is for": {},
    }


def test_the_event_history_holds_what_it_was_told_page_by_page(session: Any) -> None:
    cloudtrail, now = session.client("cloudtrail"), datetime.now(UTC)
    events = [
        {
            "EventName": name,
            "EventSource": "dynamodb.amazonaws.com",
            "EventTime": (now - timedelta(minutes=ago)).timestamp(),
            "CloudTrailEvent": "{}",
            "Resources": [{"ResourceType": "AWS::DynamoDB::Table", "ResourceName": f"table-{ago}"}],
        }
        for name, ago in (("DeleteTable", 5), ("DeleteTable", 90), *[("TagResource", 7)] * 60)
    ]
    tags = [{"Key": str(at), "Value": json.dumps(event)} for at, event in enumerate(events)]
    cloudtrail.add_tags(ResourceId=HISTORY, TagsList=tags)
    pages = cloudtrail.get_paginator("lookup_events")

    def found(key: str, value: str) -> list[int]:
        attribute = {"AttributeKey": key, "AttributeValue": value}
        since = now - timedelta(hours=1)
        asked = pages.paginate(LookupAttributes=[attribute], StartTime=since, EndTime=now)
        return [len(page["Events"]) for page in asked]

    assert found("EventName", "DeleteTable") == [1]
    assert found("ResourceName", "table-5") == [1]
    assert found("ResourceName", "table-90") == [0]
    assert found("EventSource", "dynamodb.amazonaws.com") == [50, 11]


def test_a_budget_says_who_is_told_and_its_tags(session: Any) -> None:
    budgets = session.client("budgets", region_name="us-east-1")
    told = {"NotificationType": "ACTUAL", "ComparisonOperator": "GREATER_THAN", "Threshold": 80}
    reader = {"SubscriptionType": "EMAIL", "Address": "somebody@example.com"}
    budgets.create_budget(
        AccountId=ACCOUNT,
        Budget={
            "BudgetName": "monthly",
            "BudgetType": "COST",
            "TimeUnit": "MONTHLY",
            "BudgetLimit": {"Amount": "20", "Unit": "USD"},
        },
        NotificationsWithSubscribers=[{"Notification": told, "Subscribers": [reader]}],
        ResourceTags=[{"Key": "Project", "Value": "shop"}],
    )
    asked = {"AccountId": ACCOUNT, "BudgetName": "monthly"}
    found = budgets.describe_subscribers_for_notification(**asked, Notification=told)
    assert found["Subscribers"] == [reader]
    other = budgets.describe_subscribers_for_notification(**asked, Notification={**told, "Threshold": 90})
    assert other["Subscribers"] == []
    tags = budgets.list_tags_for_resource(ResourceARN=f"arn:aws:budgets::{ACCOUNT}:budget/monthly")
    assert tags["ResourceTags"] == [{"Key": "Project", "Value": "shop"}]


def test_a_distribution_is_as_it_was_made(session: Any) -> None:
    cloudfront = session.client("cloudfront", region_name="us-east-1")
    origin = {"Id": "site", "DomainName": "site.s3.amazonaws.com", "OriginAccessControlId": "E2QWRUHAPOMQZL"}
    behaviour = {"TargetOriginId": "site", "ViewerProtocolPolicy": "https-only", "CachePolicyId": "6583"}
    made = cloudfront.create_distribution(
        DistributionConfig={
            "CallerReference": "one",
            "Comment": "",
            "Enabled": True,
            "Origins": {"Quantity": 1, "Items": [{**origin, "S3OriginConfig": {"OriginAccessIdentity": ""}}]},
            "DefaultCacheBehavior": behaviour,
        }
    )
    found = cloudfront.get_distribution_config(Id=made["Distribution"]["Id"])["DistributionConfig"]
    assert found["Origins"]["Items"][0]["OriginAccessControlId"] == "E2QWRUHAPOMQZL"
    assert "ForwardedValues" not in found["DefaultCacheBehavior"]
    assert "SSLSupportMethod" not in found["ViewerCertificate"]


def test_jobs_of_a_branch_are_started_listed_and_told_of(session: Any) -> None:
    amplify = session.client("amplify", region_name="eu-west-1")
    app = amplify.create_app(name="shop")["app"]["appId"]
    branch = {"appId": app, "branchName": "main"}  # a server takes a slash in it for one of the path
    amplify.create_branch(**branch)
    started = [amplify.start_job(**branch, jobType="RELEASE")["jobSummary"] for _ in range(3)]
    assert {it["status"] for it in started} == {"SUCCEED"}
    listed = amplify.list_jobs(**branch)["jobSummaries"]
    assert [it["jobId"] for it in listed] == ["3", "2", "1"]
    assert {*listed[0]} >= {*amplify.meta.service_model.shape_for("JobSummary").required_members}
    pages = amplify.get_paginator("list_jobs").paginate(**branch, PaginationConfig={"PageSize": 2})
    assert [len(it["jobSummaries"]) for it in pages] == [2, 1]
    assert amplify.get_job(**branch, jobId="2")["job"]["summary"]["jobId"] == "2"
    with pytest.raises(amplify.exceptions.NotFoundException):
        amplify.get_job(**branch, jobId="4")
    with pytest.raises(amplify.exceptions.NotFoundException):
        amplify.list_jobs(**branch | {"branchName": "other"})


@pytest.mark.parametrize(
    ("statistic", "value"), [("p0", 1), ("p50", 2), ("p95", 4), ("p100", 4), ("Maximum", 4), ("Sum", 10)]
)
def test_percentiles_are_values_that_so_many_do_not_exceed(
    session: Any, statistic: str, value: float
) -> None:
    cloudwatch, now = session.client("cloudwatch"), datetime.now(UTC)
    data = [
        {"MetricName": "Took", "Value": it, "Timestamp": now - timedelta(minutes=2)} for it in (4, 1, 3, 2)
    ]
    cloudwatch.put_metric_data(Namespace="Shop", MetricData=data)
    metric = {"Namespace": "Shop", "MetricName": "Took", "Dimensions": []}
    query = {"Id": "m", "MetricStat": {"Metric": metric, "Period": 3600, "Stat": statistic}}
    told = cloudwatch.get_metric_data(
        MetricDataQueries=[query], StartTime=now - timedelta(minutes=30), EndTime=now
    )
    assert told["MetricDataResults"][0]["Values"] == [value]


def test_additional_metrics_of_a_distribution_are_switched_on_and_off(session: Any) -> None:
    cloudfront = session.client("cloudfront", region_name="us-east-1")
    made = cloudfront.create_distribution(
        DistributionConfig={
            "CallerReference": "metrics",
            "Comment": "",
            "Enabled": True,
            "Origins": {"Quantity": 1, "Items": [{"Id": "site", "DomainName": "site.example.com"}]},
            "DefaultCacheBehavior": {"TargetOriginId": "site", "ViewerProtocolPolicy": "https-only"},
            "ViewerCertificate": {"ACMCertificateArn": "arn:aws:acm:us-east-1:1:certificate/c"},
        }
    )
    assert not made["Distribution"]["DistributionConfig"]["ViewerCertificate"]["CloudFrontDefaultCertificate"]
    asked = {"DistributionId": made["Distribution"]["Id"]}
    with pytest.raises(cloudfront.exceptions.NoSuchMonitoringSubscription):
        cloudfront.get_monitoring_subscription(**asked)
    for status in ("Enabled", "Disabled"):
        said = {"RealtimeMetricsSubscriptionConfig": {"RealtimeMetricsSubscriptionStatus": status}}
        created = cloudfront.create_monitoring_subscription(**asked, MonitoringSubscription=said)
        found = cloudfront.get_monitoring_subscription(**asked)
        assert created["MonitoringSubscription"] == found["MonitoringSubscription"] == said
    cloudfront.delete_monitoring_subscription(**asked)
    with pytest.raises(cloudfront.exceptions.NoSuchMonitoringSubscription):
        cloudfront.delete_monitoring_subscription(**asked)
    with pytest.raises(cloudfront.exceptions.NoSuchDistribution):
        cloudfront.get_monitoring_subscription(DistributionId="E1")


def test_an_application_of_amplify_has_branches_with_variables(session: Any) -> None:
    amplify = session.client("amplify", region_name="eu-west-1")  # it is not in every region
    app = amplify.create_app(name="shop", platform="WEB_COMPUTE", tags={"Owner": "Tebogo"})["app"]
    of_app = {"appId": app["appId"]}
    amplify.create_branch(**of_app, branchName="main", environmentVariables={"A": "1", "B": "2"})
    amplify.update_branch(**of_app, branchName="main", environmentVariables={"A": "3"})
    branch = amplify.get_branch(**of_app, branchName="main")["branch"]
    assert branch["environmentVariables"] == {"A": "3"}
    assert [it["branchName"] for it in amplify.list_branches(**of_app)["branches"]] == ["main"]
    assert amplify.get_app(**of_app)["app"]["platform"] == "WEB_COMPUTE"
    assert amplify.list_tags_for_resource(resourceArn=app["appArn"])["tags"] == {"Owner": "Tebogo"}
    amplify.delete_app(**of_app)
    assert amplify.list_apps()["apps"] == []
    with pytest.raises(amplify.exceptions.NotFoundException):
        amplify.get_branch(**of_app, branchName="main")


def test_a_graphql_api_has_data_sources_and_resolvers(session: Any) -> None:
    appsync = session.client("appsync")
    api = appsync.create_graphql_api(name="shop", authenticationType="AWS_IAM")["graphqlApi"]
    assert api["apiType"] == "GRAPHQL"
    assert "-" not in api["apiId"]
    of_api = {"apiId": api["apiId"]}
    appsync.create_data_source(**of_api, name="orders", type="NONE")
    field = {**of_api, "typeName": "Query", "fieldName": "orders"}
    appsync.create_resolver(**field, dataSourceName="orders")
    assert appsync.get_data_source(**of_api, name="orders")["dataSource"]["type"] == "NONE"
    assert appsync.get_resolver(**field)["resolver"]["dataSourceName"] == "orders"
    appsync.delete_resolver(**field)
    with pytest.raises(appsync.exceptions.NotFoundException):
        appsync.get_resolver(**field)


def test_whoever_has_signed_in_acts_as_a_role_of_the_identity_pool(session: Any) -> None:
    pools = session.client("cognito-identity")
    pool = pools.create_identity_pool(IdentityPoolName="users", AllowUnauthenticatedIdentities=False)
    of_pool = {"IdentityPoolId": pool["IdentityPoolId"]}
    assert pools.get_identity_pool_roles(**of_pool)["Roles"] == {}
    pools.set_identity_pool_roles(**of_pool, Roles={"authenticated": ROLE})
    assert pools.get_identity_pool_roles(**of_pool)["Roles"] == {"authenticated": ROLE}


def test_a_scalable_target_has_the_tags_that_it_is_given(session: Any) -> None:
    scaling = session.client("application-autoscaling")
    of_table = {"ServiceNamespace": "dynamodb", "ResourceId": "table/orders"}
    arn = scaling.register_scalable_target(
        **of_table,
        ScalableDimension="dynamodb:table:ReadCapacityUnits",
        MinCapacity=5,
        MaxCapacity=10,
        Tags={"Owner": "Tebogo"},
    )["ScalableTargetARN"]
    scaling.tag_resource(ResourceARN=arn, Tags={"Team": "Shop"})
    assert scaling.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"Owner": "Tebogo", "Team": "Shop"}


def test_a_user_pool_has_a_tier_whether_or_not_one_is_said(session: Any) -> None:
    pools = session.client("cognito-idp")
    ids = [
        pools.create_user_pool(PoolName="users", **more)["UserPool"]["Id"]
        for more in ({}, {"UserPoolTier": "PLUS"})
    ]
    tiers = [pools.describe_user_pool(UserPoolId=it)["UserPool"]["UserPoolTier"] for it in ids]
    assert tiers == ["ESSENTIALS", "PLUS"]


@pytest.fixture
def route(session: Any) -> tuple[Any, dict[str, str]]:
    """A client of API Gateway, and where the method GET of an API is."""
    client = session.client("apigateway")
    api = client.create_rest_api(name="api")["id"]
    [root] = client.get_resources(restApiId=api)["items"]
    place = {"restApiId": api, "resourceId": root["id"], "httpMethod": "GET"}
    client.put_method(**place, authorizationType="NONE")
    client.put_integration(**place, type="MOCK", timeoutInMillis=5000)
    return client, place


def test_a_method_is_changed_and_keeps_what_is_not(route: tuple[Any, dict[str, str]]) -> None:
    client, place = route
    changes = [
        ("replace", "/authorizationType", "CUSTOM"),
        ("replace", "/authorizerId", "abc123"),
        ("replace", "/requestValidatorId", "def456"),
        ("replace", "/apiKeyRequired", "true"),
        ("add", "/requestModels/application~1json", "Empty"),
        ("add", "/requestParameters/method.request.querystring.day", "true"),
    ]
    changed = [{"op": op, "path": path, "value": value} for op, path, value in changes]
    client.update_method(**place, patchOperations=changed)
    told = client.get_method(**place)
    assert (told["authorizationType"], told["authorizerId"]) == ("CUSTOM", "abc123")
    assert (told["requestValidatorId"], told["apiKeyRequired"]) == ("def456", True)
    assert told["requestModels"] == {"application/json": "Empty"}
    assert told["requestParameters"] == {"method.request.querystring.day": True}
    assert told["methodIntegration"]["timeoutInMillis"] == 5000
    removed = {"op": "remove", "path": "/requestModels/application~1json"}
    assert client.update_method(**place, patchOperations=[removed])["requestModels"] == {}


def test_an_integration_is_given_another_time(route: tuple[Any, dict[str, str]]) -> None:
    client, place = route
    change = {"op": "replace", "path": "/timeoutInMillis", "value": "29000"}
    client.update_integration(**place, patchOperations=[change])
    told = client.get_integration(**place)
    assert (told["timeoutInMillis"], told["type"]) == (29_000, "MOCK")


def test_a_stage_of_which_something_is_logged_has_an_execution_log(
    session: Any, route: tuple[Any, dict[str, str]]
) -> None:
    client, place = route
    of_stage = {"restApiId": place["restApiId"], "stageName": "prod"}
    client.create_deployment(**of_stage)

    def groups_where_logged(level: str) -> list[str]:
        change = {"op": "replace", "path": "/*/*/logging/loglevel", "value": level}
        client.update_stage(**of_stage, patchOperations=[change])
        return [it["logGroupName"] for it in session.client("logs").describe_log_groups()["logGroups"]]

    assert groups_where_logged("OFF") == []
    made = [f"API-Gateway-Execution-Logs_{place['restApiId']}/prod"]
    assert groups_where_logged("ERROR") == made
    assert groups_where_logged("INFO") == made


def test_what_is_not_changed_here_is_refused(route: tuple[Any, dict[str, str]]) -> None:
    client, place = route
    for change in (client.update_method, client.update_integration):
        with pytest.raises(client.exceptions.BadRequestException):
            change(**place, patchOperations=[{"op": "replace", "path": "/uri", "value": "x"}])
    client.delete_integration(**place)
    change = {"op": "replace", "path": "/timeoutInMillis", "value": "1"}
    with pytest.raises(client.exceptions.NotFoundException):
        client.update_integration(**place, patchOperations=[change])


def test_keys_of_kms_have_a_private_part_where_they_are_pairs(session: Any) -> None:
    kms = session.client("kms")
    pair = kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    said = {"KeyId": pair, "Message": b"said", "SigningAlgorithm": "RSASSA_PSS_SHA_256"}
    signed = kms.sign(**said)["Signature"]
    assert kms.verify(**said, Signature=signed)["SignatureValid"]
    secret = kms.create_key()["KeyMetadata"]["KeyId"]
    hidden = kms.encrypt(KeyId=secret, Plaintext=b"hidden")["CiphertextBlob"]
    assert kms.decrypt(CiphertextBlob=hidden)["Plaintext"] == b"hidden"


def test_each_pool_signs_its_tokens(session: Any) -> None:
    pools = session.client("cognito-idp")
    for name in ("first", "second"):
        pool = pools.create_user_pool(PoolName=name)["UserPool"]["Id"]
        flows = ["ALLOW_ADMIN_USER_PASSWORD_AUTH"]
        made = pools.create_user_pool_client(UserPoolId=pool, ClientName="c", ExplicitAuthFlows=flows)
        person = {"UserPoolId": pool, "Username": "ann"}
        pools.admin_create_user(**person)
        pools.admin_set_user_password(**person, Password="Sunflower-42-river", Permanent=True)
        token = pools.admin_initiate_auth(
            UserPoolId=pool,
            ClientId=made["UserPoolClient"]["ClientId"],
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": "ann", "PASSWORD": "Sunflower-42-river"},
        )["AuthenticationResult"]["AccessToken"]
        assert pools.get_user(AccessToken=token)["Username"] == "ann"
