"""Why some change of a field leaves every test green, and why some field decides nothing: one line each."""

_OTHERS_MAY_BE = "what the runbook lists must be there; others may be too"
_NOT_VERSIONING = "replication must wait for versioning; what else it waits for is Terraform's business"
_NAMES_ONLY = "the names are counted and must differ; which they are is asserted of `indexes`"
_NO_TIME_GIVEN = "the runbook asks that backups run by themselves, not when"
_WIDER = "a wider pattern reports the event too"
_ANYBODY = "the runbook does not say whom an alarm reaches, only that somebody hears it"
_ALL_TYPES = "a rule that names no types judges all of them"
_NOT_GIVEN = "the runbook's backend settings do not include it"

MAY_CHANGE = {
    "alarm.alarm_actions: one more": _OTHERS_MAY_BE,
    "backup_plan.schedules: one more": _NO_TIME_GIVEN,
    "backup_plan.schedules[cron(0 2 * * ? *)]": _NO_TIME_GIVEN,
    "backup_plan.selections[].name": "nothing refers to a selection by its name",
    "bucket.replication_depends_on: no [aws_iam_role]": _NOT_VERSIONING,
    "bucket.replication_depends_on: no [aws_iam_role_policy]": _NOT_VERSIONING,
    "bucket.replication_depends_on: no [aws_s3_bucket]": _NOT_VERSIONING,
    "bucket.replication_depends_on: one more": _NOT_VERSIONING,
    "bucket.replication_depends_on[aws_iam_role]": _NOT_VERSIONING,
    "bucket.replication_depends_on[aws_iam_role_policy]": _NOT_VERSIONING,
    "bucket.replication_depends_on[aws_s3_bucket]": _NOT_VERSIONING,
    "bucket.tags: one more": _OTHERS_MAY_BE,
    "config_rule.required_tags: one more": _OTHERS_MAY_BE,
    "config_rule.resource_types: no [AWS::DynamoDB::Table]": _ALL_TYPES,
    "config_rule.resource_types: no [AWS::S3::Bucket]": _ALL_TYPES,
    "config_rule.resource_types: one more": _OTHERS_MAY_BE,
    "event_rule.event_pattern: no [detail-type]": _WIDER,
    "event_rule.event_pattern: no [detail]": _WIDER,
    "event_rule.event_pattern: no [source]": _WIDER,
    "event_rule.targets: one more": _OTHERS_MAY_BE,
    "role.trusted_services: one more": _OTHERS_MAY_BE,
    "root.backend: no [encrypt]": _NOT_GIVEN,
    "root.backend: one more": _OTHERS_MAY_BE,
    "root.backend[encrypt]": _NOT_GIVEN,
    "stored_object.content_length": "a template may have any size but zero",
    "table.index_names: no [email-index]": _NAMES_ONLY,
    "table.index_names: one more": _NAMES_ONLY,
    "table.index_names[email-index]": _NAMES_ONLY,
    "table.indexes: one more": _OTHERS_MAY_BE,
    "table.tags: one more": _OTHERS_MAY_BE,
    "topic.subscriptions: one more": _ANYBODY,
    "topic.subscriptions[email:devops@kimmyai.com]": _ANYBODY,
    "trail.is_multi_region_trail": "a trail of the stack's own region records its calls, too",
}
"""What may be different in a field that tests read, by the field and the place inside it."""

DECIDES_NOTHING: dict[tuple[str, str], str] = {
    (
        "bbws-bkp-04",
        "table.tags",
    ): "the selection names the tables by ARN, so their tags do not matter",
}
"""The fields that a test reads without depending on them, by the invariant and the field."""
