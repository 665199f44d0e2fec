"""Mutations for tests/monitoring."""

import json
from typing import Any

from plumbline.aws.reads import Aws
from plumbline.kinds.cloudwatch import Alarm
from plumbline.kinds.config import ConfigRecorder, ConfigRule
from plumbline.kinds.config_scope import EXCLUSION, INCLUSION
from selftest.mutations import history
from selftest.mutations.documents import Set, Without
from selftest.mutations.edits import Called, Described, Happened, Recreated, Removed, Replaced, call
from selftest.mutations.mutation import Mutation, mutation, unnamed

ALARMS, AUDIT, CONFIG = "monitoring/alarms.tf", "monitoring/audit.tf", "monitoring/config.tf"
MAIN, POLICY = "monitoring/main.tf", "aws_sns_topic_policy.alerts"
ALL_RULES = dict.fromkeys(("bbws-mon-02", "bbws-mon-03", "bbws-mon-11"), "its rule tells the same topic")
TOPIC = "arn:aws:sns:af-south-1:536580886816:bbws-alerts-dev"
EVENTS, LOGS = "monitoring/events.tf", "monitoring/logs.tf"
FAILED, EXPIRED = "bbws-backup-jobs-failed-dev", "bbws-backup-jobs-expired-dev"
REPLICATION = "bbws-replication-failed-prod"
OF_REPLICA = {
    "SourceBucket": "bbws-templates-prod",
    "DestinationBucket": "bbws-templates-prod-dr-eu-west-1",
}
NEVER_FIRES = {
    "statistic": "SampleCount",
    "unit": "Percent",
    "evaluation_periods": 1440,
    "treat_missing_data": "breaching",
}
"""What keeps an alarm on a failure from firing, or makes it fire all the time."""
LOCK_HELD = "bbws-state-lock-held-dev"
FILTER, GROUP = "bbws-missing-templates-dev", "/aws/lambda/bbws-order-lambda-dev"
TRAIL = "bbws-trail-dev"
OTHER_CALL = {"source": ["aws.dynamodb"], "detail": {"eventName": ["CreateTable"]}}
ONLY_TABLES = ["AWS::DynamoDB::Table"]
SCOPED = ("07", "08", "09", "10")
DEPENDS = "  # CloudTrail tries the bucket when the trail is made.\n"
DATA_EVENTS_ONLY = """
  advanced_event_selector {
    field_selector {
      field  = "eventCategory"
      equals = ["Data"]
    }
    field_selector {
      field  = "resources.type"
      equals = ["AWS::S3::Object"]
    }
  }

"""
TWO_TABLES = {
    "source": ["aws.dynamodb"],
    "detail": {
        "eventName": ["DeleteTable"],
        "requestParameters": {"tableName": ["bbws-tenants-dev", "bbws-products-dev"]},
    },
}
BY_ROOT = {
    "source": ["aws.s3"],
    "detail": {"eventName": ["DeleteBucket"], "userIdentity": {"type": ["Root"]}},
}


def alarm(name: str) -> str:
    """Return the address of an alarm on failures."""
    return f'aws_cloudwatch_metric_alarm.failures["{name}"]'


def rule(key: str) -> str:
    """Return the address of an event rule."""
    return f'aws_cloudwatch_event_rule.noticed["{key}"]'


def config_rule(key: str) -> str:
    """Return the address of a rule of AWS Config."""
    return f'aws_config_config_rule.this["{key}"]'


def remove_alarm(aws: Aws, name: str) -> None:
    """Delete an alarm."""
    aws.write("cloudwatch:DeleteAlarms", AlarmNames=[name])


def remove_config_rule(aws: Aws, name: str) -> None:
    """Delete a rule of AWS Config."""
    aws.write("config:DeleteConfigRule", ConfigRuleName=name)


def remove_recorder(aws: Aws, name: str) -> None:
    """Delete the recorder with the channel that it delivers to."""
    aws.write("config:StopConfigurationRecorder", ConfigurationRecorderName=name)
    aws.write("config:DeleteDeliveryChannel", DeliveryChannelName="default")
    aws.write("config:DeleteConfigurationRecorder", ConfigurationRecorderName=name)


def remove_group(aws: Aws, name: str) -> None:
    """Delete a log group."""
    aws.write("logs:DeleteLogGroup", logGroupName=name)


def unlike(key: str, **change: Any) -> Recreated:
    """Return the edit that makes another rule of AWS Config of one."""
    return Recreated(f"bbws-{key}", ConfigRule, remove_config_rule, change)


def put_rule(key: str, pattern: dict[str, Any]) -> Called:
    """Return the edit that gives an event rule another pattern."""
    return call("events:PutRule", Name=f"bbws-{key}-dev", EventPattern=json.dumps(pattern))


def letting_in(service: str) -> dict[str, Any]:
    """Return the policy of a topic that one service alone may publish to."""
    allowed = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sns:Publish", "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [allowed]}


def publishing(service: str) -> Called:
    """Return the edit that lets one service alone publish to the topic."""
    policy = json.dumps(letting_in(service))
    return call("sns:SetTopicAttributes", TopicArn=TOPIC, AttributeName="Policy", AttributeValue=policy)


def _undelivered(backend: Any) -> None:
    for recorder in backend.recorders.values():
        recorder.status.last_status = "FAILURE"


def _refused(backend: Any) -> None:
    for trail in backend.trails.values():
        told = trail.status.description
        trail.status.description = lambda told=told: {**told(), "LatestDeliveryError": "AccessDenied"}


def found_wrong(key: str) -> Happened:
    """Return that AWS Config finds by a rule that something is not as it must be."""
    name = f"bbws-{key}"
    return Happened(f"{name} finds a resource wrong", lambda aws: history.judged(aws, name, "NON_COMPLIANT"))


COMPLIANCE = {
    "06": "tables-have-point-in-time-recovery",
    "07": "standard-tags-2",
    "08": "buckets-are-not-public",
    "09": "buckets-are-versioned",
    "10": "buckets-are-encrypted",
}

MAY_LOOK = 'resource "aws_iam_role_policy_attachment" "config" {'
BUCKET_POLICY = 'resource "aws_s3_bucket_policy" "audit" {'
WRITERS = 'data "aws_iam_policy_document" "audit" {\n'
NOBODY_WRITES = """  statement {
    effect    = "Deny"
    actions   = ["s3:PutObject"]
    resources = ["${local.audit_arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }

"""


def key_of_the_trail(service: str) -> str:
    """Return a key of KMS that lets a service encrypt for a trail."""
    return f"""resource "aws_kms_key" "trail" {{
  policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{
      Effect    = "Allow"
      Principal = {{ Service = "{service}.amazonaws.com" }}
      Action    = "kms:GenerateDataKey*"
      Resource  = "*"
      Condition = {{
        StringLike = {{
          "kms:EncryptionContext:aws:cloudtrail:arn" = "arn:aws:cloudtrail:*:${{local.account}}:trail/*"
        }}
      }}
    }}]
  }})
}}

"""


MUTATIONS: list[Mutation] = [
    mutation(
        "bbws-bkp-10",
        Replaced(ALARMS, '"NumberOfBackupJobs${failure}"', '"NumberOfBackupJobsCreated"'),
        falls_with=unnamed("bbws-inv-06"),
    ),
    mutation(
        "bbws-bkp-10",
        Set(alarm(FAILED), "metric_name", "NumberOfBackupJobsCreated"),
        falls_with=unnamed("bbws-inv-06"),
    ),
    mutation(
        "bbws-bkp-10",
        Recreated(EXPIRED, Alarm, remove_alarm, {"namespace": "AWS/EC2"}),
        falls_with=unnamed("bbws-inv-06"),
    ),
    mutation(
        "bbws-rep-13",
        Replaced(ALARMS, "threshold           = 0", "threshold = 1"),
        environment="prod",
        falls_with={
            "bbws-bkp-10": "the alarms on failures share a threshold",
            "bbws-mon-04": "so does this one",
        },
    ),
    mutation(
        "bbws-rep-13",
        Replaced(ALARMS, '"templates-to-${region}"', '"templates"'),
        environment="prod",
    ),
    mutation(
        "bbws-rep-13",
        Replaced("s3/replication.tf", '"templates-to-${', '"everything-to-${'),
        environment="prod",
    ),
    mutation(
        "bbws-rep-13",
        Set(alarm(REPLICATION), "dimensions", {**OF_REPLICA, "RuleId": "x"}),
        environment="prod",
    ),
    mutation(
        "bbws-rep-13",
        Recreated(REPLICATION, Alarm, remove_alarm, {"dimensions": {**OF_REPLICA, "RuleId": "x"}}),
        environment="prod",
    ),
    mutation(
        "bbws-rep-13",
        Replaced(ALARMS, 'RuleId            = "templates', 'Region = "r"\n          RuleId = "templates'),
        environment="prod",
    ),
    mutation("bbws-rep-13", Set(alarm(REPLICATION), "threshold", 1), environment="prod"),
    mutation(
        "bbws-rep-13", Recreated(REPLICATION, Alarm, remove_alarm, {"threshold": 1.0}), environment="prod"
    ),
    *(
        mutation("bbws-bkp-10", Set(alarm(FAILED), argument, value))
        for argument, value in NEVER_FIRES.items()
    ),
    mutation(
        "bbws-bkp-10", Recreated(FAILED, Alarm, remove_alarm, {"statistic": "Minimum", "period": 86400})
    ),
    mutation("bbws-bkp-10", Recreated(EXPIRED, Alarm, remove_alarm, {"unit": "Percent"})),
    mutation("bbws-tf-06", Replaced(ALARMS, '"Maximum"', '"SampleCount"')),
    mutation("bbws-tf-06", Set("aws_cloudwatch_metric_alarm.lock_held", "unit", "Milliseconds")),
    mutation(
        "bbws-tf-06", Recreated(LOCK_HELD, Alarm, remove_alarm, {"period": 3600, "evaluation_periods": 12})
    ),
    mutation("bbws-tf-06", Replaced(ALARMS, "threshold           = 600", "threshold = 6000")),
    mutation("bbws-tf-06", Set("aws_cloudwatch_metric_alarm.lock_held", "threshold", 10)),
    mutation("bbws-tf-06", Recreated(LOCK_HELD, Alarm, remove_alarm, {"threshold": 10.0})),
    mutation("bbws-mon-13", Replaced(ALARMS, "[aws_sns_topic.alerts.arn]", "[]")),
    mutation("bbws-mon-13", Set(alarm(FAILED), "alarm_actions", [])),
    mutation("bbws-mon-13", Set(alarm(FAILED), "actions_enabled", False)),
    mutation("bbws-mon-13", Replaced(MAIN, '"cloudwatch.amazonaws.com", ', "")),
    mutation(
        "bbws-mon-13", Set(POLICY, "policy", json.dumps(letting_in("events.amazonaws.com"))), only_on="state"
    ),
    mutation("bbws-mon-13", publishing("events.amazonaws.com")),
    mutation("bbws-mon-01", Replaced(MAIN, ', "events.amazonaws.com"', ""), falls_with=ALL_RULES),
    mutation(
        "bbws-mon-01",
        Set(POLICY, "policy", json.dumps(letting_in("cloudwatch.amazonaws.com"))),
        falls_with=ALL_RULES,
        only_on="state",  # a first plan does not know the policy yet
    ),
    mutation("bbws-mon-01", publishing("cloudwatch.amazonaws.com"), falls_with=ALL_RULES),
    mutation("bbws-mon-13", call("cloudwatch:DisableAlarmActions", AlarmNames=[LOCK_HELD])),
    mutation(
        "bbws-mon-01",
        Replaced(EVENTS, '["DeleteTable"]', '["CreateTable"]'),
        falls_with=unnamed("bbws-inv-07"),
    ),
    mutation(
        "bbws-mon-01",
        Set(rule("table-deleted"), "event_pattern", json.dumps(OTHER_CALL)),
        falls_with=unnamed("bbws-inv-07"),
    ),
    mutation("bbws-mon-01", put_rule("table-deleted", OTHER_CALL), falls_with=unnamed("bbws-inv-07")),
    mutation(
        "bbws-mon-01",
        Replaced(
            EVENTS,
            '["DeleteTable"] }',
            '["DeleteTable"], requestParameters = { tableName = ["bbws-tenants-dev"] } }',
        ),
    ),
    mutation("bbws-mon-01", put_rule("table-deleted", TWO_TABLES)),
    mutation(
        "bbws-mon-01",
        Set(rule("table-deleted"), "event_bus_name", "orders-bus"),
        falls_with=unnamed("bbws-inv-07"),
    ),
    mutation("bbws-mon-03", put_rule("bucket-deleted", BY_ROOT), falls_with=unnamed("bbws-inv-07")),
    mutation(
        "bbws-mon-02",
        Replaced(EVENTS, '["UpdateContinuousBackups"]', '["UpdateBackups"]'),
        falls_with=unnamed("bbws-inv-07"),
    ),
    mutation("bbws-mon-02", Set(rule("continuous-backups-changed"), "state", "DISABLED")),
    mutation("bbws-mon-02", call("events:DisableRule", Name="bbws-continuous-backups-changed-dev")),
    mutation(
        "bbws-mon-03",
        Replaced(EVENTS, '["aws.s3"]', '["s3.amazonaws.com"]'),
        falls_with=unnamed("bbws-inv-07"),
    ),
    mutation(
        "bbws-mon-03", Set('aws_cloudwatch_event_target.alerts["bucket-deleted"]', "arn", "arn:aws:sns:::x")
    ),
    mutation("bbws-mon-03", call("events:RemoveTargets", Rule="bbws-bucket-deleted-dev", Ids=["0"])),
    mutation(
        "bbws-mon-11",
        Replaced(EVENTS, '["ResourceDeleted"]', '["ResourceDiscovered"]'),
        falls_with=unnamed("bbws-inv-07"),
    ),
    mutation(
        "bbws-mon-11",
        Set(rule("table-recorded-as-deleted"), "event_pattern", json.dumps(OTHER_CALL)),
        falls_with=unnamed("bbws-inv-07"),
    ),
    mutation(
        "bbws-mon-11", put_rule("table-recorded-as-deleted", OTHER_CALL), falls_with=unnamed("bbws-inv-07")
    ),
    mutation("bbws-mon-04", Replaced(LOGS, '"?NoSuchKey ?NoSuchBucket"', '"Timeout"')),
    mutation("bbws-mon-04", Set("aws_cloudwatch_log_metric_filter.missing_templates", "pattern", "Timeout")),
    mutation("bbws-mon-04", Replaced(LOGS, '"?NoSuchKey ?NoSuchBucket"', '"-INFO"')),
    mutation("bbws-mon-04", Replaced(LOGS, 'value         = "1"', 'value = "0"')),
    mutation("bbws-mon-04", Replaced(LOGS, '"?NoSuchKey ?NoSuchBucket"', '"can\'t find NoSuchKey"')),
    mutation("bbws-mon-04", Set("aws_cloudwatch_log_metric_filter.missing_templates", "pattern", "")),
    mutation(
        "bbws-mon-04",
        Set(
            "aws_cloudwatch_log_metric_filter.missing_templates", "metric_transformation.0.default_value", "1"
        ),
    ),
    mutation("bbws-mon-04", Recreated(FILTER, Alarm, remove_alarm, {"dimensions": {"Server": "a"}})),
    mutation("bbws-mon-04", Recreated(FILTER, Alarm, remove_alarm, {"unit": "Count"})),
    mutation("bbws-mon-04", Recreated(FILTER, Alarm, remove_alarm, {"threshold": 5.0})),
    mutation(
        "bbws-mon-04",
        call("logs:DeleteMetricFilter", filterName=FILTER, logGroupName=GROUP),
        call(
            "logs:PutMetricFilter",
            filterName=FILTER,
            logGroupName=GROUP,
            filterPattern="Timeout",
            metricTransformations=[
                {"metricNamespace": "BBWS/Orders", "metricName": "MissingTemplates", "metricValue": "1"}
            ],
        ),
    ),
    mutation("bbws-mon-05 config.recording", Replaced(CONFIG, "is_enabled = true", "is_enabled = false")),
    mutation(
        "bbws-mon-05 config.recording",
        Set("aws_config_configuration_recorder_status.this", "is_enabled", False),
    ),
    mutation(
        "bbws-mon-05 config.recording",
        call("config:StopConfigurationRecorder", ConfigurationRecorderName="default"),
    ),
    mutation(
        "bbws-mon-05 config.recording",
        Recreated(
            "default",
            ConfigRecorder,
            remove_recorder,
            {"all_supported": False, "resource_types": ONLY_TABLES, "strategy": INCLUSION},
        ),
    ),
    mutation(
        "bbws-mon-05 config.recording",
        Replaced(
            CONFIG,
            "    all_supported                 = true\n    include_global_resource_types = true\n",
            """    exclusion_by_resource_types {
      resource_types = ["AWS::DynamoDB::Table"]
    }
    recording_strategy {
      use_only = "EXCLUSION_BY_RESOURCE_TYPES"
    }
""",
        ),
    ),
    mutation(
        "bbws-mon-05 config.recording",
        Recreated(
            "default",
            ConfigRecorder,
            remove_recorder,
            {"all_supported": False, "excluded_types": ONLY_TABLES, "strategy": EXCLUSION},
        ),
    ),
    mutation(
        "bbws-mon-05 config.delivery",
        Replaced(
            CONFIG,
            '"aws_config_delivery_channel" "this" {',
            '"aws_config_delivery_channel" "this" {\n  count = 0',
        ),
    ),
    mutation("bbws-mon-05 config.delivery", Without("aws_config_delivery_channel.this")),
    mutation(
        "bbws-mon-05 config.delivery",
        Replaced(CONFIG, 'local.writers["config.amazonaws.com"].prefix', '"elsewhere"'),
    ),
    mutation("bbws-mon-05 config.delivery", Set("aws_config_delivery_channel.this", "s3_key_prefix", "else")),
    mutation(
        "bbws-mon-05 config.delivery",
        Replaced(CONFIG, MAY_LOOK, f"{MAY_LOOK}\n  count = 0"),
    ),
    mutation(
        "bbws-mon-05 config.delivery",
        Replaced(AUDIT, WRITERS, WRITERS + NOBODY_WRITES),
        falls_with={"bbws-mon-12 trail.delivery": "both write to one bucket"},
    ),
    mutation(
        "bbws-mon-05 config.delivery",
        Described("the recorder could not deliver", _undelivered, "config"),
        only_on="live",
    ),
    mutation(
        "bbws-mon-06 config.rule",
        Replaced(CONFIG, '"DYNAMODB_PITR_ENABLED"', '"DYNAMODB_AUTOSCALING_ENABLED"'),
        falls_with=unnamed("bbws-inv-10"),
    ),
    mutation(
        "bbws-mon-06 config.rule",
        Set(
            config_rule("tables-have-point-in-time-recovery"),
            "source.0.source_identifier",
            "DYNAMODB_IN_BACKUP_PLAN",
        ),
        falls_with=unnamed("bbws-inv-10"),
    ),
    mutation(
        "bbws-mon-06 config.rule",
        unlike("tables-have-point-in-time-recovery", source_identifier="DYNAMODB_AUTOSCALING_ENABLED"),
        falls_with=unnamed("bbws-inv-10"),
    ),
    mutation(
        "bbws-mon-06 config.rule",
        Replaced(
            CONFIG,
            "    compliance_resource_types = each.value.types\n",
            '    tag_key   = "Team"\n    tag_value = "nobody"\n',
        ),
        falls_with={f"bbws-mon-{number} config.rule": "the rules share a scope" for number in SCOPED},
    ),
    mutation(
        "bbws-mon-06 config.rule",
        unlike(
            "tables-have-point-in-time-recovery", resource_types=ONLY_TABLES, resource_id="bbws-tenants-dev"
        ),
    ),
    mutation("bbws-mon-08 config.rule", unlike("buckets-are-not-public", excluded=["bbws-templates-dev"])),
    mutation("bbws-mon-09 config.rule", unlike("buckets-are-versioned", evaluation_modes=["PROACTIVE"])),
    mutation(
        "bbws-mon-10 config.rule",
        unlike("buckets-are-encrypted", resource_types=[], resource_tag={"Audited": "yes"}),
    ),
    mutation(
        "bbws-mon-07 config.rule",
        Replaced(CONFIG, '["AWS::DynamoDB::Table", "AWS::S3::Bucket"]', '["AWS::S3::Bucket"]'),
    ),
    mutation(
        "bbws-mon-07 config.rule",
        Set(config_rule("standard-tags-2"), "scope.0.compliance_resource_types", ONLY_TABLES),
    ),
    mutation("bbws-mon-07 config.rule", unlike("standard-tags-2", resource_types=ONLY_TABLES)),
    mutation("bbws-mon-07 config.tags", Replaced(CONFIG, '["Application", "LLD"]', '["Application"]')),
    mutation(
        "bbws-mon-07 config.tags",
        Set(config_rule("standard-tags-2"), "input_parameters", json.dumps({"tag1Key": "Application"})),
    ),
    mutation("bbws-mon-07 config.tags", unlike("standard-tags-1", required_tags=["Environment"])),
    mutation(
        "bbws-mon-08 config.rule",
        Replaced(
            CONFIG,
            'owner             = "AWS"',
            'owner             = each.key == "buckets-are-not-public" ? "CUSTOM_LAMBDA" : "AWS"',
        ),
        falls_with=unnamed("bbws-inv-10"),
    ),
    mutation(
        "bbws-mon-08 config.rule",
        Set(config_rule("buckets-are-not-public"), "source.0.owner", "CUSTOM_LAMBDA"),
        falls_with=unnamed("bbws-inv-10"),
    ),
    mutation(
        "bbws-mon-08 config.rule",
        Replaced(CONFIG, '"S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED"', '"S3_BUCKET_LOGGING_ENABLED"'),
        falls_with=unnamed("bbws-inv-10"),
    ),
    mutation(
        "bbws-mon-08 config.rule",
        Set(config_rule("buckets-are-not-public"), "source.0.source_identifier", "S3_BUCKET_LOGGING_ENABLED"),
        falls_with=unnamed("bbws-inv-10"),
    ),
    mutation("bbws-mon-08 config.rule", unlike("buckets-are-not-public", resource_types=ONLY_TABLES)),
    mutation(
        "bbws-mon-09 config.rule",
        Replaced(CONFIG, '"S3_BUCKET_VERSIONING_ENABLED"', '"S3_BUCKET_LOGGING_ENABLED"'),
        falls_with=unnamed("bbws-inv-10"),
    ),
    mutation(
        "bbws-mon-09 config.rule",
        Set(config_rule("buckets-are-versioned"), "scope.0.compliance_resource_types", ONLY_TABLES),
    ),
    mutation(
        "bbws-mon-09 config.rule",
        unlike("buckets-are-versioned", source_identifier="S3_BUCKET_LOGGING_ENABLED"),
        falls_with=unnamed("bbws-inv-10"),
    ),
    mutation(
        "bbws-mon-10 config.rule",
        Replaced(CONFIG, '"S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED"', '"S3_BUCKET_LOGGING_ENABLED"'),
        falls_with=unnamed("bbws-inv-10"),
    ),
    mutation(
        "bbws-mon-10 config.rule",
        Set(
            config_rule("buckets-are-encrypted"),
            "scope.0",
            {"tag_key": "Audited", "tag_value": "yes", "compliance_resource_types": []},
        ),
    ),
    mutation(
        "bbws-mon-10 config.rule",
        unlike("buckets-are-encrypted", source_identifier="S3_BUCKET_LOGGING_ENABLED"),
        falls_with=unnamed("bbws-inv-10"),
    ),
    mutation(
        "bbws-mon-12 trail.logging",
        Replaced(AUDIT, "is_multi_region_trail      = true", "enable_logging = false"),
    ),
    mutation("bbws-mon-12 trail.logging", Set("aws_cloudtrail.audit", "enable_logging", False)),
    mutation("bbws-mon-12 trail.logging", call("cloudtrail:StopLogging", Name=TRAIL)),
    mutation("bbws-mon-12 trail.logging", Replaced(AUDIT, DEPENDS, f"{DATA_EVENTS_ONLY}{DEPENDS}")),
    mutation(
        "bbws-mon-12 trail.logging",
        call(
            "cloudtrail:PutEventSelectors",
            TrailName=TRAIL,
            AdvancedEventSelectors=[
                {
                    "FieldSelectors": [
                        {"Field": "eventCategory", "Equals": ["Management"]},
                        {"Field": "readOnly", "Equals": ["false"]},
                    ]
                }
            ],
        ),
    ),
    mutation(
        "bbws-mon-12 trail.logging",
        call(
            "cloudtrail:PutEventSelectors",
            TrailName=TRAIL,
            EventSelectors=[
                {"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True, "DataResources": []}
            ],
        ),
    ),
    mutation(
        "bbws-mon-12 trail.delivery",
        Replaced(AUDIT, 'local.writers["cloudtrail.amazonaws.com"].prefix', '"elsewhere"'),
    ),
    mutation("bbws-mon-12 trail.delivery", Set("aws_cloudtrail.audit", "s3_key_prefix", "elsewhere")),
    mutation(
        "bbws-mon-12 trail.delivery",
        Replaced(AUDIT, DEPENDS, f"  kms_key_id = aws_kms_key.trail.arn\n\n{DEPENDS}"),
        Replaced(AUDIT, BUCKET_POLICY, f"{key_of_the_trail('ec2')}{BUCKET_POLICY}"),
    ),
    mutation(
        "bbws-mon-12 trail.delivery",
        Described("S3 refused what the trail delivered", _refused, "cloudtrail"),
        only_on="live",
    ),
    mutation(
        "bbws-log-01",
        Replaced(LOGS, '"/aws/lambda/bbws-order-lambda-', '"/aws/lambda/bbws-orders-'),
        falls_with={
            "bbws-mon-04": "the filter counts in the group of the other name",
            **unnamed("bbws-inv-09"),
        },
    ),
    mutation(
        "bbws-log-01",
        Set("aws_cloudwatch_log_group.orders", "name", "/aws/lambda/bbws-orders-dev"),
        falls_with=unnamed("bbws-inv-09"),
    ),
    mutation(
        "bbws-log-01",
        Removed(GROUP, remove_group),
    ),
    *(
        mutation(f"bbws-mon-{number} config.compliant", found_wrong(key))
        for number, key in COMPLIANCE.items()
    ),
]
