"""Commands of the AWS CLI, checked against the service models that the CLI itself is made of."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from functools import cache

import botocore.session
from botocore import xform_name
from botocore.exceptions import UnknownServiceError
from botocore.model import OperationModel, ServiceModel

GLOBAL_OPTIONS = frozenset({"region", "query", "output", "profile"})
BUILT_INTO_THE_CLI = frozenset({("s3", "cp"), ("s3", "rm"), ("s3", "sync")})
CALLED_OTHERWISE = {"s3api": "s3", "configservice": "config"}
"""The CLI's names of services that the models call otherwise."""
_SUBSTITUTION = re.compile(r'"?\$\((?P<command>aws [^()]*(?:\([^()]*\)[^()]*)*)\)"?')


def commands(text: str) -> Iterator[str]:
    """Yield the AWS commands of a line, those that stand inside `$(...)` included."""
    for inner in _SUBSTITUTION.finditer(text):
        yield inner["command"]
    outer = _SUBSTITUTION.sub("substituted", text)
    if outer.startswith("aws "):
        yield outer


def mistakes(command: str) -> Iterator[str]:
    """Yield what the AWS CLI would refuse: service, operation, options, missing ones, broken JSON."""
    _, service, verb, *rest = shlex.split(command)
    if (service, verb) in BUILT_INTO_THE_CLI:
        return
    model = _service(service)
    if model is None:
        yield f"no service {service}"
        return
    if verb == "wait":
        yield from _waiter_mistakes(service, model, rest)
        return
    names = {xform_name(name, "-"): name for name in model.operation_names}
    if verb not in names:
        yield f"{service} has no {verb}"
        return
    yield from _option_mistakes(model.operation_model(names[verb]), rest)


def _waiter_mistakes(service: str, model: ServiceModel, rest: list[str]) -> Iterator[str]:
    waiters = _session().get_waiter_model(service)
    names = {xform_name(name, "-"): name for name in waiters.waiter_names}
    if rest[0] not in names:
        yield f"{service} cannot wait for {rest[0]}"
        return
    operation = waiters.get_waiter(names[rest[0]]).operation
    yield from _option_mistakes(model.operation_model(operation), rest[1:])


def _option_mistakes(operation: OperationModel, words: list[str]) -> Iterator[str]:
    shape = operation.input_shape
    members = {xform_name(name, "-"): name for name in shape.members} if shape else {}
    options = [word.removeprefix("--") for word in words if word.startswith("--")]
    for option in options:
        if option not in members and option not in GLOBAL_OPTIONS:
            yield f"{operation.name} has no option --{option}"
    required = {xform_name(name, "-") for name in shape.required_members} if shape else set()
    yield from (f"{operation.name} needs --{option}" for option in sorted(required - set(options)))
    yield from (f"not JSON: {word}" for word in words if word[:1] in "[{" and not _is_json(word))


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


@cache
def _service(name: str) -> ServiceModel | None:
    try:
        return _session().get_service_model(CALLED_OTHERWISE.get(name, name))
    except UnknownServiceError:
        return None


@cache
def _session() -> botocore.session.Session:
    return botocore.session.Session()
