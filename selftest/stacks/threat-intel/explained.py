"""What may be different in the threat intelligence platform alone, and what decides nothing there."""

_WHOSE_ALARM = "what the topic has of its own asks whose alarm it is, not which"
_BY_GROUP = "whom a rule names by its group needs no address to be let in"

DECIDES_NOTHING = {
    ("threat-intel-mon-01", "alarm.name"): _WHOSE_ALARM,
    ("threat-intel-mon-03", "alarm.name"): _WHOSE_ALARM,
    ("threat-intel-cache-02 network.admitted", "function.subnet_ranges"): _BY_GROUP,
    ("threat-intel-cache-04", "cache_cluster.subnet_ranges"): _BY_GROUP,
    ("threat-intel-iam-03", "bucket.account"): "what is asked of a role of the same account",
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
