"""What may be different in PropIE alone, and what decides nothing there: one line each."""

_NO_THRESHOLD = "the runbooks give no threshold: that it fires on many, and not on none, is asked"
_CALLED_OTHERWISE = "what nothing may be called so is asked for by that name alone"
_MORE_MAY_BE_CALLED = "that the API may call what its integrations name is asked, not what they are"
_BY_ITS_OWN_STATEMENT = "CloudWatch uses the key by another statement than these"
_WHATEVER_IS_DECLARED = "what a route declares is looked at, whatever that is, and more may be"
_FOLLOWED_AT_ALL = "that capacity follows its use is asked, not how soon, or at how many percent"
_OTHER_RULES = "what the rule about the set does is asked, and what may let requests in before it"
_SOMETHING_IS_PLOTTED = "one metric is looked for, of whatever function; the others may be any"
_WRITTEN_IN_THE_HOUR = "that there is a change is asked: what it sends where is written when it is needed"
_ANOTHER_VARIABLE = "that is no variable which must not be `true`"

_ITS_LOG_ALONE = "that a function may write to its log is asked of its role, not what else it may"

OPEN_IN_PLANS = dict.fromkeys(
    ("propie-alarm-01 alarms.application", "propie-alarm-02 alarms.application", "propie-alarm-06"),
    "whose metric an alarm is on only apply knows: a plan does not show what a map refers to",
)
"""What a plan of it cannot decide."""
MAY_CHANGE: dict[str, str] = {
    "api_gateway_settings.name": "its role writes to logs of any region",
    "amplify_app.branches: one more": "there may be another branch",
    "amplify_app.branches[main].environment_variables[*]": _ANOTHER_VARIABLE,
    "amplify_app.environment_variables: one more": _ANOTHER_VARIABLE,
    "alarm.threshold": _NO_THRESHOLD,
    "dashboard.expressions*": _SOMETHING_IS_PLOTTED,
    "dashboard.log_groups: one more": "other logs may be looked through, too",
    "dashboard.regions: no [*]": "where no widget names a region, none is read but the dashboard's own",
    "function.shared_with: one more": "an alias that nothing is asked of may share its calls",
    "dashboard.metrics*": _SOMETHING_IS_PLOTTED,
    "dashboard.namespaces: one more": "more may be plotted",
    "dashboard.titles: one more": "there may be other widgets",
    **{
        f"dashboard.titles{it}": "nobody looks for it"
        for title in ("Capacity of tables", "Errors", "Lambda Duration")
        for it in (f": no [{title}]", f"[{title}]")
    },
    "function.aliases: one more": "there may be other aliases",
    "function.permissions: one more": "another service may call it",
    "function.reserved_concurrent_executions": "a hundred, more of them, or none reserved are as good",
    "identity_pool.providers: one more": "who signs in elsewhere may be let in, too",
    "identity_pool.providers[].server_side_token_check": "who is let in is asked, not until when",
    "inventory.found*": _CALLED_OTHERWISE,
    "repository_file.settings: no [Comment]": _WRITTEN_IN_THE_HOUR,
    "repository_file.settings: one more": "there may be more in a file",
    "repository_file.settings[Changes]*": _WRITTEN_IN_THE_HOUR,
    "repository_file.settings[Comment]": _WRITTEN_IN_THE_HOUR,
    "repository_file.settings[TargetValue]": "that there is a target is asked, not which",
    "rest_api.access_logs*": "who may be called from which stage is asked, not where that is logged",
    "rest_api.authorizers: one more": "there may be one that no route names",
    "rest_api.detailed_metrics: one more": "there may be another stage",
    "rest_api.logging_levels: one more": "there may be another stage",
    "rest_api.required*": _WHATEVER_IS_DECLARED,
    "rest_api.routes: no [*]": "each route that there is is asked, not which there are",
    "rest_api.timeouts: one more": "an integration without a route answers nobody",
    "rest_api.validated*": _WHATEVER_IS_DECLARED,
    **{
        f"rest_api.{limits}{it}": "more than must be is as good"
        for limits in ("bursts", "throttles")
        for it in (": one more", "[prod */*]")
    },
    "rest_api.deployed: one more": "there may be another stage",
    "rest_api.invoked*": _MORE_MAY_BE_CALLED,
    "role.inline_policies[function].statements*": _ITS_LOG_ALONE,
    **{
        f"role.{policies}: one more": "the role may do more"
        for policies in ("attached_policies", "inline_policies")
    },
    "table.scheduled_actions: one more": "one that keeps to the bounds is as good",
    "table.billing_mode": "one that bills on demand needs no scaling",
    "table.provisioned_capacity*": "it is scaled, from whatever it is",
    **{
        f"table.{it}: one more": "an index is scaled for itself"
        for it in ("scalable_targets", "scaling_policies")
    },
    "table.scalable_targets[*].scheduled_scaling_suspended": "nothing is scaled by a schedule",
    "table.scalable_targets[write_capacity].m*": "the runbook has the least and the most of reads alone",
    "table.scaling_policies[*].scale_*": _FOLLOWED_AT_ALL,
    "table.scaling_policies[*].target_value": _FOLLOWED_AT_ALL,
    "table.scaling_policies[write_capacity].policy": "the runbook has the policy of reads alone",
    "topic.key_policy.statements[]*": _BY_ITS_OWN_STATEMENT,
    "topic.subscriptions[email:*]": "that somebody hears it is asked, not who",
    "web_acl.log_destinations: one more": "WAF takes one destination alone",
    "web_acl.log_filters: one more": "it may be for other requests than those that are blocked",
    **{
        f"web_acl.rules{it}": _OTHER_RULES
        for it in (": no []", ": one more", "[].action", "[].name", "[].priority")
    },
    "web_acl.stages: one more": "it may stand before others, too",
}
"""What may be different in a field that tests read, by the field and the place inside it."""

DECIDES_NOTHING: dict[tuple[str, str], str] = {
    ("propie-ddb-05", "table.provisioned_capacity"): "the table that is provisioned is scaled",
    ("propie-lambda-12", "function.address"): "the permissions name the function whatever its address",
    ("propie-alarm-07", "alarm.name"): "what the topic has of its own asks whose alarm it is, not which",
}
"""The fields that a test reads without depending on them, by the invariant and the field."""

UNREPAIRED = {
    "propie-ddb-03": "somebody has to say which scheduled action goes",
}
"""What is red in moto whatever a card says to type, and why."""
