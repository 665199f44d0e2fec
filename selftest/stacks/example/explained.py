"""What may be different in the example alone: one line each."""

_A_COPY_MORE = "one copy is asked for, and there may be others"
_NOT_OF_DAYS = "that it is deleted some day is asked, not when"
_ANOTHER_COPY = "a backup plan takes the bucket, too"
_LEAST_SIZE = "transition_default_minimum_object_size"
_MAY_STAY = "objects of up to 128 KB may stay where they are"
_NO_VERSIONS = "where no versions are kept there is nothing to remove"
_ON_ONE_DAY = "it matters to what would move on the very day on which it expires"
_NOT_WHEN = "what an alarm watches is asked of another one than when it fires"

MAY_CHANGE = {
    "alarm.period": _NOT_WHEN,
    "alarm.statistic": _NOT_WHEN,
    "alarm.unit": _NOT_WHEN,
    "bucket.account": "what is denied is denied in whichever account",
    "bucket.backup_plans*": _A_COPY_MORE,
    "bucket.lifecycle_rules[].days_after_initiation": _NOT_OF_DAYS,
    "bucket.lifecycle_rules[].id": "what a rule is called decides nothing",
    "bucket.lifecycle_rules[].noncurrent_days": _NOT_OF_DAYS,
    "bucket.lifecycle_rules[].transitions[].newer_noncurrent_versions": "a transition deletes nothing",
    "bucket.replication_rules: one more": _A_COPY_MORE,
    "bucket.request_metrics: one more": "the bucket may count other requests, too",
    f"bucket.{_LEAST_SIZE}": _MAY_STAY,
    "dashboard.namespaces: one more": "more may be plotted",
    "distribution.behaviors: no []": "the other paths are served as all are",
    "distribution.behaviors[].path_pattern": "none is served over plain HTTP, whichever it is",
    "key.aliases: no [*:alias/notes-deliveries-*]": "which key an alias stands for is asked of the alias",
    "key.aliases: one more": "a key may have further aliases",
    "oidc_provider.audiences: one more": "the role's trust says for whom a token must be",
    "role.inline_policies: one more": "the role may do more",
    "workflow.concurrency_groups: no [deploy-${{ inputs.environment }}]": "such a job has an empty one",
    "table.billing_mode": "a table that bills on demand needs no scaling",
    "table.scheduled_actions: one more": "one that keeps to the bounds is as good",
    "table.scalable_targets[*].scheduled_scaling_suspended": "nothing is scaled by the clock",
    "table.scalable_targets: one more": "more may be scaled",
    "table.scaling_policies[*].policy": "the policies have no names there",
    "table.scaling_policies[*].scale_*_cooldown": "how long scaling waits is not said",
    "table.scaling_policies: one more": "more may be scaled",
    "topic.subscriptions[email:*]": "the runbook says that somebody hears it, not who",
    "modules.provider_constraints[].folder": "every folder is asked for the same",
    "modules.provider_constraints[].provider": "of another provider nothing is asked",
    "modules.provider_constraints: one more": "of another provider nothing is asked",
    "modules.provider_constraints: no []": "a folder that is not there takes no version",
    "root.module_variables: one more": "it must give this module its variables, and may call others",
    "root.outputs: one more": "it must declare these, and may declare others",
    "root.output_keys: one more": "of these outputs it asks for keys, and of no others",
    "repository_file.settings: one more": "it must give these, and may give others",
    "repository_file.settings[encrypt]": "whether the file gives it is asked, not what it gives",
}
"""What may be different in a field that tests read, by the field and the place inside it."""

DECIDES_NOTHING = {
    **{("example-mon-03", f"alarm.{name}"): _NOT_WHEN for name in ("period", "statistic", "unit")},
    **{
        (f"example-s3-{number}", f"bucket.{_LEAST_SIZE}"): _MAY_STAY
        for number in ("06", "07", "08", "09", "10")
    },
    **{(f"example-s3-{number}", "bucket.versioning"): _ON_ONE_DAY for number in ("06", "07")},
    **{(f"example-s3-{number}", "bucket.versioning"): _NO_VERSIONS for number in ("08", "09", "10")},
    ("example-s3-05", "bucket.account"): "what is denied is denied in whichever account",
    ("example-s3-13", "bucket.replication_rules"): _ANOTHER_COPY,
    ("example-iam-03", "key.arn"): "the role may use each key of the account that has the alias",
    ("example-mon-02", "alarm.name"): "what the topic has of its own asks whose alarm it is, not which",
}
"""The fields that a test reads without depending on them, by the invariant and the field."""

UNREPAIRED = {
    "example-acct-01": "the user chooses other credentials",
    "example-cf-02": "the user waits",
    "example-inv-01": "the user names it in the stack, or deletes it",
}
"""What is red in moto whatever a card says to type, and why."""
