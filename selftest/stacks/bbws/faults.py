"""What can go wrong in an account, one thing at a time: broken through the AWS API, and put right again.

What moto cannot be brought to, such as an index that is being filled or a backup plan that is really gone, is
written into its answers on their way. A planted fault gives the endpoint at which the account is then met.

Each fault names the tests that must fail, as (catalogue id, resource): these and no others. Where one cause
fells more than one test, `because` says why it cannot be otherwise. The tests about a resource that is `gone`
skip, all but the one that reports it.
"""

import json
import re
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

from selftest.applied.environment import Applied
from selftest.live.endpoint import endpoint, on, passed_on

Broken = Callable[[Applied], Iterator[str]]


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong in one environment."""

    environment: str
    fails: frozenset[tuple[str, str]]
    gone: str
    leaves_open: frozenset[str]
    """The catalogue ids that can then not be determined."""
    because: str
    planted: Callable[[Applied], AbstractContextManager[str]]

    @property
    def name(self) -> str:
        return self.planted.__name__.replace("_", " ")


FAULTS: list[Fault] = []


def fault(
    environment: str,
    *fails: tuple[str, str],
    gone: str = "",
    leaves_open: Collection[str] = (),
    because: str = "",
) -> Callable[[Broken], Broken]:
    """Declare the function as a fault; what follows its `yield` puts it right, whatever happened between."""
    named = frozenset((identifier, resource.format(env=environment)) for identifier, resource in fails)

    def declare(broken: Broken) -> Broken:
        planted = contextmanager(broken)
        missing = gone.format(env=environment)
        FAULTS.append(Fault(environment, named, missing, frozenset(leaves_open), because, planted))
        return broken

    return declare


TENANTS, PRODUCTS, CAMPAIGNS = "bbws-tenants-{env}", "bbws-products-{env}", "bbws-campaigns-{env}"
LOCKS = "bbws-terraform-locks"
TEMPLATES, STATE = "bbws-templates-{env}", "bbws-terraform-state-{env}"
REPLICA = "bbws-templates-prod-dr-eu-west-1"
PLAN, VAULT = "bbws-dynamodb-backup-{env}", "bbws-backup-vault-{env}"
INVOICE = "billing/invoice.html"
OURS = "bbws-* DynamoDBTenantsAccess S3ReplicationRole AWSBackupDefaultServiceRole developer"
FAILED = "bbws-replication-failed-{env}"


@contextmanager
def answers_edited(account: Applied, what: str, edit: Callable[[dict[str, Any]], None]) -> Iterator[str]:
    """Edit the account's JSON answers to one operation."""

    def edited(body: bytes) -> bytes:
        answer = json.loads(body)
        edit(answer)
        return json.dumps(answer).encode()

    with endpoint(account.endpoint, on(what, passed_on(account.endpoint, edited))) as stands:
        yield stands.url


def tenants_edited(account: Applied, edit: Callable[[dict[str, Any]], None]) -> AbstractContextManager[str]:
    """Edit what DynamoDB says of the tenants table."""

    def edited(answer: dict[str, Any]) -> None:
        if answer["Table"]["TableName"] == TENANTS.format(env=account.environment):
            edit(answer["Table"])

    return answers_edited(account, "DescribeTable", edited)


# Tables


@contextmanager
def table_replaced(account: Applied, name: str, **replacement: Any) -> Iterator[None]:
    """Delete a table, or put one with other settings in its place."""
    dynamodb = account.client("dynamodb")
    before = dynamodb.describe_table(TableName=name)["Table"]
    tags = dynamodb.list_tags_of_resource(ResourceArn=before["TableArn"])["Tags"]
    backups = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    recovery = backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"
    indexes = [
        {key: index[key] for key in ("IndexName", "KeySchema", "Projection")}
        for index in before.get("GlobalSecondaryIndexes", [])
    ]
    settings = {
        "AttributeDefinitions": before["AttributeDefinitions"],
        "KeySchema": before["KeySchema"],
        "BillingMode": "PAY_PER_REQUEST",
        "Tags": tags,
    } | ({"GlobalSecondaryIndexes": indexes} if indexes else {})

    def put_in_place(**changes: Any) -> None:
        dynamodb.create_table(TableName=name, **(settings | changes))
        dynamodb.update_continuous_backups(
            TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": recovery}
        )

    dynamodb.delete_table(TableName=name)
    if replacement:
        put_in_place(**replacement)
    try:
        yield
    finally:
        if replacement:
            dynamodb.delete_table(TableName=name)
        put_in_place()


@fault("dev", ("bbws-ddb-15", TENANTS), leaves_open=("bbws-ddb-16",))
def point_in_time_recovery_is_off(account: Applied) -> Iterator[str]:
    def switch(on: bool) -> None:
        account.client("dynamodb").update_continuous_backups(
            TableName=TENANTS.format(env=account.environment),
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": on},
        )

    switch(False)
    try:
        yield account.endpoint
    finally:
        switch(True)


@fault("sit", ("bbws-ddb-17", PRODUCTS))
def a_table_lacks_a_tag(account: Applied) -> Iterator[str]:
    dynamodb = account.client("dynamodb")
    arn = dynamodb.describe_table(TableName=PRODUCTS.format(env=account.environment))["Table"]["TableArn"]
    tag = {"Key": "Environment", "Value": account.environment}
    dynamodb.untag_resource(ResourceArn=arn, TagKeys=["Environment"])
    try:
        yield account.endpoint
    finally:
        account.tag_table(arn, tag)


@fault("sit", ("bbws-ddb-17", CAMPAIGNS))
def a_tag_names_the_wrong_environment(account: Applied) -> Iterator[str]:
    dynamodb = account.client("dynamodb")
    arn = dynamodb.describe_table(TableName=CAMPAIGNS.format(env=account.environment))["Table"]["TableArn"]
    account.tag_table(arn, {"Key": "Environment", "Value": "dev"})
    try:
        yield account.endpoint
    finally:
        account.tag_table(arn, {"Key": "Environment", "Value": account.environment})


@fault(
    "dev",
    ("bbws-ddb-08", TENANTS),
    ("bbws-ddb-13", TENANTS),
    ("bbws-ddb-14", f"{TENANTS}/email-index"),
    because="the indexes are no longer those that Terraform declares",
)
def the_index_is_missing(account: Applied) -> Iterator[str]:
    dynamodb, table = account.client("dynamodb"), TENANTS.format(env=account.environment)
    index = {
        "IndexName": "email-index",
        "KeySchema": [{"AttributeName": "email", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "ALL"},
    }
    deletion = {"Delete": {"IndexName": "email-index"}}
    dynamodb.update_table(TableName=table, GlobalSecondaryIndexUpdates=[deletion])
    try:
        yield account.endpoint
    finally:
        dynamodb.update_table(
            TableName=table,
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": "S"} for name in ("PK", "SK", "email")
            ],
            GlobalSecondaryIndexUpdates=[{"Create": index}],
        )


@fault(
    "dev",
    ("bbws-ddb-06", PRODUCTS),
    ("bbws-ddb-07", PRODUCTS),
    because="provisioned mode does not exist without capacity",
)
def a_table_bills_by_provisioned_capacity(account: Applied) -> Iterator[str]:
    capacity = {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}
    provisioned = {"BillingMode": "PROVISIONED", "ProvisionedThroughput": capacity}
    with table_replaced(account, PRODUCTS.format(env=account.environment), **provisioned):
        yield account.endpoint


@fault("sit", ("bbws-ddb-02", TENANTS))
def a_table_is_being_updated(account: Applied) -> Iterator[str]:
    with tenants_edited(account, lambda table: table.update(TableStatus="UPDATING")) as edited:
        yield edited


@fault("sit", ("bbws-ddb-05", TENANTS))
def a_table_has_other_keys(account: Applied) -> Iterator[str]:
    def without_sort_key(table: dict[str, Any]) -> None:
        table["KeySchema"] = [key for key in table["KeySchema"] if key["KeyType"] == "HASH"]

    with tenants_edited(account, without_sort_key) as edited:
        yield edited


@fault("sit", ("bbws-ddb-09", TENANTS))
def an_index_is_being_filled(account: Applied) -> Iterator[str]:
    def filling(table: dict[str, Any]) -> None:
        table["GlobalSecondaryIndexes"][0] |= {"IndexStatus": "CREATING", "Backfilling": True}

    with tenants_edited(account, filling) as edited:
        yield edited


@fault(
    "dev",
    ("bbws-ddb-10", TENANTS),
    ("bbws-ddb-13", TENANTS),
    because="the indexes are no longer those that Terraform declares",
)
def a_table_has_more_indexes_than_dynamodb_allows(account: Applied) -> Iterator[str]:
    def too_many(table: dict[str, Any]) -> None:
        [index] = table["GlobalSecondaryIndexes"]
        table["GlobalSecondaryIndexes"] += [index | {"IndexName": f"index-{n}"} for n in range(20)]

    with tenants_edited(account, too_many) as edited:
        yield edited


@fault("prod", ("bbws-ddb-20", TENANTS))
def a_production_table_can_be_deleted(account: Applied) -> Iterator[str]:
    dynamodb, table = account.client("dynamodb"), TENANTS.format(env=account.environment)
    dynamodb.update_table(TableName=table, DeletionProtectionEnabled=False)
    try:
        yield account.endpoint
    finally:
        dynamodb.update_table(TableName=table, DeletionProtectionEnabled=True)


@fault("dev", ("bbws-ddb-01", CAMPAIGNS), gone=CAMPAIGNS)
def a_table_is_missing(account: Applied) -> Iterator[str]:
    with table_replaced(account, CAMPAIGNS.format(env=account.environment)):
        yield account.endpoint


@fault("sit", ("bbws-tf-01", LOCKS), gone=LOCKS)
def the_lock_table_is_missing(account: Applied) -> Iterator[str]:
    with table_replaced(account, LOCKS):
        yield account.endpoint


@fault("sit", ("bbws-tf-01", LOCKS))
def the_lock_table_has_another_key(account: Applied) -> Iterator[str]:
    other = {
        "AttributeDefinitions": [{"AttributeName": "ID", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "ID", "KeyType": "HASH"}],
    }
    with table_replaced(account, LOCKS, **other):
        yield account.endpoint


# Buckets


@contextmanager
def bucket_deleted(account: Applied, bucket: str, region: str) -> Iterator[None]:
    """Delete a bucket with all that is in it."""
    s3 = account.client("s3", region)
    closed = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    encryption = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]
    tags = s3.get_bucket_tagging(Bucket=bucket)["TagSet"]
    keys = [each["Key"] for each in s3.list_objects_v2(Bucket=bucket).get("Contents", [])]
    objects = {key: s3.get_object(Bucket=bucket, Key=key) for key in keys}
    contents = {key: (found["Body"].read(), found["ContentType"]) for key, found in objects.items()}
    versions = s3.list_object_versions(Bucket=bucket)
    for each in [*versions.get("Versions", []), *versions.get("DeleteMarkers", [])]:
        s3.delete_object(Bucket=bucket, Key=each["Key"], VersionId=each["VersionId"])
    s3.delete_bucket(Bucket=bucket)
    try:
        yield
    finally:
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": region})
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=closed)
        s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=encryption)
        s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": tags})
        for key, (body, content_type) in contents.items():
            s3.put_object(Bucket=bucket, Key=key, Body=body, ContentType=content_type)


@contextmanager
def versioning_suspended(account: Applied, bucket: str, region: str) -> Iterator[None]:
    s3 = account.client("s3", region)
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    try:
        yield
    finally:
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})


@fault("dev", ("bbws-s3-08", TEMPLATES))
def versioning_is_suspended(account: Applied) -> Iterator[str]:
    with versioning_suspended(account, TEMPLATES.format(env=account.environment), account.region):
        yield account.endpoint


@fault(
    "prod",
    ("bbws-s3-08", TEMPLATES),
    ("bbws-rep-04", TEMPLATES),
    because="replication in production needs a versioned source",
)
def versioning_of_the_replicated_bucket_is_suspended(account: Applied) -> Iterator[str]:
    with versioning_suspended(account, TEMPLATES.format(env=account.environment), account.region):
        yield account.endpoint


@fault("prod", ("bbws-rep-04", TEMPLATES))
def versioning_of_the_replica_is_suspended(account: Applied) -> Iterator[str]:
    with versioning_suspended(account, REPLICA, "eu-west-1"):
        yield account.endpoint


@fault("sit", ("bbws-tf-03", STATE))
def versioning_of_the_state_bucket_is_suspended(account: Applied) -> Iterator[str]:
    with versioning_suspended(account, STATE.format(env=account.environment), account.region):
        yield account.endpoint


@contextmanager
def public_access_opened(account: Applied, bucket: str, region: str, *opened: str) -> Iterator[None]:
    s3 = account.client("s3", region)
    closed = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    changed = closed | dict.fromkeys(opened, False)
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=changed)
    try:
        yield
    finally:
        s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=closed)


@fault("sit", ("bbws-s3-02", TEMPLATES))
def a_bucket_lies_in_another_region(account: Applied) -> Iterator[str]:
    def elsewhere(body: bytes) -> bytes:
        return body.replace(account.region.encode(), b"us-west-2")

    with endpoint(account.endpoint, on("?location", passed_on(account.endpoint, elsewhere))) as stands:
        yield stands.url


@fault("dev", ("bbws-s3-05", TEMPLATES))
def one_public_access_flag_is_off(account: Applied) -> Iterator[str]:
    bucket = TEMPLATES.format(env=account.environment)
    with public_access_opened(account, bucket, account.region, "IgnorePublicAcls"):
        yield account.endpoint


@fault("prod", ("bbws-rep-09", REPLICA))
def one_public_access_flag_of_the_replica_is_off(account: Applied) -> Iterator[str]:
    with public_access_opened(account, REPLICA, "eu-west-1", "BlockPublicPolicy"):
        yield account.endpoint


@fault("sit", ("bbws-s3-05", TEMPLATES))
def the_public_access_block_is_removed(account: Applied) -> Iterator[str]:
    s3, bucket = account.client("s3"), TEMPLATES.format(env=account.environment)
    closed = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    s3.delete_public_access_block(Bucket=bucket)
    try:
        yield account.endpoint
    finally:
        s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=closed)


@fault(
    "dev",
    ("bbws-s3-05", TEMPLATES),
    ("bbws-s3-07", TEMPLATES),
    because="S3 takes a public policy only where BlockPublicPolicy is off",
)
def the_bucket_policy_is_public(account: Applied) -> Iterator[str]:
    s3, bucket = account.client("s3"), TEMPLATES.format(env=account.environment)
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{bucket}/*",
    }
    with public_access_opened(account, bucket, account.region, "BlockPublicPolicy", "RestrictPublicBuckets"):
        s3.put_bucket_policy(
            Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        )
        try:
            yield account.endpoint
        finally:
            s3.delete_bucket_policy(Bucket=bucket)


@fault(
    "sit",
    ("bbws-s3-05", TEMPLATES),
    ("bbws-s3-07", TEMPLATES),
    because="S3 takes a public ACL only where BlockPublicAcls is off",
)
def the_bucket_acl_is_public(account: Applied) -> Iterator[str]:
    s3, bucket = account.client("s3"), TEMPLATES.format(env=account.environment)
    with public_access_opened(account, bucket, account.region, "BlockPublicAcls", "IgnorePublicAcls"):
        s3.put_bucket_acl(Bucket=bucket, ACL="public-read")
        try:
            yield account.endpoint
        finally:
            s3.put_bucket_acl(Bucket=bucket, ACL="private")


@contextmanager
def encryption_changed(
    account: Applied, bucket: str, region: str, rule: dict[str, Any] | None
) -> Iterator[None]:
    s3 = account.client("s3", region)
    before = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]
    if rule is None:
        s3.delete_bucket_encryption(Bucket=bucket)
    else:
        s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})
    try:
        yield
    finally:
        s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=before)


OF_KMS = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}, "BucketKeyEnabled": True}


@fault("dev", ("bbws-s3-10", TEMPLATES))
def encryption_is_not_configured(account: Applied) -> Iterator[str]:
    """S3 encrypts with AES256 then; of what the runbook asks, the bucket key alone is not there."""
    with encryption_changed(account, TEMPLATES.format(env=account.environment), account.region, None):
        yield account.endpoint


@fault("dev", ("bbws-s3-09", TEMPLATES))
def encryption_is_of_a_key(account: Applied) -> Iterator[str]:
    with encryption_changed(account, TEMPLATES.format(env=account.environment), account.region, OF_KMS):
        yield account.endpoint


@fault("prod", ("bbws-rep-09", REPLICA))
def encryption_of_the_replica_is_of_a_key(account: Applied) -> Iterator[str]:
    with encryption_changed(account, REPLICA, "eu-west-1", OF_KMS):
        yield account.endpoint


@fault("sit", ("bbws-s3-10", TEMPLATES))
def the_bucket_key_is_off(account: Applied) -> Iterator[str]:
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}
    with encryption_changed(account, TEMPLATES.format(env=account.environment), account.region, rule):
        yield account.endpoint


@fault("dev", ("bbws-s3-11", TEMPLATES))
def a_bucket_lacks_a_tag(account: Applied) -> Iterator[str]:
    s3, bucket = account.client("s3"), TEMPLATES.format(env=account.environment)
    tags = s3.get_bucket_tagging(Bucket=bucket)["TagSet"]
    fewer = [tag for tag in tags if tag["Key"] != "CostCenter"]
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": fewer})
    try:
        yield account.endpoint
    finally:
        s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": tags})


@fault(
    "dev",
    ("bbws-s3-01", TEMPLATES),
    gone=TEMPLATES,
)
def a_bucket_is_missing(account: Applied) -> Iterator[str]:
    with bucket_deleted(account, TEMPLATES.format(env=account.environment), account.region):
        yield account.endpoint


# Templates


@contextmanager
def template_changed(account: Applied, **changes: Any) -> Iterator[None]:
    s3, bucket = account.client("s3"), TEMPLATES.format(env=account.environment)
    before = s3.get_object(Bucket=bucket, Key=INVOICE)
    whole = {"Body": before["Body"].read(), "ContentType": before["ContentType"]}
    if changes:
        s3.put_object(Bucket=bucket, Key=INVOICE, **(whole | changes))
    else:
        s3.delete_object(Bucket=bucket, Key=INVOICE)
    try:
        yield
    finally:
        s3.put_object(Bucket=bucket, Key=INVOICE, **whole)


@fault("dev", ("bbws-s3-12", f"{TEMPLATES}/{INVOICE}"), gone=f"{TEMPLATES}/{INVOICE}")
def a_template_is_missing(account: Applied) -> Iterator[str]:
    with template_changed(account):
        yield account.endpoint


@fault("sit", ("bbws-s3-13", f"{TEMPLATES}/{INVOICE}"))
def a_template_has_the_wrong_content_type(account: Applied) -> Iterator[str]:
    with template_changed(account, ContentType="binary/octet-stream"):
        yield account.endpoint


@fault(
    "sit",
    ("bbws-s3-13", f"{TEMPLATES}/{INVOICE}"),
    ("bbws-s3-16", f"{TEMPLATES}/{INVOICE}"),
    because="an empty template is not the repository's",
)
def a_template_is_empty(account: Applied) -> Iterator[str]:
    with template_changed(account, Body=b""):
        yield account.endpoint


@fault("dev", ("bbws-s3-16", f"{TEMPLATES}/{INVOICE}"))
def a_template_was_edited_in_the_console(account: Applied) -> Iterator[str]:
    with template_changed(account, Body=b"<!DOCTYPE html><p>Pay twice."):
        yield account.endpoint


# Backup


@contextmanager
def selection_changed(account: Applied, keep: tuple[str, ...]) -> Iterator[None]:
    """Let the backup plan select only the tables named like these, or nothing at all."""
    backup, plan, selection = backup_plan(account)
    identity = {"BackupPlanId": plan, "SelectionId": selection}
    before = backup.get_backup_selection(**identity)["BackupSelection"]
    backup.delete_backup_selection(**identity)
    changed = None
    if keep:
        some = {"Resources": [arn for arn in before["Resources"] if any(name in arn for name in keep)]}
        changed = backup.create_backup_selection(BackupPlanId=plan, BackupSelection=before | some)
    try:
        yield
    finally:
        if changed:
            backup.delete_backup_selection(BackupPlanId=plan, SelectionId=changed["SelectionId"])
        backup.create_backup_selection(BackupPlanId=plan, BackupSelection=before)


def backup_plan(account: Applied) -> tuple[Any, str, str]:
    """The client, and the ids of the plan and of its one selection."""
    backup = account.client("backup")
    [plan] = backup.list_backup_plans()["BackupPlansList"]
    [selection] = backup.list_backup_selections(BackupPlanId=plan["BackupPlanId"])["BackupSelectionsList"]
    return backup, plan["BackupPlanId"], selection["SelectionId"]


@fault("dev", ("bbws-bkp-04", CAMPAIGNS))
def the_selection_covers_two_tables_of_three(account: Applied) -> Iterator[str]:
    with selection_changed(account, keep=("tenants", "products")):
        yield account.endpoint


@fault(
    "prod",
    ("bbws-bkp-04", TENANTS),
    ("bbws-bkp-04", PRODUCTS),
    ("bbws-bkp-04", CAMPAIGNS),
    ("bbws-bkp-05", PLAN),
    because="without a selection no table is covered and no role is named",
)
def the_backup_plan_selects_nothing(account: Applied) -> Iterator[str]:
    with selection_changed(account, keep=()):
        yield account.endpoint


@fault("sit", ("bbws-bkp-01", PLAN), gone=PLAN)
def the_backup_plan_is_missing(account: Applied) -> Iterator[str]:
    def without_plans(answer: dict[str, Any]) -> None:
        answer["BackupPlansList"] = []

    with answers_edited(account, "/backup/plans/", without_plans) as edited:
        yield edited


@fault("sit", ("bbws-bkp-03", PLAN))
def the_backup_plan_writes_to_another_vault(account: Applied) -> Iterator[str]:
    def to_another_vault(answer: dict[str, Any]) -> None:
        for rule in answer.get("BackupPlan", {}).get("Rules", []):
            rule["TargetBackupVaultName"] = "Default"

    with answers_edited(account, "/backup/plans/", to_another_vault) as edited:
        yield edited


@fault("dev", ("bbws-bkp-03", PLAN))
def the_backup_plan_never_starts_by_itself(account: Applied) -> Iterator[str]:
    def without_schedule(answer: dict[str, Any]) -> None:
        for rule in answer.get("BackupPlan", {}).get("Rules", []):
            del rule["ScheduleExpression"]

    with answers_edited(account, "/backup/plans/", without_schedule) as edited:
        yield edited


@fault("sit", ("bbws-bkp-02", VAULT), gone=VAULT)
def the_backup_vault_is_missing(account: Applied) -> Iterator[str]:
    backup, vault = account.client("backup"), VAULT.format(env=account.environment)
    backup.delete_backup_vault(BackupVaultName=vault)
    try:
        yield account.endpoint
    finally:
        backup.create_backup_vault(BackupVaultName=vault)


@contextmanager
def trust_changed(account: Applied, role: str) -> Iterator[None]:
    iam = account.client("iam")
    trusted = iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
    other = trusted | {
        "Statement": [
            each | {"Principal": {"Service": "lambda.amazonaws.com"}} for each in trusted["Statement"]
        ]
    }
    iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(other))
    try:
        yield
    finally:
        iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(trusted))


@fault(
    "dev",
    ("bbws-bkp-05", PLAN),
    ("bbws-iam-04", OURS),
    because="what AWS grants its backup service is another service's then",
)
def the_backup_service_may_not_assume_its_role(account: Applied) -> Iterator[str]:
    with trust_changed(account, "AWSBackupDefaultServiceRole"):
        yield account.endpoint


# Replication


@contextmanager
def replication_changed(account: Applied, **changes: Any) -> Iterator[None]:
    s3, bucket = account.client("s3"), TEMPLATES.format(env=account.environment)
    before = s3.get_bucket_replication(Bucket=bucket)["ReplicationConfiguration"]
    if changes:
        changed = before | {"Rules": [rule | changes for rule in before["Rules"]]}
        s3.put_bucket_replication(Bucket=bucket, ReplicationConfiguration=changed)
    else:
        s3.delete_bucket_replication(Bucket=bucket)
    try:
        yield
    finally:
        s3.put_bucket_replication(Bucket=bucket, ReplicationConfiguration=before)


@fault(
    "prod",
    ("bbws-rep-01", TEMPLATES),
    ("bbws-rep-13", FAILED),
    because="no rule is left whose failures an alarm could count",
)
def the_replication_rule_is_disabled(account: Applied) -> Iterator[str]:
    with replication_changed(account, Status="Disabled"):
        yield account.endpoint


@fault(
    "prod",
    ("bbws-rep-01", TEMPLATES),
    ("bbws-rep-13", FAILED),
    leaves_open=("bbws-rep-02", "bbws-rep-05"),
    because="what is not configured has neither scope nor role",
)
def replication_is_not_configured(account: Applied) -> Iterator[str]:
    with replication_changed(account):
        yield account.endpoint


@fault("prod", ("bbws-rep-02", TEMPLATES))
def only_some_objects_are_replicated(account: Applied) -> Iterator[str]:
    def receipts_only(body: bytes) -> bytes:
        some = b"<Filter><Prefix>receipts/</Prefix></Filter>"
        return re.sub(rb"<Filter>.*</Filter>", some, body, flags=re.DOTALL)

    with endpoint(account.endpoint, on("?replication", passed_on(account.endpoint, receipts_only))) as stands:
        yield stands.url


@fault("prod", ("bbws-rep-05", TEMPLATES))
def s3_may_not_assume_the_replication_role(account: Applied) -> Iterator[str]:
    with trust_changed(account, "S3ReplicationRole"):
        yield account.endpoint


@fault("prod", ("bbws-rep-03", REPLICA), gone=REPLICA)
def the_replica_is_missing(account: Applied) -> Iterator[str]:
    with bucket_deleted(account, REPLICA, "eu-west-1"):
        yield account.endpoint


@fault("dev", ("bbws-rep-15", TEMPLATES))
def a_bucket_outside_production_is_replicated(account: Applied) -> Iterator[str]:
    s3, bucket = account.client("s3"), TEMPLATES.format(env=account.environment)
    rule = {
        "ID": "to-state",
        "Priority": 1,
        "Status": "Enabled",
        "Filter": {},
        "DeleteMarkerReplication": {"Status": "Disabled"},
        "Destination": {"Bucket": f"arn:aws:s3:::{STATE.format(env=account.environment)}"},
    }
    role = f"arn:aws:iam::{account.account}:role/service-role/AWSBackupDefaultServiceRole"
    s3.put_bucket_replication(Bucket=bucket, ReplicationConfiguration={"Role": role, "Rules": [rule]})
    try:
        yield account.endpoint
    finally:
        s3.delete_bucket_replication(Bucket=bucket)
