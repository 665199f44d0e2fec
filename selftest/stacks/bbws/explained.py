"""What may be different in bbws alone, and what decides nothing there: one line each."""

_ENVIRONMENTS = ("dev", "sit", "prod")

_OTHERS_MAY_BE = "what the runbook lists must be there; others may be too"
_ANYBODY = "the runbook does not say whom an alarm reaches, only that somebody hears it"
_ANY_ANALYZER = "the runbook asks for an analyzer, not for this one"
_OF_NO_PART = "which part of the stack a bucket is of the runbook gives of the tables alone"
_COPIED_TOO = "a further destination takes nothing from the replica"

_CALLED_OTHERWISE = "only what is called as another environment's, or lies elsewhere, is one of those"

_NOT_ANOTHER = (
    "a setting puts a state elsewhere where it is given with another value; what is not given, is not"
)
_ONE_IS_ENOUGH = "one of the commands and types that do the work is enough, and others are nothing to it"
_OF_ANOTHER = "what is done in another environment is asked of that one"
_OTHERS_DO_SO = (
    "of an environment that no deployment is called by, all of them are asked, and they do the same"
)
_EMPTY_IS_TOLD = "a job without a group has an empty one: there is no list without any"

MAY_CHANGE = {
    "backup_plan.schedules*": "which of them start nothing is told beside them, by the clock of the run",
    "bucket.policy": "a policy that denies nothing keeps nobody out",
    "runbook_record.contacts*": "that every role has somebody is asserted, not who that is",
    "inventory.found: one more": _CALLED_OTHERWISE,
    "inventory.found[].account": _CALLED_OTHERWISE,
    "inventory.found[].name": _CALLED_OTHERWISE,
    "inventory.found[].region": _CALLED_OTHERWISE,
    "table.attributes: one more": "the keys have their types; what no key uses, another sentence tells",
    **{f"access_analyzers.active[bbws-{environment}]": _ANY_ANALYZER for environment in _ENVIRONMENTS},
    "lambda_sources.template_keys: no [receipts/payment_received.html]": "the code need not use each",
    "lambda_sources.template_keys[receipts/payment_received.html]": "where a key stands decides nothing",
    "workflow.artifacts[terraform-plan-${{ inputs.environment }}][.terraform.lock.hcl]": _OTHERS_MAY_BE,
    "workflow.backends*": _NOT_ANOTHER,
    "workflow.checked_types*": _ONE_IS_ENOUGH,
    "workflow.checks*": _ONE_IS_ENOUGH,
    "workflow.saved_plans: one more": "a further plan may be saved under another name",
    "workflow.concurrency_groups: no [terraform-${{ inputs.environment }}]": _EMPTY_IS_TOLD,
    "workflow.deployments[].types[aws_*]": _ONE_IS_ENOUGH,
    "workflow.deployments: no []": _OTHERS_DO_SO,
    "workflow.deployments: one more": _OF_ANOTHER,
    "workflow.deployments[].environment": _OTHERS_DO_SO,
    "workflow.scheduled_checks: no []": _OF_ANOTHER,
    "workflow.scheduled_checks[].days": _OF_ANOTHER,
    "workflow.scheduled_checks[].environment": _OF_ANOTHER,
    "workflow.scheduled_checks[].workflow": "which workflow checks is the team's choice",
    "workflow.tested_stacks: one more": "other stacks may be tested, too",
    "metric_filter.unit": "the alarm asks for no unit, and takes every one",
    "protected_branch.required_workflows: one more": _OTHERS_MAY_BE,
    "repository_file.name": "what a policy refuses is asked of what it says; the name tells where",
    "topic.subscriptions[email:*]": _ANYBODY,
    "bucket.replicates_only: one more": _COPIED_TOO,
    "bucket.replicates_to: one more": _COPIED_TOO,
    "bucket.replication_rules[templates-to-eu-west-1].sse_kms_encrypted_objects": "KMS encrypts no template",
    "bucket.tags: no [Component]": _OF_NO_PART,
    "bucket.tags[Component]": _OF_NO_PART,
    "bucket.replication_rules: one more": _COPIED_TOO,
}
"""What may be different in a field that tests read, by the field and the place inside it."""

_FOR_ALL = "the policy of the topic asks whose alarm or rule it is, not which"
_DENIES_NOBODY = "a bucket without a policy denies a role nothing, whichever it is"
DECIDES_NOTHING = {
    ("bbws-bkp-04", "table.tags"): "the selection names the tables by ARN, so their tags do not matter",
    ("bbws-iam-10", "repository_file.name"): "what it says decides; its name tells where it stands",
    ("bbws-mon-13", "alarm.name"): _FOR_ALL,
    ("bbws-rep-06 replication.let-in", "role.arn"): _DENIES_NOBODY,
    ("bbws-rep-07 replication.let-in", "role.arn"): _DENIES_NOBODY,
    **{(f"bbws-mon-{number}", "event_rule.name"): _FOR_ALL for number in ("01", "02", "03", "11")},
}
"""The fields that a test reads without depending on them, by the invariant and the field."""

_CHOOSES_STATEMENTS = "somebody has to choose the statements that go"
_ADDS_A_STATEMENT = "somebody has to add a statement to those that the policy of the topic has"
UNREPAIRED = {
    "bbws-acct-01": "the user chooses other credentials",
    "bbws-acct-02": "a support plan is bought in the console",
    "bbws-ddb-02": "AWS brings a table from one status to the next, and moto does not",
    "bbws-ddb-05": "the keys of a table are for ever: somebody has to move what it holds",
    "bbws-ddb-07": "moto keeps the capacity of a table that is paid for by request; AWS does not",
    "bbws-ddb-10": "somebody has to say which index is not needed",
    "bbws-ddb-16": "AWS moves the window on, once recovery is on",
    "bbws-mon-01": _ADDS_A_STATEMENT,
    "bbws-mon-13": _ADDS_A_STATEMENT,
    "bbws-mon-04": "moto keeps a metric filter beside another of its name",
    "bbws-iam-07": "somebody has to say what the endpoint lets through",
    "bbws-iam-04": "somebody has to say what the role, user or group is to have instead",
    "bbws-iam-05": "somebody has to write the policy anew",
    "bbws-s3-07": "somebody has to choose the statements of a public policy that go",
    "bbws-ddb-21": _CHOOSES_STATEMENTS,
    "bbws-rep-06 replication.let-in": _CHOOSES_STATEMENTS,
    "bbws-rep-07 replication.let-in": _CHOOSES_STATEMENTS,
}
"""What is red in moto whatever a card says to type, and why."""
