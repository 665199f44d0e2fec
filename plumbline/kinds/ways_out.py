"""Whether a function in a VPC reaches the internet: by the route tables of its subnets.

A function has no public address, so an internet gateway takes nothing from it: it needs a NAT gateway, which
itself lies where an internet gateway is reached. Source: Lambda Developer Guide, "Enable internet access for
VPC-connected Lambda functions"; Amazon VPC User Guide, "Route priority", "NAT gateway basics".
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from plumbline.kinds.address_ranges import EVERYWHERE, Network, hold, is_of_the_internet, network
from plumbline.kinds.routes import INTERNET, NAT, PEER, Route
from plumbline.terraform.declared import known
from plumbline.values.some_of import SomeOf
from plumbline.values.unknown import Identity, Undetermined, Unknown

OF_ONE_OWNER = 8
"""How long the prefix of a range is at least that may be somebody's own: what is wider is the internet.

Source: IANA IPv4 Address Space Registry, which lists blocks of this length.
"""
Routes: TypeAlias = Sequence[Route] | SomeOf


@dataclass(frozen=True)
class Nat:
    """A NAT gateway, as far as it matters."""

    subnets: Sequence[Any]
    """What tells the routes of its subnet; of each that it may lie in, where that is not known."""
    is_public: bool = True
    state: str = "available"
    doubt: str = ""
    """Why it is not known which one it is."""


@dataclass(frozen=True)
class Ways:
    """Where subnets send what is not for their VPC."""

    routes: Callable[[Any], Routes]
    """Of a subnet."""
    nat: Callable[[Any], Nat | None]
    """By its id; None where there is none."""
    attached: Callable[[Any], bool] = field(default=lambda gateway: True)
    """Whether an internet gateway of an id is attached to a VPC."""

    def why_not(self, subnet: Any) -> str:
        """Return why nothing in a subnet reaches the internet; empty where it does.

        Raises `Undetermined` where what routes lead to decides it: a firewall, a transit gateway.
        """
        return self._why(self.routes(subnet), self._without_address)

    def passed(self, subnet: Any) -> list[Any]:
        """Return the subnets of the NAT gateways that a subnet's routes lead to, one after the other.

        Raises `Undetermined` where that is not known.
        """
        found: list[Any] = []
        waiting = [subnet]
        while waiting:
            routes = self.routes(waiting.pop())
            if isinstance(routes, SomeOf):
                routes.refuse()
            for it in routes:
                nat = self.nat(it.target) if known(it.leads_to) == NAT and not known(it.gone) else None
                more = [other for other in (nat.subnets if nat else ()) if other not in found]
                found += more
                waiting += [] if nat is None or nat.is_public else more
        return found

    def _why(self, routes: Routes, leads: Callable[[Route], str]) -> str:
        if isinstance(routes, SomeOf):
            routes.refuse()
        wide = [(it, range_) for it in routes if (range_ := _wide(it))]
        if not hold([range_ for _, range_ in wide], EVERYWHERE):
            told = ", ".join(str(range_) for _, range_ in wide)
            return f"no route leads to {EVERYWHERE}" + (f", only to {told}" if told else "")
        doubts: list[str] = []
        for it, range_ in wide:
            if not hold([other for _, other in wide if _is_narrower(other, range_)], range_):
                try:
                    if why := leads(it):
                        return f"{range_} {why}"
                except Undetermined as doubt:
                    doubts.append(doubt.reason)
        if doubts:
            raise Undetermined(doubts[0])
        return ""

    def _without_address(self, route: Route) -> str:
        """Return why a route leads what has no public address to no internet."""
        if sort := _gone(route):
            return sort
        leads_to = known(route.leads_to)
        if leads_to == INTERNET:
            return f"leads to {_told(route)}, which takes nothing from what has no public address"
        if leads_to != NAT:
            return _other(route)
        nat = self.nat(route.target)
        if nat is None:
            return f"leads to {_told(route)}, which is not there"
        if nat.state != "available":
            return f"leads to {_told(route)}, which is {nat.state}"
        if not nat.is_public:
            return self._beyond(nat, f"leads to {_told(route)}, which is private", self._without_address)
        return self._beyond(nat, f"leads to {_told(route)}", self._with_address)

    def _beyond(self, nat: Nat, told: str, leads: Callable[[Route], str]) -> str:
        why = next(filter(None, (self._why(self.routes(it), leads) for it in nat.subnets)), "")
        if why and nat.doubt:
            raise Undetermined(nat.doubt)
        return f"{told}, from where {why}" if why else ""

    def _with_address(self, route: Route) -> str:
        """Return why a route leads what has a public address to no internet."""
        if sort := _gone(route):
            return sort
        if known(route.leads_to) == NAT:
            return f"leads to {_told(route)}, and not to an internet gateway"
        if known(route.leads_to) != INTERNET:
            return _other(route)
        return "" if self.attached(route.target) else f"leads to {_told(route)}, which is attached to no VPC"


def _wide(route: Route) -> Network | None:
    """Return the range of a route that is too wide for anybody's own; None for any other, and for IPv6."""
    destination = known(route.destination)
    if "/" not in destination or ":" in destination:
        return None
    range_ = network(destination)
    return range_ if range_.prefixlen < OF_ONE_OWNER and is_of_the_internet(range_) else None


def _is_narrower(one: Network, other: Network) -> bool:
    both = isinstance(one, ipaddress.IPv4Network) and isinstance(other, ipaddress.IPv4Network)
    return both and one != other and one.subnet_of(other)  # type: ignore[arg-type]


def _gone(route: Route) -> str:
    return f"leads to {_told(route)}, which is gone" if known(route.gone) else ""


def _other(route: Route) -> str:
    """Return that a peer leads nowhere else. Raises `Undetermined` for what may lead anywhere.

    Source: Amazon VPC Peering Guide, "VPC peering limitations", "Edge to edge routing".
    """
    if known(route.leads_to) == PEER:
        return f"leads to {_told(route)}, which leads to no internet"
    raise Undetermined(
        f"{known(route.destination)} leads to {_told(route)}, and from there nobody knows where"
    )


def _told(route: Route) -> str:
    target = route.target
    if isinstance(target, Identity):
        return f"the {known(route.leads_to)} {target.address}"
    return f"the {known(route.leads_to)} {target.origin if isinstance(target, Unknown) else known(target)}"
