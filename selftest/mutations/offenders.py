"""A resource that nobody listed, in every evidence that holds resources."""

from __future__ import annotations

from selftest.mutations.documents import Added
from selftest.mutations.edits import Called, Edit, Replaced, call
from selftest.mutations.mutation import Mutation, mutation


def offender(
    kills: str,
    file: str,
    beside: str,
    name: str,
    called: str,
    further: str,
    made: Edit,
    environment: str = "",
    **falls_with: str,
) -> list[Mutation]:
    """Return the mutations that add a resource beside one of its type, in source, in files, in an account.

    `file` declares the one with the address `beside`; the new one is `called` so by its argument `name`, and
    has `further` lines in source. `falls_with` says what else falls, `_` for `-` in its id, and why.
    """
    *module, type_, label = beside.partition("[")[0].split(".")
    opening = f'resource "{type_}" "{label}" {{'
    added = f'resource "{type_}" "more" {{\n  {name} = "{called}"\n{further}\n}}\n\n{opening}'
    edits = (
        Replaced(file, opening, added),
        Added(".".join([*module, type_, "more"]), {name: called}, beside),
        made,
    )
    also = {key.replace("_", "-"): why for key, why in falls_with.items()}
    return [mutation(kills, edit, environment=environment, falls_with=also, unlisted=True) for edit in edits]


def alarm(name: str) -> Called:
    """Return that somebody makes an alarm that does nothing when it goes off."""
    return call(
        "cloudwatch:PutMetricAlarm",
        AlarmName=name,
        Namespace="AWS/Lambda",
        MetricName="Duration",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=0,
        ComparisonOperator="GreaterThanThreshold",
        ActionsEnabled=False,
    )
