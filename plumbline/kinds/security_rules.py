"""The rules of security groups: what they let through, from whom or to whom.

A group has no rule that denies: what no rule lets through does not pass. Source: Amazon VPC User Guide,
"Security group rules".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from plumbline.kinds.address_ranges import hold, network, share
from plumbline.terraform.companions import belonging
from plumbline.terraform.declared import blocks, given, is_ignored, is_written, known
from plumbline.terraform.named_by_id import id_of
from plumbline.values.model import Model, Text
from plumbline.values.some_of import SomeOf, doubted, members, one_is
from plumbline.values.unknown import Placeholder, Undetermined, Unknown

if TYPE_CHECKING:
    from plumbline.terraform.model import Configuration, Resource

Direction = Literal["ingress", "egress"]
Rules = Sequence["SecurityRule"] | SomeOf

OF_ONE = {it: f"aws_vpc_security_group_{it}_rule" for it in ("ingress", "egress")}
"""The types of rules with one peer each."""
OF_EITHER = "aws_security_group_rule"
"""The older type, whose argument `type` says the direction."""
GROUP, PREFIX_LIST, RANGE = "group", "prefix_list", "range"
_ANY = "-1"
_PROTOCOLS = {"all": _ANY, "6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6"}
"""How one protocol may be written. Source: EC2 API reference, IpPermission, IpProtocol; IANA, "Protocol
Numbers"."""
_ONE_PEER = {
    "cidr_ipv4": RANGE,
    "cidr_ipv6": RANGE,
    "prefix_list_id": PREFIX_LIST,
    "referenced_security_group_id": GROUP,
}
_PEERS = {
    "cidr_blocks": RANGE,
    "ipv6_cidr_blocks": RANGE,
    "prefix_list_ids": PREFIX_LIST,
    "security_groups": GROUP,
}


class SecurityRule(Model):
    """What passes between a group and one peer."""

    protocol: str
    """`tcp`, `udp`, `icmp`, `icmpv6` or a number; `-1` is every one."""
    from_port: int | None = None
    to_port: int | None = None
    """None of both is every port."""
    sort: str
    """Of what sort the peer is: `group`, `prefix_list` or `range`."""
    peer: Text
    """The id of the group or the list, or a range in CIDR notation."""

    def lets(self, port: int) -> bool:
        """Return whether TCP passes at a port. Raises `Undetermined` where that is not known."""
        if self.protocol == _ANY:
            return True
        if self.protocol != "tcp":
            return False
        first, last = known(self.from_port), known(self.to_port)
        return first is None or last is None or bool(first <= port <= last)

    @property
    def told(self) -> str:
        """What passes, to people: `tcp 6379 10.0.0.0/8`."""
        ports = dict.fromkeys(str(it) for it in (self.from_port, self.to_port) if it is not None)
        return " ".join(filter(None, (known(self.protocol), "-".join(ports), _called(self.peer))))


def _called(peer: Any) -> str:
    return peer.origin if isinstance(peer, Unknown) else str(known(peer))


def between(rules: Rules, port: int, groups: Iterable[Any], ranges: Iterable[Any]) -> bool:
    """Return whether TCP passes at a port to or from all that has one of some groups and lies in some ranges.

    Raises `Undetermined` where that hangs on what is not known, a prefix list above all.
    """
    open_ = Several(rules, port)
    return open_.name(groups) or open_.hold(ranges)


class Several:
    """Those of some rules by which TCP passes at a port, and why there may be others."""

    def __init__(self, rules: Rules, port: int) -> None:
        self.rules: list[SecurityRule] = []
        self.doubts: list[str] = [rules.reason] if isinstance(rules, SomeOf) else []
        for it in members(rules):
            try:
                if it.lets(port):
                    self.rules.append(it)
            except Undetermined as doubt:
                self.doubts.append(doubt.reason)

    def none(self) -> bool:
        """Return False: nothing passes. Raises `Undetermined` where something may."""
        self._refuse_doubts(unless=self.rules)
        return False

    def _refuse_doubts(self, *further: str, unless: Sequence[Any] = ()) -> None:
        """Raise `Undetermined` for the first doubt, unless something else decides."""
        if not unless and (doubts := [*self.doubts, *further]):
            raise Undetermined(doubts[0])

    def name(self, groups: Iterable[Any]) -> bool:
        """Return whether a peer is known to be one of some groups; a doubt is noted."""
        try:
            return one_is(self.rules, lambda it: it.sort == GROUP and _is_one(it.peer, groups))
        except Undetermined as doubt:
            self.doubts.append(doubt.reason)
            return False

    def hold(self, ranges: Iterable[Any]) -> bool:
        """Return whether the peers hold all addresses of some ranges: two halves hold the whole.

        Raises `Undetermined` where that is not known, or they hold a part of them.
        """
        wanted, own = [network(it) for it in ranges], []
        for it in self.rules:
            try:
                own += [network(it.peer)] if it.sort == RANGE else []
            except Undetermined as doubt:
                self.doubts.append(doubt.reason)
        if wanted and all(hold(own, it) for it in wanted):
            return True
        if any(share(own, it) for it in wanted):
            raise Undetermined(f"{', '.join(map(str, own))} hold a part of {', '.join(map(str, wanted))}")
        lists = (it.told for it in self.rules if it.sort == PREFIX_LIST)
        self._refuse_doubts(*(f"what the prefix list of {it} holds is not read" for it in lists))
        return False

    def beyond(self, groups: Iterable[Any]) -> list[str]:
        """Return the peers that are none of some groups: ranges, however written, and lists are none.

        Raises `Undetermined` where none is known to be one, and one may be.
        """
        found: list[str] = []
        for it in self.rules:
            try:
                if it.sort != GROUP or not _is_one(it.peer, groups):
                    found.append(it.told)
            except Undetermined as doubt:
                self.doubts.append(doubt.reason)
        self._refuse_doubts(unless=found)
        return found


def _is_one(peer: Any, groups: Iterable[Any]) -> bool:
    return one_is(groups, lambda group: bool(group == peer))


def in_order(rules: Iterable[SecurityRule]) -> list[SecurityRule]:
    """Return rules in one order, each once: AWS keeps none, and takes none twice."""
    return sorted({repr(it): it for it in rules}.values(), key=repr)


def declared_rules(
    group: Resource, configuration: Configuration, direction: Direction
) -> list[SecurityRule] | SomeOf:
    """Return the rules of a declared group in one direction; where there may be more, at least these.

    Terraform takes from a new group the rule that AWS gives it, by which everything leaves. Blocks of the
    group take away, each time that it is applied, what they do not say; what stands beside them in resources
    of its own is then there sometimes. A plan and a state hold in these arguments also what such resources
    made. Source: documentation of the AWS provider, `aws_security_group`.
    """
    beside: list[SecurityRule] = []
    doubts: list[str] = []
    own = id_of(group, configuration)
    for type_ in (OF_ONE[direction], OF_EITHER):
        found = belonging(group, configuration, type_, "security_group_id")
        doubts += found.doubts
        for it in found.certain:
            if type_ != OF_EITHER or known(it.values.get("type")) == direction:
                beside += _rules_of(it, own)
    inline = [rule for it in blocks(group.values, direction) for rule in _of_block(it, own)]
    certain, others = inline, beside
    if not is_written(group, direction, configuration) and (beside or configuration.source == "plan"):
        certain, others = beside, inline
    if is_ignored(group, direction):
        doubts.append(f"{group.address} leaves its {direction} rules as they are (ignore_changes)")
    if any(not _is_among(it, certain) for it in others):
        doubts.append(f"{group.address} has {direction} rules in itself that differ from those beside it")
    return doubted(in_order(certain), doubts)


def _is_among(rule: SecurityRule, rules: Iterable[SecurityRule]) -> bool:
    return repr(rule) in map(repr, rules)


def _rules_of(rule: Resource, own: Any) -> Iterator[SecurityRule]:
    values = rule.values
    if rule.type == OF_EITHER:
        source = values.get("source_security_group_id")
        yield from _of_block({**values, "security_groups": [source] if given(source) else []}, own)
        return
    for argument, sort in _ONE_PEER.items():
        if given(values.get(argument)):
            yield _rule(values, values.get("ip_protocol"), sort, values[argument])


def _of_block(values: Mapping[str, Any], own: Any) -> Iterator[SecurityRule]:
    """Yield a rule for each peer of a block. Raises `Undetermined` where their number is not known."""
    for argument, sort in _PEERS.items():
        for peer in known(values.get(argument)) or []:
            yield _rule(values, values.get("protocol"), sort, peer)
    if known(values.get("self")):
        yield _rule(values, values.get("protocol"), GROUP, own)


def _rule(values: Mapping[str, Any], protocol: Any, sort: str, peer: Any) -> SecurityRule:
    return _made(protocol, values.get("from_port"), values.get("to_port"), sort, peer)


def _made(protocol: Any, first: Any, last: Any, sort: str, peer: Any) -> SecurityRule:
    if not isinstance(protocol, Placeholder):
        protocol = _PROTOCOLS.get(str(protocol).lower(), str(protocol).lower())
        first, last = (None, None) if protocol == _ANY else (first, last)
    if sort == RANGE and isinstance(peer, str):
        peer = str(network(peer))
    return SecurityRule(protocol=protocol, from_port=first, to_port=last, sort=sort, peer=peer)


_DESCRIBED = (
    ("IpRanges", "CidrIp", RANGE),
    ("Ipv6Ranges", "CidrIpv6", RANGE),
    ("PrefixListIds", "PrefixListId", PREFIX_LIST),
    ("UserIdGroupPairs", "GroupId", GROUP),
)


def described_rules(permissions: Iterable[Mapping[str, Any]]) -> list[SecurityRule]:
    """Return the rules that EC2 describes."""
    return in_order(
        _made(it["IpProtocol"], it.get("FromPort"), it.get("ToPort"), sort, peer[key])
        for it in permissions
        for member, key, sort in _DESCRIBED
        for peer in it.get(member, [])
    )


def requested_rule(rule: SecurityRule) -> dict[str, Any]:
    """Return a rule as EC2 takes it."""
    ports = {"FromPort": rule.from_port, "ToPort": rule.to_port}
    peer = known(rule.peer)
    is_ipv6 = rule.sort == RANGE and network(peer).version == 6
    member, key, _ = next(it for it in _DESCRIBED if it[2] == rule.sort and ("6" in it[1]) == is_ipv6)
    return {
        "IpProtocol": rule.protocol,
        **{name: port for name, port in ports.items() if port is not None},
        member: [{key: peer}],
    }


def of_all(several: Collection[Rules]) -> list[SecurityRule] | SomeOf:
    """Return the rules of several groups together: what one lets through passes."""
    doubts = [it.reason for it in several if isinstance(it, SomeOf)]
    return doubted(in_order(rule for it in several for rule in members(it)), doubts)
