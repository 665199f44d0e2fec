"""What moto lacks, or gets wrong, of the operations that the suite calls.

moto finds an operation as a method of its service's response class, by its name in snake case. So the missing
ones are written here as such methods and added to moto's class: that works alike under `mock_aws` and in a
moto server. Their state lies on moto's own backend object, so a reset of moto clears it. Where moto has the
operation, moto's own wins; only what it answers wrongly is replaced.

A backup job is over at once, and so is a restore. Its age and its end can be seeded in the request itself, as
tags of the recovery point or in the metadata of the restore: a request is the one thing that reaches moto in
this process and a server in another one alike.

    backup.start_backup_job(..., RecoveryPointTags={AGE_IN_HOURS: "72", STATE: "FAILED"})

An object that is put into a bucket with an enabled replication rule is replicated at once.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from moto.backup import urls
from moto.backup.exceptions import ResourceNotFoundException
from moto.backup.responses import BackupResponse
from moto.cloudtrail.models import Trail
from moto.config.models import ConfigBackend
from moto.config.responses import ConfigResponse
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import unix_time, utcnow
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.responses import DynamoHandler
from moto.iam.access_control import PermissionResult
from moto.s3 import responses
from moto.s3.exceptions import ReplicationConfigurationNotFoundError
from moto.s3.models import FakeBucket, FakeKey, S3Backend
from moto.s3.responses import S3Response
from moto.support.responses import SupportResponse

from plumbline.policy import Policy, is_public
from plumbline.sources.moto import (
    access_analyzer,
    alarm_history,
    amplify,
    apigateway,
    appsync,
    buckets,
    budgets,
    cloudfront,
    contributor_insights,
    elasticache,
    event_history,
    functions,
    identity_pools,
    key_rotation,
    log_groups,
    log_queries,
    managed_policies,
    networks,
    percentiles,
    policy_simulator,
    private_keys,
    scaling,
    trails,
    user_pools,
    wafv2,
)

AGE_IN_HOURS = "moto:age-in-hours"
STATE = "moto:state"

ADDED_PATHS = (
    "{0}/account-settings/?$",
    "{0}/backup-jobs/?$",
    "{0}/backup-jobs/(?P<job>[^/]+)/?$",
    "{0}/restore-jobs/?$",
    "{0}/backup-vaults/(?P<name>[^/]+)/(?P<rest>.+)$",
    "{0}/resources/(?P<arn_and_rest>.+)$",
)


@dataclass(frozen=True)
class Selection:
    """The resources that a backup plan covers."""

    plan: str
    content: dict[str, Any]
    request: str | None
    id: str = field(default_factory=lambda: str(uuid4()))
    created: datetime = field(default_factory=utcnow)

    def summary(self) -> dict[str, Any]:
        """The selection as a list shows it."""
        return {
            "SelectionId": self.id,
            "SelectionName": self.content["SelectionName"],
            "BackupPlanId": self.plan,
            "CreationDate": self.created,
            "CreatorRequestId": self.request,
            "IamRoleArn": self.content["IamRoleArn"],
        }


@dataclass(frozen=True)
class Job:
    """A backup job, which is over; one that did not complete leaves no recovery point behind, as on AWS."""

    vault_name: str
    vault_arn: str
    resource: str
    role: str
    state: str
    created: datetime
    id: str = field(default_factory=lambda: str(uuid4()).upper())

    @property
    def recovery_point(self) -> str | None:
        if self.state != "COMPLETED":
            return None
        return self.vault_arn.split(":backup-vault:")[0] + f":recovery-point:{self.id}"

    def described(self) -> dict[str, Any]:
        """The fields that a job and its recovery point have in common."""
        return {
            "BackupVaultName": self.vault_name,
            "BackupVaultArn": self.vault_arn,
            "RecoveryPointArn": self.recovery_point,
            "ResourceArn": self.resource,
            "ResourceType": "DynamoDB" if ":dynamodb:" in self.resource else "S3",
            "IamRoleArn": self.role,
            "CreationDate": self.created,
            "CompletionDate": self.created,
        }

    def answers(self, question: dict[str, Any]) -> bool:
        """Whether a list that filters by these parameters holds the job."""
        fields = {**self.described(), "State": self.state}
        same = ("BackupVaultName", "ResourceArn", "ResourceType", "State")
        return (
            all(question.get(f"By{name}", fields[name]) == fields[name] for name in same)
            and question.get("ByCreatedAfter", self.created) <= self.created
            and question.get("ByCreatedBefore", self.created) >= self.created
        )


@dataclass(frozen=True)
class Restore:
    """A restore job, which is over."""

    recovery_point: str
    vault_arn: str | None
    """That of the vault that it is made from, where one holds the recovery point."""
    role: str
    created: datetime
    id: str = field(default_factory=lambda: str(uuid4()).upper())

    def described(self) -> dict[str, Any]:
        """The job as a list shows it."""
        return {
            "RestoreJobId": self.id,
            "RecoveryPointArn": self.recovery_point,
            **({"BackupVaultArn": self.vault_arn} if self.vault_arn else {}),
            "ResourceType": "DynamoDB",
            "IamRoleArn": self.role,
            "Status": "COMPLETED",
            "CreationDate": self.created,
            "CompletionDate": self.created,
        }


@dataclass
class Additions:
    """What the added operations remember, per account and region."""

    selections: dict[str, Selection] = field(default_factory=dict)
    jobs: list[Job] = field(default_factory=list)
    restores: list[Restore] = field(default_factory=list)
    opted_in: dict[str, bool] = field(default_factory=dict)
    vault_policies: dict[str, str] = field(default_factory=dict)
    jobs_end: str = "COMPLETED"
    """How a backup job ends for which nothing else is seeded."""


class Backup(BackupResponse):
    """The operations of AWS Backup to add to moto's; never made, only a place to write them."""

    def create_backup_selection(self) -> ActionResult:
        asked = _parameters(self)
        plan = self.backup_backend.get_backup_plan(asked["BackupPlanId"], version_id=None)
        selection = Selection(plan.backup_plan_id, asked["BackupSelection"], asked.get("CreatorRequestId"))
        _additions(self).selections[selection.id] = selection
        return ActionResult(selection.summary())

    def get_backup_selection(self) -> ActionResult:
        selection = _selection(self)
        return ActionResult({**selection.summary(), "BackupSelection": selection.content})

    def list_backup_selections(self) -> ActionResult:
        plan = self.backup_backend.get_backup_plan(_parameters(self)["BackupPlanId"], version_id=None)
        kept = [each for each in _additions(self).selections.values() if each.plan == plan.backup_plan_id]
        return ActionResult({"BackupSelectionsList": [each.summary() for each in kept]})

    def delete_backup_selection(self) -> EmptyResult:
        del _additions(self).selections[_selection(self).id]
        return EmptyResult()

    def list_tags(self) -> str:
        # moto's own takes the ARN from a URL that ends in a slash, as boto3's does. Terraform's does not.
        return json.dumps({"Tags": self.backup_backend.list_tags(_parameters(self)["ResourceArn"])})

    def put_backup_vault_access_policy(self) -> EmptyResult:
        asked = _parameters(self)
        vault = self.backup_backend.describe_backup_vault(asked["BackupVaultName"])
        _additions(self).vault_policies[vault.backup_vault_name] = asked["Policy"]
        return EmptyResult()

    def get_backup_vault_access_policy(self) -> ActionResult:
        vault = self.backup_backend.describe_backup_vault(_parameters(self)["BackupVaultName"])
        name, arn = vault.backup_vault_name, vault.backup_vault_arn
        if name not in _additions(self).vault_policies:
            raise ResourceNotFoundException("The vault has no access policy")
        policy = _additions(self).vault_policies[name]
        return ActionResult({"BackupVaultName": name, "BackupVaultArn": arn, "Policy": policy})

    def start_backup_job(self) -> ActionResult:
        asked = _parameters(self)
        vault = self.backup_backend.describe_backup_vault(asked["BackupVaultName"])
        seeds = asked.get("RecoveryPointTags", {})
        job = Job(
            vault_name=vault.backup_vault_name,
            vault_arn=vault.backup_vault_arn,
            resource=asked["ResourceArn"],
            role=asked["IamRoleArn"],
            state=seeds.get(STATE, _additions(self).jobs_end),
            created=utcnow() - timedelta(hours=float(seeds.get(AGE_IN_HOURS, 0))),
        )
        _additions(self).jobs.append(job)
        return ActionResult({"BackupJobId": job.id, **job.described()})

    def list_backup_jobs(self) -> ActionResult:
        asked = _parameters(self)
        jobs = [job for job in _additions(self).jobs if job.answers(asked)]
        return ActionResult(
            {"BackupJobs": [{"BackupJobId": job.id, "State": job.state, **job.described()} for job in jobs]}
        )

    def describe_backup_job(self) -> ActionResult:
        asked = _parameters(self)["BackupJobId"]
        for job in _additions(self).jobs:
            if job.id == asked:
                return ActionResult({"BackupJobId": job.id, "State": job.state, **job.described()})
        raise ResourceNotFoundException("Backup job does not exist")

    def delete_recovery_point(self) -> EmptyResult:
        arn = _parameters(self)["RecoveryPointArn"]
        _additions(self).jobs = [job for job in _additions(self).jobs if job.recovery_point != arn]
        return EmptyResult()

    def start_restore_job(self) -> ActionResult:
        asked = _parameters(self)
        hours = float(asked["Metadata"].get(AGE_IN_HOURS, 0))
        point, created = asked["RecoveryPointArn"], utcnow() - timedelta(hours=hours)
        held = (job.vault_arn for job in _additions(self).jobs if job.recovery_point == point)
        restore = Restore(point, next(held, None), asked["IamRoleArn"], created)
        _additions(self).restores.append(restore)
        return ActionResult({"RestoreJobId": restore.id})

    def list_restore_jobs(self) -> ActionResult:
        asked = _parameters(self)
        jobs = [
            job.described()
            for job in _additions(self).restores
            if asked.get("ByCreatedAfter", job.created) <= job.created
            and asked.get("ByResourceType", "DynamoDB") == "DynamoDB"
            and asked.get("ByStatus", "COMPLETED") == "COMPLETED"
        ]
        return ActionResult({"RestoreJobs": jobs})

    def describe_region_settings(self) -> ActionResult:
        unless_said = {"DynamoDB": True, "S3": True}
        return ActionResult({"ResourceTypeOptInPreference": {**unless_said, **_additions(self).opted_in}})

    def update_region_settings(self) -> EmptyResult:
        _additions(self).opted_in.update(_parameters(self)["ResourceTypeOptInPreference"])
        return EmptyResult()

    def list_recovery_points_by_backup_vault(self) -> ActionResult:
        asked = _parameters(self)
        vault = self.backup_backend.describe_backup_vault(asked["BackupVaultName"])
        return _recovery_points(self, {**asked, "ByBackupVaultName": vault.backup_vault_name})

    def list_recovery_points_by_resource(self) -> ActionResult:
        return _recovery_points(self, {"ByResourceArn": _parameters(self)["ResourceArn"]})


class Replication(S3Response):
    """moto answers every replication rule without its filter; here it is the one that was put."""

    def get_bucket_replication(self) -> Any:
        self.data["Action"] = "GetBucketReplication"
        put = self.backend.get_bucket_replication(self.bucket_name)
        if not put:
            raise ReplicationConfigurationNotFoundError(bucket_name=self.bucket_name)
        rules = [{**rule, "Filter": _filter(rule.get("Filter") or {})} for rule in put["Rule"]]
        configuration = {"Role": put["Role"], "Rules": rules}
        return self.serialized(ActionResult({"ReplicationConfiguration": configuration}))


def install() -> None:
    """Add the operations to moto; before its first request, because moto then fixes the URLs it answers."""
    access_analyzer.install()
    amplify.install()
    apigateway.install()
    appsync.install()
    alarm_history.install()
    buckets.install()
    budgets.install()
    cloudfront.install()
    contributor_insights.install()
    elasticache.install()
    event_history.install()
    functions.install()
    identity_pools.install()
    key_rotation.install()
    log_groups.install()
    log_queries.install()
    managed_policies.install()
    networks.install()
    percentiles.install()
    policy_simulator.install()
    private_keys.install()
    scaling.install()
    trails.install()
    user_pools.install()
    wafv2.install()
    for name, operation in vars(Backup).items():
        if not name.startswith("_") and (name == "list_tags" or not hasattr(BackupResponse, name)):
            setattr(BackupResponse, name, operation)
    for path in ADDED_PATHS:
        urls.url_paths.setdefault(path, BackupResponse.dispatch)
    setattr(Trail, "check_bucket_exists", _takes_any_bucket)  # noqa: B010
    setattr(S3Response, "get_bucket_replication", Replication.get_bucket_replication)  # noqa: B010
    setattr(S3Response, "all_buckets", _all_buckets)  # noqa: B010
    setattr(DynamoDBBackend, "describe_continuous_backups", _with_moving_window)  # noqa: B010
    setattr(DynamoHandler, "update_table", _update_table_and_its_encryption)  # noqa: B010
    setattr(SupportResponse, "describe_severity_levels", _describe_severity_levels)  # noqa: B010
    setattr(S3Backend, "put_object", _put_and_replicate)  # noqa: B010
    setattr(FakeKey, "response_dict", property(_with_replication_status))  # noqa: B010
    setattr(ConfigResponse, "describe_compliance_by_config_rule", _compliance)  # noqa: B010
    setattr(FakeBucket, "get_permission", _permission)  # noqa: B010 (mypy refuses a plain assignment)
    setattr(FakeBucket, "_log_permissions_enabled_policy", staticmethod(_takes_logs))  # noqa: B010
    setattr(responses, "bucket_policy_is_public", _is_public)  # noqa: B010
    setattr(ConfigBackend, "put_config_rule", _put_config_rule_whole)  # noqa: B010
    setattr(ConfigBackend, "describe_config_rules", _describe_config_rules_whole)  # noqa: B010


def _takes_any_bucket(self: Trail) -> None:
    """Take a trail before its bucket is made: moto is given what is declared in an order of its own."""


_general_purpose_buckets = S3Response.all_buckets


def _all_buckets(self: S3Response) -> Any:
    """Answer that there are no directory buckets: they are listed at the same path, signed for S3 Express."""
    if "/s3express/" not in self.headers.get("Authorization", ""):
        return _general_purpose_buckets(self)
    return 200, {}, "<ListAllMyDirectoryBucketsResult><Buckets/></ListAllMyDirectoryBucketsResult>"


_put_config_rule = ConfigBackend.put_config_rule
_describe_config_rules = ConfigBackend.describe_config_rules


def _put_config_rule_whole(self: ConfigBackend, config_rule: dict[str, Any], *more: Any) -> str:
    """Put a rule of AWS Config as moto does, and keep what moto drops."""
    answer = _put_config_rule(self, config_rule, *more)
    vars(self.config_rules[config_rule["ConfigRuleName"]])["_put"] = config_rule
    return answer


def _describe_config_rules_whole(self: ConfigBackend, *asked: Any) -> dict[str, Any]:
    """Describe rules of AWS Config as moto does, with their tag and their evaluation modes."""
    answer: dict[str, Any] = _describe_config_rules(self, *asked)
    for described in answer["ConfigRules"]:
        put = vars(self.config_rules[described["ConfigRuleName"]])["_put"]
        kept = {name: put[name] for name in ("Scope", "EvaluationModes") if name in put}
        described |= {"EvaluationModes": [{"Mode": "DETECTIVE"}], **kept}
    return answer


_put_object = S3Backend.put_object
_response_dict = FakeKey.response_dict


def _put_and_replicate(
    self: S3Backend, bucket_name: str, key_name: str, *content: Any, **more: Any
) -> FakeKey:
    """Put an object as moto does, and copy it to where the rules of its bucket say."""
    put = _put_object(self, bucket_name, key_name, *content, **more)
    rules = (self.get_bucket_replication(bucket_name) or {}).get("Rule", [])
    for destination in [it["Destination"]["Bucket"] for it in rules if it["Status"] == "Enabled"]:
        replica = self.buckets.get(destination.rpartition(":")[2])
        vars(put)["replication"] = "COMPLETED" if replica else "FAILED"
        if replica:
            copied = _put_object(self, replica.name, key_name, *content, **more)
            vars(copied)["replication"] = "REPLICA"
    return put


def _with_replication_status(self: FakeKey) -> dict[str, Any]:
    """Return moto's headers of an object, and how it stands with its replication."""
    headers: dict[str, Any] = _response_dict.fget(self)  # type: ignore[attr-defined]
    status = vars(self).get("replication")
    return headers | ({"x-amz-replication-status": status} if status else {})


_describe_continuous_backups = DynamoDBBackend.describe_continuous_backups


def _with_moving_window(self: DynamoDBBackend, table_name: str) -> dict[str, Any]:
    """moto's restore window ends when it was opened; here, as on AWS, some five minutes ago."""
    described: dict[str, Any] = _describe_continuous_backups(self, table_name)
    recovery = described["PointInTimeRecoveryDescription"]
    if "LatestRestorableDateTime" not in recovery:
        return described
    ends = vars(self.get_table(table_name)).get("restorable_until", utcnow() - timedelta(minutes=5.5))
    moving = {**recovery, "LatestRestorableDateTime": unix_time(ends)}
    return {**described, "PointInTimeRecoveryDescription": moving}


_update_table = DynamoHandler.update_table


def _update_table_and_its_encryption(self: DynamoHandler) -> Any:
    """Update a table as moto does, and its encryption, which moto leaves as it was created."""
    answer = _update_table(self)
    if encryption := self.body.get("SSESpecification"):
        self.dynamodb_backend.get_table(self.body["TableName"]).sse_specification = encryption
    return answer


SEVERITY_LEVELS = ("low", "normal", "high", "urgent", "critical")


def _describe_severity_levels(self: SupportResponse) -> str:
    levels = vars(self.support_backend).get("severity_levels", SEVERITY_LEVELS)
    return json.dumps({"severityLevels": [{"code": level, "name": level.title()} for level in levels]})


def _parameters(response: BackupResponse) -> dict[str, Any]:
    """The request's parameters under their API names, be they from the path, the query or the body."""
    response.parse_parameters(response.normalized_request)
    return dict(response.params)


def _additions(response: BackupResponse) -> Additions:
    additions: Additions = vars(response.backup_backend).setdefault("additions", Additions())
    return additions


def _selection(response: BackupResponse) -> Selection:
    asked = _parameters(response)
    selection = _additions(response).selections.get(asked["SelectionId"])
    if selection is None or selection.plan != asked["BackupPlanId"]:
        raise ResourceNotFoundException("Backup selection does not exist")
    return selection


def _recovery_points(response: BackupResponse, question: dict[str, Any]) -> ActionResult:
    jobs = [job for job in _additions(response).jobs if job.recovery_point and job.answers(question)]
    return ActionResult({"RecoveryPoints": [{"Status": job.state, **job.described()} for job in jobs]})


def _filter(scope: dict[str, Any]) -> dict[str, Any]:
    """Return a rule's filter as the API shows it; moto keeps the XML in which it was put."""
    both = scope.get("And")
    if both is not None:
        tags = both["Tag"] if isinstance(both["Tag"], list) else [both["Tag"]]
        return {"And": {"Prefix": both.get("Prefix") or "", "Tags": tags}}
    return scope if scope.get("Tag") else {"Prefix": scope.get("Prefix") or ""}


def _compliance(self: ConfigResponse) -> str:
    """Answer what each rule found: nothing yet, unless a tag of the rule says what."""
    verdicts = {
        name: rule.tags.get(STATE, "INSUFFICIENT_DATA")
        for name, rule in self.config_backend.config_rules.items()
    }
    listed = [
        {"ConfigRuleName": name, "Compliance": {"ComplianceType": verdict}}
        for name, verdict in verdicts.items()
    ]
    return json.dumps({"ComplianceByConfigRules": listed})


def _permission(bucket: FakeBucket, action: str, resource: str) -> PermissionResult:
    """Let no bucket policy decide: moto reads neither conditions nor who asks, and would refuse the owner."""
    return PermissionResult.NEUTRAL


def _takes_logs(target_bucket: FakeBucket, target_prefix: str | None) -> bool:
    """Let access logs be sent to any bucket; moto asks for a policy in which the service stands in no list.

    Terraform may create that policy after what logs there, so no refusal may hang on it. Whether logs arrive
    is for a sentence to ask of the policy.
    """
    return True


def _is_public(policy: bytes) -> bool:
    """Return whether S3 calls a policy public; moto takes any condition for one that narrows it."""
    return is_public(Policy.read(policy.decode(), "the policy of a bucket"))
