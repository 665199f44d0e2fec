"""What policies grant too widely: whole services, all that a service keeps, whatever role there is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Literal, TypeAlias

from plumbline.policy.document import Policy, Statement
from plumbline.policy.grants import WITHOUT_RESOURCE
from plumbline.policy.matching import arn_glob, glob

DataService: TypeAlias = Literal["dynamodb", "kms", "s3", "secretsmanager"]
"""The services that keep data, of which it is known what their resources are called."""
Actions: TypeAlias = Mapping[str, Collection[str]]
"""The names of all actions, by the prefix of their service."""

_ANY = "\0"
"""Stands for a name that no policy gives."""
_RESOURCES: Mapping[DataService, tuple[str, ...]] = {
    "dynamodb": (f"table/{_ANY}", f"table/{_ANY}/index/{_ANY}"),
    "kms": (f"key/{_ANY}",),
    "s3": (_ANY, f"{_ANY}/{_ANY}"),
    "secretsmanager": (f"secret:{_ANY}-{_ANY * 6}",),
}
"""How a resource of each goes on in its ARN, where nobody has named it."""
_OF_ACCOUNTS: Mapping[DataService, frozenset[str]] = {
    "dynamodb": frozenset(it.partition(":")[2] for it in WITHOUT_RESOURCE),
    "kms": frozenset(
        {"connectcustomkeystore", "createcustomkeystore", "createkey", "deletecustomkeystore"}
        | {"describecustomkeystores", "disconnectcustomkeystore", "generaterandom", "listaliases", "listkeys"}
        | {"updatecustomkeystore"}
    ),
    "s3": frozenset(
        {"createaccessgrantsinstance", "createjob", "createstoragelensgroup", "getaccountpublicaccessblock"}
        | {"listaccessgrantsinstances", "listaccesspoints", "listaccesspointsforobjectlambda"}
        | {"listallmybuckets", "listjobs", "listmultiregionaccesspoints", "liststoragelensconfigurations"}
        | {"liststoragelensgroups", "putaccountpublicaccessblock", "putstoragelensconfiguration"}
    ),
    "secretsmanager": frozenset({"batchgetsecretvalue", "getrandompassword", "listsecrets"}),
}
"""The actions that take no resource but `*`, in lower case. Source: service authorization reference."""
_PASSES, _PASSED_TO = "iam:passrole", "iam:passedtoservice"
_A_ROLE = f"role/{_ANY}"


def broad(policy: Policy, actions: Actions, data_services: Collection[DataService]) -> list[str]:
    """Return what Allow statements grant too widely: `s3:Get* on *`, `dynamodb:* on arn:aws:dynamodb:...`.

    Every action of a service is, on whatever it is; so is anything that a data service does with whatever it
    keeps, and to hand any service whatever role there is. No other condition matters than to which service.
    """
    found: dict[str, None] = {}
    for statement in (it for it in policy.statements if it.effect == "Allow"):
        found |= dict.fromkeys(_whole_services(statement, actions))
        found |= dict.fromkeys(_every_role(statement))
        for service in data_services:
            found |= dict.fromkeys(_everywhere(statement, service, actions[service]))
    return list(found)


def _whole_services(statement: Statement, actions: Actions) -> Iterator[str]:
    """Yield what lets anybody take every action of a service; an action that is named is one action."""
    excepted = statement.not_actions
    if excepted and any(not _touches(excepted, it, names) for it, names in actions.items()):
        yield f"all but {', '.join(excepted)} on {_places(statement)}"
    wide = [it for it in statement.actions if "*" in it or "?" in it]
    for service in {} if excepted or not wide else actions:
        own = [it for it in statement.actions if _is_of(it, service)]
        if any(it in wide for it in own) and _covers(own, service, actions[service]):
            alone = [it for it in own if it in wide and _covers([it], service, actions[service])]
            yield f"{', '.join(alone[:1] or own)} on {_places(statement)}"


def _every_role(statement: Statement) -> Iterator[str]:
    """Yield what lets anybody hand a service whatever role there is, and so do what any of them may do.

    Source: IAM User Guide, "Grant a user permissions to pass a role to an AWS service".
    """
    conditioned = {key.lower() for compared in statement.conditions.values() for key in compared}
    if _PASSED_TO in conditioned or not _covers_a(statement, "iam", _A_ROLE):
        return
    if excepted := statement.not_actions:
        if not any(glob(it.lower())(_PASSES) for it in excepted):
            yield f"all but {', '.join(excepted)} on {_places(statement)}"
        return
    for pattern in statement.actions:
        if glob(pattern.lower())(_PASSES):
            yield f"{pattern} on {_places(statement)}"


def _is_of(pattern: str, service: str) -> bool:
    """Return whether a pattern of actions may name actions of a service."""
    return glob(pattern.lower().partition(":")[0])(service)


def _touches(patterns: Collection[str], service: str, names: Collection[str]) -> bool:
    """Return whether patterns of actions name some action of a service."""
    globs = [glob(it.lower()) for it in patterns if _is_of(it, service)]
    return any(matches(f"{service}:{name}".lower()) for matches in globs for name in names)


def _covers(patterns: Collection[str], service: str, names: Collection[str]) -> bool:
    """Return whether patterns of actions name every action of a service, which they all may name some of."""
    if any(not it.rpartition(":")[2].strip("*") for it in patterns):
        return True
    globs = [glob(it.lower()) for it in patterns]
    return all(any(matches(f"{service}:{name}".lower()) for matches in globs) for name in names)


def _everywhere(statement: Statement, service: DataService, names: Collection[str]) -> Iterator[str]:
    """Yield what a statement lets anybody do with whatever a data service keeps."""
    if not _covers_everything(statement, service):
        return
    places = _places(statement)
    of_resources = [it for it in names if it.lower() not in _OF_ACCOUNTS[service]]
    if excepted := statement.not_actions:
        own = [it for it in excepted if _is_of(it, service)]
        if not _covers(own, service, of_resources):
            yield f"all but {', '.join(excepted)} on {places}"
        return
    for pattern in statement.actions:
        if not _is_of(pattern, service):
            continue
        name = pattern.lower().partition(":")[2]
        is_new = "*" not in name and "?" not in name and name not in _OF_ACCOUNTS[service]
        known = any(glob(pattern.lower())(f"{service}:{it}".lower()) for it in of_resources)
        if known or is_new:
            yield f"{pattern} on {places}"


def _covers_everything(statement: Statement, service: DataService) -> bool:
    return any(_covers_a(statement, service, name) for name in _RESOURCES[service])


def _covers_a(statement: Statement, service: str, name: str) -> bool:
    """Return whether a statement is for what a service calls so, wherever it lies."""
    return bool(statement.not_resources) or any(
        _is_everything(it, service, name) for it in statement.resources
    )


def _is_everything(pattern: str, service: str, name: str) -> bool:
    """Return whether a pattern covers what a service calls so, in some account and region."""
    given = dict(enumerate(pattern.split(":")))
    place = [part if not {"*", "?"} & {*part} else "any" for part in (given.get(n, "*") for n in (1, 3, 4))]
    partition, region, account = place
    begins = f"arn:{partition}:{service}:{region}:{account}:"
    return bool(arn_glob(pattern)(f"{begins}{name}"))


def _places(statement: Statement) -> str:
    if statement.not_resources:
        return f"all but {', '.join(statement.not_resources)}"
    return ", ".join(statement.resources)
