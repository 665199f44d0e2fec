"""Network ACLs: whether one lets everything through, as the one does that a VPC has from its start.

What one does that is narrower is not judged: it is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from plumbline.terraform.companions import belonging
from plumbline.terraform.declared import blocks, given, known
from plumbline.terraform.named_by_id import Placed, id_of, named

if TYPE_CHECKING:
    from plumbline.terraform.model import Configuration, Resource

ACL, OF_VPC = "aws_network_acl", "aws_default_network_acl"
RULE, ASSOCIATION = "aws_network_acl_rule", "aws_network_acl_association"
TYPES = (ACL, OF_VPC, RULE, ASSOCIATION)
_EVERY_PROTOCOL, _EVERYWHERE = "-1", "0.0.0.0/0"
Entry = tuple[bool, int, str, str, str]
"""Whether it is for what leaves, its number, its action, its protocol and its range."""


def is_open(entries: Iterable[Entry]) -> bool:
    """Return whether the first entry of each direction lets everything through.

    Source: Amazon VPC User Guide, "Network ACL rules": the lowest number that matches decides.
    """
    several = [*entries]
    return all(_first_is_open(it for it in several if it[0] is leaves) for leaves in (False, True))


def _first_is_open(entries: Iterable[Entry]) -> bool:
    first = min(entries, key=lambda it: it[1], default=None)
    return first is not None and first[2:] == ("allow", _EVERY_PROTOCOL, _EVERYWHERE)


def described_narrow(acls: Iterable[Mapping[str, Any]], subnets: Iterable[str]) -> list[str]:
    """Return the ACLs of some subnets that do not let everything through."""
    wanted = {*subnets}
    return sorted(
        acl["NetworkAclId"]
        for acl in acls
        if wanted & {it["SubnetId"] for it in acl["Associations"]}
        and not is_open(_described(it) for it in acl["Entries"] if it.get("CidrBlock"))
    )


def _described(entry: Mapping[str, Any]) -> Entry:
    return entry["Egress"], entry["RuleNumber"], entry["RuleAction"], entry["Protocol"], entry["CidrBlock"]


def declared_narrow(subnets: Iterable[Placed], configuration: Configuration) -> list[str]:
    """Return the ACLs that Terraform may give some subnets, and that do not let everything through.

    Raises `Undetermined` where that is not known.
    """
    own = [repr(id_of(*it)) for it in subnets]
    return sorted(
        acl.address
        for root in (configuration, *configuration.others())
        for acl in root.of_type(ACL, OF_VPC)
        if not _is_for_others(acl, root, own) and not is_open(_declared(acl, root))
    )


def _is_for_others(acl: Resource, root: Configuration, subnets: Iterable[str]) -> bool:
    """Return whether an ACL is for other subnets alone; that of a VPC is for whichever has no other."""
    if acl.type == OF_VPC:
        return False
    parts = belonging(acl, root, ASSOCIATION, "network_acl_id")
    each = [acl.values.get("subnet_ids", []), *([it.values.get("subnet_id")] for it in parts.certain)]
    several = [named(it, "aws_subnet", root) for it in each]
    if parts.doubts or any(it.others for it in several):
        return False
    found = {repr(id_of(*it)) for one in several for it in one.found}
    return not found & {*subnets}


def _declared(acl: Resource, root: Configuration) -> Iterator[Entry]:
    for leaves, block in ((False, "ingress"), (True, "egress")):
        for it in blocks(acl.values, block):
            if given(it.get("cidr_block")):
                yield leaves, *_entry(it, "rule_no", "action")
    for part in belonging(acl, root, RULE, "network_acl_id").certain:
        if given(part.values.get("cidr_block")):
            leaves = bool(known(part.values.get("egress")))
            yield leaves, *_entry(part.values, "rule_number", "rule_action")


def _entry(values: Mapping[str, Any], number: str, action: str) -> tuple[int, str, str, str]:
    protocol = str(known(values.get("protocol"))).lower()
    return (
        int(known(values.get(number))),
        str(known(values.get(action))).lower(),
        _EVERY_PROTOCOL if protocol == "all" else protocol,
        str(known(values["cidr_block"])),
    )
