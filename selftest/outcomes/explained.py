"""Why some change of a field leaves every test green: one line each."""

_OTHERS_MAY_BE = "what the runbook lists must be there; others may be too"
_NOT_VERSIONING = "replication must wait for versioning; what else it waits for is Terraform's business"
_WIDER = "a wider pattern reports the event too"
_ANYBODY = "the runbook does not say whom an alarm reaches, only that somebody hears it"
_ALL_TYPES = "a rule that names no types judges all of them"
_HOOKS_ARE_OURS = "the runbook asks for a linter of YAML; what else runs before a commit is the team's choice"
_NUMBER_IS_FREE = "there must be some; how many is not given"
_ANY_ANALYZER = "the runbook asks for an analyzer, not for this one"
_NOT_GIVEN = "the runbook's backend settings do not include it"

_FOUND = "it is found by what it is, whatever its name"
MAY_CHANGE = {
    "alarm.name": _FOUND,
    "config_recorder.name": _FOUND,
    "config_rule.name": _FOUND,
    "event_rule.name": _FOUND,
    "trail.name": _FOUND,
    "inventory.found: no []": "other sentences tell what is not there",
    "inventory.found[].where": "where something stands says nothing of its name",
    "access_analyzers.active: one more": _ANY_ANALYZER,
    "alarm.alarm_actions: one more": _OTHERS_MAY_BE,
    "alarm.evaluate_low_sample_count_percentiles": "it is for percentiles alone, and no alarm is on one",
    "alarm.treat_missing_data": "it decides nothing of a metric that is never silent for long enough",
    "backup_plan.selections[].name": "nothing refers to a selection by its name",
    "bucket.lifecycle_rules[].has_filter": "without a filter a rule is for everything, as with an empty one",
    "bucket.replication_depends_on: no [aws_iam_role]": _NOT_VERSIONING,
    "bucket.replication_depends_on: no [aws_iam_role_policy]": _NOT_VERSIONING,
    "bucket.replication_depends_on: no [aws_s3_bucket]": _NOT_VERSIONING,
    "bucket.replication_depends_on: one more": _NOT_VERSIONING,
    "bucket.replication_depends_on[aws_iam_role]": _NOT_VERSIONING,
    "bucket.replication_depends_on[aws_iam_role_policy]": _NOT_VERSIONING,
    "bucket.replication_depends_on[aws_s3_bucket]": _NOT_VERSIONING,
    "bucket.tags: one more": _OTHERS_MAY_BE,
    "config_rule.evaluation_modes: one more": "a rule may look at what is about to be deployed, too",
    "config_rule.excluded: one more": "buckets that no sentence names may be left alone",
    "config_rule.required_tags: one more": _OTHERS_MAY_BE,
    "config_rule.resource_types: no [AWS::DynamoDB::Table]": _ALL_TYPES,
    "config_rule.resource_types: no [AWS::S3::Bucket]": _ALL_TYPES,
    "config_rule.resource_types: one more": _OTHERS_MAY_BE,
    "event_rule.event_pattern: no [detail-type]": _WIDER,
    "event_rule.event_pattern: no [detail]": _WIDER,
    "event_rule.event_pattern: no [source]": _WIDER,
    "event_rule.targets: one more": _OTHERS_MAY_BE,
    "deployment_environment.reviewers": "one reviewer is enough, and more may be asked",
    "pre_commit_configuration.hooks: no [ruff-format]": _HOOKS_ARE_OURS,
    "pre_commit_configuration.hooks: no [ruff]": _HOOKS_ARE_OURS,
    "pre_commit_configuration.hooks: no [zizmor]": _HOOKS_ARE_OURS,
    "pre_commit_configuration.hooks: one more": _HOOKS_ARE_OURS,
    "pre_commit_configuration.hooks[ruff-format]": _HOOKS_ARE_OURS,
    "pre_commit_configuration.hooks[ruff]": _HOOKS_ARE_OURS,
    "pre_commit_configuration.hooks[zizmor]": _HOOKS_ARE_OURS,
    "role.trusted_services: one more": _OTHERS_MAY_BE,
    "root.backend: no [encrypt]": _NOT_GIVEN,
    "root.backend: one more": _OTHERS_MAY_BE,
    "root.backend[encrypt]": _NOT_GIVEN,
    "stored_object.content_length": "a template may have any size but zero",
    "table.indexes: one more": _OTHERS_MAY_BE,
    "table.resource_policy": "a policy that denies nothing keeps nobody out",
    "table.literal_tags: one more": "a tag that differs from table to table is written out where it belongs",
    "table.tags: one more": _OTHERS_MAY_BE,
    "workflow.artifacts: one more": _OTHERS_MAY_BE,
    "workflow.jobs": _NUMBER_IS_FREE,
    "workflow.notified_channels: one more": _OTHERS_MAY_BE,
    "workflow.required_inputs: one more": _OTHERS_MAY_BE,
    "workflow.scheduled_checks: one more": _OTHERS_MAY_BE,
    "workflow.triggers": _NUMBER_IS_FREE,
    "topic.subscriptions: one more": _ANYBODY,
    "trail.is_multi_region_trail": "a trail of the stack's own region records its calls, too",
}
"""What may be different in a field that tests read, by the field and the place inside it; a stack's
`explained.py` lists what may be different in it alone."""
