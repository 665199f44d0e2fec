"""What the policies of a role name, and what they grant more widely than a role can need."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from plumbline.aws.authorization import actions, services
from plumbline.policy import DataService, Policy, broad, surely, told_apart
from plumbline.policy.matching import arn_glob, refuse, resource_matches, some, undecided
from plumbline.terraform.declared import known
from plumbline.values.unknown import Placeholder, Unexamined


@functools.cache
def _all_actions() -> Mapping[str, Collection[str]]:
    return {service: actions(service) for service in services()}


def too_wide(
    policies: Mapping[str, Policy | Placeholder], data_services: Collection[DataService]
) -> list[str]:
    """Return what policies grant too widely, each with the policy: `LogsPolicy grants logs:* on *`.

    Raises `Undetermined` where none does for certain, and one may that is not known.
    """
    found: list[str] = []
    doubts: list[Placeholder] = []
    for name, policy in policies.items():
        if isinstance(policy, Placeholder):
            doubts.append(policy)
            continue
        certain, unknown = told_apart(policy)
        found += [f"{name} grants {it}" for it in broad(certain, _all_actions(), data_services)]
        doubts += unknown
    if not found:
        refuse(doubts)
    return found


def named_in(policies: Any, name: str) -> Policy:
    """Return the policy of a name; empty where there is none. Raises `Undetermined` where there may be."""
    held = known(policies)
    if name not in held:
        refuse([it for key, it in held.items() if isinstance(it, Unexamined) and it.reason == key])
    policy: Policy = known(held.get(name, Policy()))
    return policy


def unnamed(policy: Policy, arns: Iterable[str]) -> list[str]:
    """Return the ARNs that no Allow statement of a policy names, or covers by a wildcard.

    Raises `Undetermined` as `surely` does.
    """
    return surely((arn, partial(_is_unnamed, arn, _resources(policy))) for arn in arns)


def _is_unnamed(arn: str, resources: Sequence[Any]) -> bool:
    match = some(resource_matches(it, arn) for it in resources)
    refuse(undecided([match]))
    return not match


def _resources(policy: Policy) -> list[Any]:
    """Return what the Allow statements of a policy name."""
    return [
        it for statement in policy.statements if statement.effect == "Allow" for it in statement.resources
    ]


def lost(policy: Policy, arns: Sequence[str]) -> list[str]:
    """Return what Allow statements of a policy name below the first of some ARNs that is none of them.

    What has a wildcard names whatever there is. Raises `Undetermined` as `named_besides` does.
    """
    certain, doubts = told_apart(policy)
    below = [it for it in _resources(certain) if it.startswith(f"{arns[0]}/") and not {"*", "?"} & {*it}]
    found = [it for it in dict.fromkeys(below) if it not in arns]
    if not found:
        refuse(doubts)
    return found


def named_besides(policy: Policy, arns: Collection[str]) -> list[str]:
    """Return what Allow statements of a policy name that is not all of what some patterns of ARNs cover.

    Raises `Undetermined` where nothing is for certain, and something may be.
    """
    certain, doubts = told_apart(policy)
    found = dict.fromkeys(it for it in _named(certain) if not any(arn_glob(arn)(it) for arn in arns))
    if not found:
        refuse(doubts)
    return list(found)


def _named(policy: Policy) -> Iterator[str]:
    for statement in policy.statements:
        if statement.effect == "Allow" and statement.not_resources:
            yield f"all but {', '.join(statement.not_resources)}"
    yield from _resources(policy)
