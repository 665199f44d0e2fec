"""What event rules tell besides topics: who acts on an event, and which functions let a rule in."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from plumbline.kinds.call import Asked, Call
from plumbline.policy import OVER_TLS, Policy, decide
from plumbline.terraform.declared import Declaration, given, known
from plumbline.values.arns import partition_of
from plumbline.values.unknown import Identity, Placeholder, Undetermined, Unexamined

if TYPE_CHECKING:
    from plumbline.terraform.model import Configuration, Resource

FUNCTION_POLICY = Call(
    "lambda:GetPolicy",
    {"FunctionName": "{function}"},
    of="{function}",
    on="arn:aws:lambda:{region}:{account}:function:*",
    absent=("ResourceNotFoundException",),
)
"""What lets others invoke a function; also a function that there is not has none."""
_ACTING = frozenset(
    {"states", "codebuild", "codepipeline", "ssm", "ssm-incidents", "ecs", "batch", "glue", "sagemaker"}
)
"""Services that do something by themselves with an event.

Source: EventBridge user guide, "Event bus targets".
"""
_SILENT = frozenset({"sns", "logs", ""})
"""A log group keeps an event and tells nobody, and who hears another topic is not known."""


def acts(target: str, functions: dict[str, Any]) -> bool:
    """Return whether a target does something with an event; `functions` says which let the rule in.

    Raises `Undetermined` for a function of which nothing is known, and for what only keeps an event until
    somebody reads it, such as a queue.
    """
    service = [*target.split(":"), "", "", ""][2]
    if service == "lambda" and target in functions:
        return bool(known(functions[target]))
    if service == "lambda":
        raise Undetermined(f"whether {target} lets EventBridge invoke it is not known here")
    if service in _ACTING or service in _SILENT:
        return service in _ACTING
    raise Undetermined(f"whether somebody reads what {target} is sent is not known here")


def functions_that_let_in(asked: Asked, targets: list[str]) -> dict[str, Any]:
    """Return whether functions among the targets let the rule in that is asked about, by ARN.

    Their policies say it; a function of another account or region is not asked.
    """
    own = f":lambda:{asked.region}:{asked.account}:function:"
    functions = [it for it in targets if own in it]
    replies = {it: asked.ask(FUNCTION_POLICY, function=it) for it in functions}
    return {it: _let_in_by(reply.answer.get("Policy"), it, asked) for it, reply in replies.items()}


def _let_in_by(policy: str | None, function: str, asked: Asked) -> bool | Placeholder:
    """Return whether the policy of a function lets the rule in; a function without one lets nobody in."""
    if not policy:
        return False
    rule = f"arn:{partition_of(asked.region)}:events:{asked.region}:{asked.account}:rule/{asked.name}"
    told = {**OVER_TLS, "aws:SourceArn": rule, "aws:SourceAccount": asked.account}
    asker = ("Service", "events.amazonaws.com")
    try:
        read = Policy.read(policy, f"the policy of {function}", "resource")
        return decide([read], "lambda:InvokeFunction", function, asker, told) == "allowed"
    except Undetermined as doubt:
        return Unexamined(doubt.reason)


def functions_let_in(declaration: Declaration, rule: str, targets: list[Any]) -> dict[str, bool]:
    """Return whether functions among the targets let a rule in, by ARN, as far as they are declared.

    Source: EventBridge user guide, "Using resource-based policies": Lambda.
    """
    functions = [it for it in targets if isinstance(it, str) and ":lambda:" in it and it.count(":") == 6]
    found: dict[str, bool] = {}
    for function in functions:
        for home in (declaration.configuration, *declaration.configuration.others()):
            answer = _lets_in(function, home, declaration.resource, rule)
            if answer is not None:
                found.setdefault(function, answer)
    return found


def _lets_in(function: str, home: Configuration, rule: Resource, name: str) -> bool | None:
    """Return whether a function lets a rule in; None where it is not declared, or that is not known."""
    called = function.rpartition(":")[2]
    if called not in [it.values.get("function_name") for it in home.of_type("aws_lambda_function")]:
        return None
    answers = [*_answers(function, home, rule, name)]
    return True if True in answers else None if None in answers else False


def _answers(function: str, home: Configuration, rule: Resource, name: str) -> Iterator[bool | None]:
    """Yield what each permission says of a rule and a function."""
    partition, _, region, account = function.split(":")[1:5]
    own = f"arn:{partition}:events:{region}:{account}:rule/{name}"
    for permission in home.of_type("aws_lambda_permission"):
        named, principal, action, source = (
            permission.values.get(it) for it in ("function_name", "principal", "action", "source_arn")
        )
        if isinstance(named, str) and named not in (function, function.rpartition(":")[2]):
            continue
        if isinstance(source, Identity):
            source = own if (source.root, source.address) == (rule.root, rule.address) else source
        if any(isinstance(it, Placeholder) for it in (named, principal, action, source)):
            yield None
        else:
            yield (
                principal == "events.amazonaws.com"
                and action in ("lambda:InvokeFunction", "lambda:*")
                and (not given(source) or fnmatchcase(own, str(source)))
            )
