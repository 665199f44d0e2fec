"""What may be different in the data lake alone, and what decides nothing there: one line each."""

_ENVIRONMENTS = {"dev": "100000000001", "stage": "100000000002", "prod": "100000000003"}

_NOT_THERE = "other sentences tell what is not there"
_A_COPY_MORE = "one copy is asked for, and there may be others"
_TAKEN_TOGETHER = "that every zone is copied is asked of the zones"
_WHEN = "when a copy is made is not given, only that it is"
_OF_THE_LOG_BUCKET = "of the log bucket's policy only that is asked which lets logs in"
_NOT_OF_DAYS = "that it is removed some day is asked, not when"
_OF_MARKERS = "the other rule removes delete markers, of which nothing is asked"
_MAY_STAY = "objects of up to 128 KB may stay where they are"
_LEAST_SIZE = "transition_default_minimum_object_size"
_FOR_THE_TOPIC = "what CloudWatch may do with the key is asked of the topic"
_BY_ITS_OWN_STATEMENT = "CloudWatch uses the key by another statement than the account does"
_NOT_THE_VALUE = "whether the file gives it is asked, not what it gives"
_NOT_OF_THIS_MODULE = "it must give one module its variables, and may call others"
_NOT_THAT_VARIABLE = "of one variable of the module it is asked"
_READS = "what the role may read besides using the key is not asked"
_TWO_USES = "of the key it must be able to encrypt and decrypt with it"
_NOT_OF_THIS_OUTPUT = "of one output it asks for keys, and of no others"

MAY_CHANGE = {
    "authorization.roles_and_policies: no [role/*]": _NOT_THERE,
    "backup_plan.schedules: one more": _WHEN,
    "backup_plan.schedules[cron(*)]": _WHEN,
    "backup_plan.selections[].resources[*]": _TAKEN_TOGETHER,
    "bucket.account": "what is denied is denied in whichever account",
    "bucket.backup_plans*": _A_COPY_MORE,
    "bucket.lifecycle_rules: no []": _OF_MARKERS,
    "bucket.lifecycle_rules[].days_after_initiation": "nothing is asked of uploads that nobody completes",
    "bucket.lifecycle_rules[].id": "what a rule is called decides nothing",
    "bucket.lifecycle_rules[].noncurrent_days": _NOT_OF_DAYS,
    "bucket.lifecycle_rules[].prefix": _OF_MARKERS,
    "bucket.lifecycle_rules[].status": _OF_MARKERS,
    "bucket.lifecycle_rules[].transitions[].newer_noncurrent_versions": "a transition deletes nothing",
    "bucket.policy.statements[].actions[s3:*]": _OF_THE_LOG_BUCKET,
    "bucket.policy.statements[].conditions[Bool][aws:SecureTransport][false]": _OF_THE_LOG_BUCKET,
    "bucket.policy.statements[].effect": _OF_THE_LOG_BUCKET,
    "bucket.policy.statements[].principals[AWS][*]": _OF_THE_LOG_BUCKET,
    "bucket.policy.statements[].resources[arn:aws:s3:::dp-*-logs-*]": _OF_THE_LOG_BUCKET,
    "bucket.replication_rules: one more": _A_COPY_MORE,
    "bucket.request_metrics: one more": "the bucket may count other requests, too",
    f"bucket.{_LEAST_SIZE}": _MAY_STAY,
    "dashboard.namespaces: one more": "more may be plotted",
    "dashboard.regions: no [*]": "where no widget names a region, none is read but the dashboard's own",
    "key.aliases: one more": "a key may have further aliases",
    "key.policy.statements[].actions[kms:*]": _FOR_THE_TOPIC,
    "key.policy.statements[].conditions[StringEquals][aws:SourceAccount][*]": _FOR_THE_TOPIC,
    "key.policy.statements[].effect": _FOR_THE_TOPIC,
    "key.policy.statements[].principals[Service][cloudwatch.amazonaws.com]": _FOR_THE_TOPIC,
    "modules.provider_constraints[].folder": "every folder is asked for the same",
    "modules.provider_constraints[].provider": "of another provider nothing is asked",
    "modules.provider_constraints: one more": "of another provider nothing is asked",
    "modules.provider_constraints: no []": "a folder that is not there takes no version",
    "oidc_provider.audiences: one more": "the role's trust says for whom a token must be",
    "repository_file.settings: one more": "it must give these, and may give others",
    "repository_file.settings: no [encrypt]": "the runbook's backend settings do not include it",
    "repository_file.settings[encrypt]": "the runbook's backend settings do not include it",
    "repository_file.settings[account_id]": _NOT_THE_VALUE,
    "repository_file.settings[region]": _NOT_THE_VALUE,
    "role.inline_policies: one more": "the role may do more",
    "role.inline_policies: no [read-*]": _READS,
    "role.inline_policies[read-*]*": _READS,
    "role.inline_policies[use-keys].statements[].actions[kms:DescribeKey]": _TWO_USES,
    "role.inline_policies[use-keys].statements[].actions[kms:GenerateDataKey]": _TWO_USES,
    "root.module_variables: one more": _NOT_OF_THIS_MODULE,
    **{
        f"root.module_variables: no [terraform/data-lake/modules/{module}]": _NOT_OF_THIS_MODULE
        for module in ("backup", "data_lake", "kms")
    },
    **{
        f"root.module_variables[terraform/data-lake/modules/{module}][*]": _NOT_OF_THIS_MODULE
        for module in ("backup", "data_lake", "kms")
    },
    **{
        f"root.module_variables[terraform/data-lake/modules/observability][{name}]": _NOT_THAT_VARIABLE
        for name in (
            *("account_id", "alerts_email", "buckets", "environment", "log_retention_days"),
            *("name_prefix", "region", "request_metrics"),
        )
    },
    "root.output_keys: no [kms_key_*]": _NOT_OF_THIS_OUTPUT,
    "root.output_keys: one more": _NOT_OF_THIS_OUTPUT,
    "root.outputs: one more": "it must declare these, and may declare others",
    "topic.key_policy.statements[].actions[kms:*]": _BY_ITS_OWN_STATEMENT,
    "topic.key_policy.statements[].effect": _BY_ITS_OWN_STATEMENT,
    **{
        f"topic.key_policy.statements[].principals[AWS][arn:aws:iam::{account}:root]": _BY_ITS_OWN_STATEMENT
        for account in _ENVIRONMENTS.values()
    },
    "topic.subscriptions[email:*]": "that somebody hears it is asked, not who",
}
"""What may be different in a field that tests read, by the field and the place inside it."""

_ON_ONE_DAY = "it matters to what would move on the very day on which it expires"
_NOT_WHEN = "what an alarm watches is asked of another one than when it fires"
_NO_VERSIONS = "where no versions are kept there is nothing to remove"
_LIFECYCLE = ("data-lake-s3-10 s3.lifecycle", "data-lake-s3-10 s3.lifecycle-days", "data-lake-s3-11")
DECIDES_NOTHING = {
    **{(name, f"bucket.{_LEAST_SIZE}"): _MAY_STAY for name in _LIFECYCLE},
    **{(name, "bucket.versioning"): _ON_ONE_DAY for name in _LIFECYCLE[:2]},
    ("data-lake-s3-11", "bucket.versioning"): _NO_VERSIONS,
    (
        "data-lake-oidc-03 kms.use",
        "key.arn",
    ): "the role may use every key of its account, until it is narrowed",
    ("data-lake-s3-06", "bucket.account"): "what is denied is denied in whichever account",
    ("data-lake-s3-13 s3.second-copy", "bucket.replication_rules"): "a backup plan takes the bucket, too",
    ("data-lake-mon-03", "alarm.name"): "what the topic has of its own asks whose alarm it is, not which",
    **{
        ("data-lake-mon-02 alarms.dimensions", f"alarm.{name}"): _NOT_WHEN
        for name in ("period", "statistic", "unit")
    },
}
"""The fields that a test reads without depending on them, by the invariant and the field."""

UNREPAIRED = {
    "data-lake-acct-01": "the user chooses other credentials",
}
"""What is red in moto whatever a card says to type, and why."""
