"""Ranges of IP addresses: whether some together hold another, and which are of the internet."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import Any, TypeAlias

from plumbline.terraform.declared import known
from plumbline.values.unknown import Undetermined

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

EVERYWHERE = ipaddress.ip_network("0.0.0.0/0")
_OF_NO_INTERNET = [
    ipaddress.ip_network(it)
    for it in (
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
    )
]
"""Source: IANA IPv4 Special-Purpose Address Registry, ranges that are not globally reachable."""


def network(text: Any) -> Network:
    """Return a range in CIDR notation. Raises `Undetermined` for what is not known, or none."""
    try:
        return ipaddress.ip_network(known(text), strict=False)
    except ValueError:
        raise Undetermined(f"{text} is no range of addresses") from None


def hold(ranges: Iterable[Network], wanted: Network) -> bool:
    """Return whether some ranges together hold all of another one: two halves hold the whole."""
    alike = [it for it in ranges if it.version == wanted.version]
    return any(wanted.subnet_of(it) for it in ipaddress.collapse_addresses(alike))  # type: ignore[arg-type,type-var]


def share(ranges: Iterable[Network], wanted: Network) -> bool:
    """Return whether some ranges share any address with another one."""
    return any(it.version == wanted.version and it.overlaps(wanted) for it in ranges)


def is_of_the_internet(range_: Network) -> bool:
    """Return whether addresses of the internet are in a range."""
    return not any(range_.version == it.version and range_.subnet_of(it) for it in _OF_NO_INTERNET)  # type: ignore[arg-type]
