"""What may be different in Elite Adventures alone, and what decides nothing there: one line each."""

_LEAST_SIZE = "transition_default_minimum_object_size"
_MAY_STAY = "objects of up to 128 KB may stay where they are"
_OF_MARKERS = "the rule that expires exports removes their delete markers, too"
_ON_ONE_DAY = "it matters to what would move on the very day on which it expires"
_NO_VERSIONS = "where no versions are kept there is nothing to remove"
_CALLED_OTHERWISE = "what nothing may be called so is asked for by that name alone"
_NOT_ASKED_OF_THE_FILE = "of the file it is asked how the site is built"
_BY_ITS_OWN_STATEMENT = "CloudWatch uses the key by another statement than these"
_ONE_WARNS = "that somebody is told of too much is asked, not when, nor how many are"
_TO_THE_ACCOUNT = "the key is left to the policies of its account by another statement"
_BY_DECRYPTING = "a table is read and written by decrypting its key"
_NOT_OF_THE_KEY = "the policy says nothing of keys"
_OTHER_RULES = "what the rule about the set does is asked, and what may let requests in before it"
_ANOTHER_ROUTE = "each route that there is is asked, not which there are"
_VISITORS_MAY = "visitors may take it without signing in"
_OPEN_TO_VISITORS = ("GET /conferences/{conference_id}", "OPTIONS /leads", "POST /leads")
_OTHER_ROUTES = (*_OPEN_TO_VISITORS, "PUT /conferences/{conference_id}")
_NO_INDEX_NAMED = "that there is an index is asked, and the guide names none"
_KEYS_OF_THE_INDEX = ("[conference_id]", "[submitted_at]")
_NOT_LOOKED_AT = "the guide looks at others daily and weekly"

MAY_CHANGE = {
    **{
        f"budget.notifications{it}": _ONE_WARNS
        for it in (": no []", ": one more", "[].subscribers", "[].when")
    },
    "bucket.lifecycle_rules: no []": _OF_MARKERS,
    "bucket.lifecycle_rules[].days_after_initiation": "nothing is asked of uploads that nobody completes",
    "bucket.lifecycle_rules[].expired_object_delete_marker": _OF_MARKERS,
    "bucket.lifecycle_rules[].id": "what a rule is called decides nothing",
    "bucket.lifecycle_rules[].noncurrent_days": "that old versions are removed some day is asked, not when",
    "bucket.lifecycle_rules[].prefix": _OF_MARKERS,
    "bucket.lifecycle_rules[].status": _OF_MARKERS,
    "bucket.lifecycle_rules[].transitions[].newer_noncurrent_versions": "a transition deletes nothing",
    f"bucket.{_LEAST_SIZE}": _MAY_STAY,
    "dashboard.namespaces: no [AWS/Cognito]": _NOT_LOOKED_AT,
    "dashboard.namespaces: no [EliteAdventures/Leads]": _NOT_LOOKED_AT,
    "dashboard.namespaces: one more": "more may be plotted",
    "dashboard.namespaces[AWS/Cognito]": _NOT_LOOKED_AT,
    "dashboard.namespaces[EliteAdventures/Leads]": _NOT_LOOKED_AT,
    "dashboard.regions: no [*]": "where no widget names a region, none is read but the dashboard's own",
    "role.attached_policies: one more": "a further policy takes nothing from what the role may write",
    "api_gateway_settings.name": "its role writes to logs of any region",
    "function.reserved_concurrent_executions": "that it reserves zero is asked, not how many else",
    "inventory.found: one more": _CALLED_OTHERWISE,
    "inventory.found[].account": _CALLED_OTHERWISE,
    "inventory.found[].name": _CALLED_OTHERWISE,
    "inventory.found[].region": _CALLED_OTHERWISE,
    **{
        f"repository_file.settings: no [{it}]": _NOT_ASKED_OF_THE_FILE
        for it in ("engines", "name", "private", "type")
    },
    "key.account": "what is asked of a role of the same account",
    "key.aliases: one more": "the role may use it by the alias that it has",
    **{
        f"key.policy.statements[].{it}": _TO_THE_ACCOUNT
        for it in (
            *(f"actions[kms:{action}]" for action in ("Decrypt", "DescribeKey", "Encrypt")),
            *(f"actions[kms:{action}]" for action in ("GenerateDataKey*", "ReEncrypt*")),
            *("conditions[ArnLike]*", "conditions[StringEquals]*", "effect", "principals[Service]*"),
        )
    },
    "repository_file.settings: one more": _NOT_ASKED_OF_THE_FILE,
    **{
        f"repository_file.settings[{it}]": _NOT_ASKED_OF_THE_FILE
        for it in ("engines][node", "name", "private", "type")
    },
    "rest_api.authorizers: one more": "there may be one that no route names",
    **{f"rest_api.authorized_with: no [{it}]": _VISITORS_MAY for it in _OPEN_TO_VISITORS},
    **{f"rest_api.routes: no [{it}]": _ANOTHER_ROUTE for it in _OTHER_ROUTES},
    **{f"rest_api.routes[{it}]": _VISITORS_MAY for it in _OPEN_TO_VISITORS},
    "rest_api.throttles: one more": "of another stage nothing is asked",
    "role.inline_policies: no [function]": _NOT_OF_THE_KEY,
    "role.inline_policies: one more": "the role may do more",
    "role.inline_policies[function]*": _NOT_OF_THE_KEY,
    **{
        f"role.inline_policies[key-use].statements[].{it}": _BY_DECRYPTING
        for it in (
            *("actions[kms:DescribeKey]", "actions[kms:GenerateDataKey]"),
            "conditions[StringEquals][kms:ViaService][s3.*.amazonaws.com]",
        )
    },
    "role.trust*": "who may assume the role is not asked here",
    "table.attributes: one more": "an index may have keys of its own",
    **{
        f"table.attributes{it}": _NO_INDEX_NAMED
        for it in (*_KEYS_OF_THE_INDEX, *(f": no {key}" for key in _KEYS_OF_THE_INDEX))
    },
    "table.index_names: one more": _NO_INDEX_NAMED,
    "table.index_names[by-conference]": _NO_INDEX_NAMED,
    "topic.key_policy.statements[].actions[kms:*]": _BY_ITS_OWN_STATEMENT,
    "topic.key_policy.statements[].actions[kms:Decrypt]": _BY_ITS_OWN_STATEMENT,
    "topic.key_policy.statements[].actions[kms:DescribeKey]": _BY_ITS_OWN_STATEMENT,
    "topic.key_policy.statements[].actions[kms:Encrypt]": _BY_ITS_OWN_STATEMENT,
    "topic.key_policy.statements[].actions[kms:GenerateDataKey*]": _BY_ITS_OWN_STATEMENT,
    "topic.key_policy.statements[].actions[kms:ReEncrypt*]": _BY_ITS_OWN_STATEMENT,
    "topic.key_policy.statements[].conditions[ArnLike]*": _BY_ITS_OWN_STATEMENT,
    "topic.key_policy.statements[].conditions[StringEquals][aws:SourceArn]*": _BY_ITS_OWN_STATEMENT,
    "topic.key_policy.statements[].effect": _BY_ITS_OWN_STATEMENT,
    "topic.key_policy.statements[].principals[AWS]*": _BY_ITS_OWN_STATEMENT,
    "topic.key_policy.statements[].principals[Service][cloudtrail.amazonaws.com]": _BY_ITS_OWN_STATEMENT,
    "topic.key_policy.statements[].principals[Service][logs.*.amazonaws.com]": _BY_ITS_OWN_STATEMENT,
    "topic.subscriptions[email:*]": "that somebody hears it is asked, not who",
    "user_pool.groups: one more": "there may be other groups",
    "web_acl.log_filters: one more": "it may be for other requests than those that are blocked",
    "web_acl.log_destinations: one more": "WAF takes one destination alone",
    **{
        f"web_acl.rules{it}": _OTHER_RULES
        for it in (": no []", ": one more", "[].action", "[].name", "[].priority")
    },
    "web_acl.stages: one more": "it may stand before others, too",
    "trail.s3_bucket_name": "the trail may write to any bucket but two",
}
"""What may be different in a field that tests read, by the field and the place inside it."""

_LIFECYCLE = tuple(
    f"elite-adventures-s3-{number} {sentence}"
    for number in ("02", "03")
    for sentence in ("s3.lifecycle", "s3.lifecycle-days")
)
_REMOVED = tuple(
    f"elite-adventures-s3-06 {sentence}" for sentence in ("s3.every-old-version", "s3.delete-markers")
)
DECIDES_NOTHING = {
    (
        "elite-adventures-lambda-02 kms.use-through",
        "key.arn",
    ): "the role may use the key of this alias, whichever id it has",
    **{
        (
            "elite-adventures-alarm-07",
            f"alarm.{name}",
        ): "what an alarm watches is asked of another one than when"
        for name in ("period", "statistic", "unit")
    },
    (
        "elite-adventures-alarm-05",
        "alarm.name",
    ): "what the topic has of its own asks whose alarm it is, not which",
    **{(name, f"bucket.{_LEAST_SIZE}"): _MAY_STAY for name in (*_LIFECYCLE, *_REMOVED)},
    **{(name, "bucket.versioning"): _ON_ONE_DAY for name in _LIFECYCLE},
    **{(name, "bucket.versioning"): _NO_VERSIONS for name in _REMOVED},
    **{
        ("elite-adventures-s3-05", f"bucket.{field}"): "whether an object expires is asked, not how"
        for field in ("versioning", _LEAST_SIZE)
    },
}
"""The fields that a test reads without depending on them, by the invariant and the field."""

UNREPAIRED = {
    "elite-adventures-ddb-04": "the key of a table stays: another one has to be made, and all copied",
}
"""What is red in moto whatever a card says to type, and why."""
