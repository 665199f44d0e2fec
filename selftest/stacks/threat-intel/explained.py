"""What may be different in the threat intelligence platform alone, and what decides nothing there."""

_WHOSE_ALARM = "what the topic has of its own asks whose alarm it is, not which"
_BY_GROUP = "whom a rule names by its group needs no address to be let in"

_BY_SIMULATION = "what the role may do is asked of IAM's own rules, of the simulation of each sentence"
_ONE_WARNS = "that somebody is told of too much is asked, not when, nor how many are"
_NAMED_ALONE = "of other variables nothing is asked"
_SOME_LIMIT = "that there is a limit is asked, not which"
_OTHERS_TOO = "there may be others"
_CALLS_BESIDE = "what else the code calls, logs or goes by is its own business"
_BY_ITS_OWN_STATEMENT = "CloudWatch uses the key by another statement than these"
_THE_WAY_OUT = "what leads to the cache and to the internet is asked; either is let out by one rule alone"
_THE_API_CALLS = "the API calls the function itself, by one permission of those that it gives"
_BY_ALIAS = "the role may use the key whatever its alias"
_OF_THE_OBJECT = "that objects go after some days is asked, not which rule says so, nor of old versions"
_HOLDS_THE_PORT = "a range that holds the port admits it"

MAY_CHANGE = {
    "alarm.queries[]*": "the failures of four functions are counted together, and those of three are enough",
    "key.account": "whoever asks is of the same account",
    "key.policy.statements[]*": "the key leaves to its account what S3 asks for on behalf of the role",
    "log_group.key_policy.statements[]*": "CloudWatch Logs uses the key by one statement of its own",
    "bucket.account": "what is asked of a role of the same account",
    "bucket.lifecycle_rules[]*": _OF_THE_OBJECT,
    "bucket.policy.statements[]*": "what denies whoever comes without TLS keeps out nobody else",
    **{f"budget.notifications{it}": _ONE_WARNS for it in (": *", "[]*")},
    **{f"cache_cluster.lets_in[].{it}_port": _HOLDS_THE_PORT for it in ("from", "to")},
    "cache_cluster.lets_in: one more": "what lets nobody in adds nobody",
    "cache_cluster.security_group_ids: one more": _OTHERS_TOO,
    "cache_cluster.subnet_ranges*": _BY_GROUP,
    "function.aliases*": "an alias that no permission and no trigger names decides nothing",
    "function.by_variables*": "of one function alone it is asked by which variable its memory is set",
    "function.kept_ready*": "how many are kept ready is asked of none",
    "python_file.though_refused*": "what keeps nothing may be called although the check refuses",
    "function.reserved_concurrent_executions": "one may run at a time, and one is kept ready",
    "function.lets_out*": _THE_WAY_OUT,
    "function.memory_size": "more memory than must be is as good",
    "function.permissions*": _THE_API_CALLS,
    "function.security_group_ids: one more": _OTHERS_TOO,
    "function.subnet_ranges*": _BY_GROUP,
    "key.aliases*": _BY_ALIAS,
    "log_group.retention_in_days": "that logs go some day is asked, not when",
    "modules.folders: no [*": "each of some folders is asked for, and of others nothing",
    "modules.provider_constraints*": "that no two of them exclude each other is asked",
    "package.unpacked*": "together they may have any size below the limit",
    "placements.security_group_ids: one more": _OTHERS_TOO,
    "python_file.called*": _CALLS_BESIDE,
    "python_file.constants*": _CALLS_BESIDE,
    "python_file.logged*": _CALLS_BESIDE,
    "python_file.maybe_*": _CALLS_BESIDE,
    "python_file.windows*": _CALLS_BESIDE,
    "repository_file.name": "what it says decides; its name tells where it stands",
    "rest_api.access_logs*": "that they are written is asked, not where to",
    **{
        f"rest_api.{it}*": "a stage without a limit of its own has that of the account"
        for it in ("bursts", "throttles")
    },
    "rest_api.deployed: one more": _OTHERS_TOO,
    "rest_api.integrations: one more": _OTHERS_TOO,
    "rest_api.integrations[*].mocked": "of what calls a function it is not asked what answers by itself",
    "rest_api.integrations[OPTIONS /collect].type": "a browser asks for headers, whatever gives them",
    "rest_api.invoked*": "the collector is what is asked for, and what else is called is its own business",
    "rest_api.mapped: one more": _OTHERS_TOO,
    "rest_api.response_headers: *": "the function answers by itself; of OPTIONS it is asked what comes back",
    "rest_api.response_headers[GET /collect 200]*": "the function answers by itself",
    "rest_api.response_headers[POST /collect 200]*": "the function answers by itself",
    "rest_api.routes*": "that a key is asked for decides, whatever else authorizes",
    "rest_api.with_key: *": "of OPTIONS it is asked that no key must come",
    "role.inline_policies*": _BY_SIMULATION,
    "role.trust.statements[]*": _BY_SIMULATION,
    "root.defaults*": _NAMED_ALONE,
    "root.module_variables*": _NAMED_ALONE,
    "secret.partial_arn": "the reference tells the secret",
    "secret.policy": "nobody is kept out by a policy that denies nothing",
    "security_group.ingress: one more": "what lets nobody in adds nobody",
    "security_group.ingress[].sort": "whom it admits is told by the cluster",
    **{f"security_group.ingress[].{it}_port": _HOLDS_THE_PORT for it in ("from", "to")},
    "table.attributes*": "an index that is not there has no key",
    "table.index_keys: one more": _OTHERS_TOO,
    "table.index_names*": "that there is an index with each key is asked, whatever it is called",
    "topic.key_policy.statements[]*": _BY_ITS_OWN_STATEMENT,
    "topic.subscriptions[email:*]": "that somebody hears it is asked, not who",
    **{f"usage_plan.{it}": _SOME_LIMIT for it in ("burst_limit", "quota_limit", "rate_limit")},
    "usage_plan.key_ids: one more": _OTHERS_TOO,
    "usage_plan.stages: one more": _OTHERS_TOO,
}
"""What may be different in a field that tests read, by the field and the place inside it."""

DECIDES_NOTHING = {
    ("threat-intel-mon-01 alarms.heard", "alarm.name"): _WHOSE_ALARM,
    ("threat-intel-mon-03", "alarm.name"): _WHOSE_ALARM,
    ("threat-intel-cache-02 network.admitted", "function.subnet_ranges"): _BY_GROUP,
    ("threat-intel-cache-04", "cache_cluster.subnet_ranges"): _BY_GROUP,
    ("threat-intel-iam-03 iam.bucket", "bucket.account"): "what is asked of a role of the same account",
    ("threat-intel-lambda-11", "function.address"): "the permissions name the function whatever its address",
    (
        "threat-intel-sec-04 secrets.no-others",
        "secret.policy",
    ): "what the role may do with other secrets is granted by its own policies",
    (
        "threat-intel-data-02 python.calls",
        "python_file.maybe_called",
    ): "what is called for certain need not perhaps be called",
    (
        "threat-intel-data-02 python.logs",
        "python_file.maybe_logged",
    ): "what is logged for certain need not perhaps be logged",
}
"""The fields that a test reads without depending on them, by the invariant and the field."""

_NO_SUCH_CHANGE = "moto changes no method that is there"
UNREPAIRED = {
    "threat-intel-api-04 api.keys-required": _NO_SUCH_CHANGE,
    "threat-intel-api-07": _NO_SUCH_CHANGE,
    "threat-intel-cache-03": "somebody has to choose the rule that goes",
}
"""What is red in moto whatever a card says to type, and why."""
