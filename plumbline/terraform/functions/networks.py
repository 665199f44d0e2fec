"""IP network functions."""

from __future__ import annotations

import ipaddress
import re
from typing import TypeAlias

from plumbline.terraform.functions.function import Function, declare
from plumbline.terraform.numbers import Number, small, whole
from plumbline.terraform.types import NUMBER, STRING, ListType
from plumbline.terraform.values import InvalidValue, TfList, Value

TABLE: dict[str, Function] = {}
function = declare(TABLE)

_PREFIX = re.compile(r"[0-9a-fA-F.:]+/[0-9]+")
_MOST_BITS = 32  # by which cidrsubnets() extends a prefix
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network


def _network(prefix: str) -> Network:
    address, _, length = prefix.partition("/")
    try:
        if _PREFIX.fullmatch(prefix) is None:
            raise ValueError
        octets = address.split(".")
        plain = ".".join(str(int(octet)) for octet in octets) if ":" not in address else address
        return ipaddress.ip_network(f"{plain}/{length}", strict=False)
    except ValueError:
        raise InvalidValue(f'"{prefix}" is not a network such as 10.0.0.0/16') from None


@function(STRING, NUMBER, returns=STRING)
def cidrhost(prefix: str, host: Number) -> Value:
    network = _network(prefix)
    number = whole(host, "host number")
    if not -network.num_addresses <= number < network.num_addresses:
        raise InvalidValue(f"{prefix} has no host number {number}")
    return str(network[number])


@function(STRING, returns=STRING)
def cidrnetmask(prefix: str) -> Value:
    network = _network(prefix)
    if network.version != 4:
        raise InvalidValue("only IPv4 networks have a netmask")
    return str(network.netmask)


@function(STRING, NUMBER, NUMBER, returns=STRING)
def cidrsubnet(prefix: str, bits: Number, number: Number) -> Value:
    network = _network(prefix)
    extra, index = small(bits, "number of bits"), whole(number, "subnet number")
    length = network.prefixlen + extra
    if extra < 0 or length > network.max_prefixlen:
        raise InvalidValue(f"{prefix} cannot be extended by {extra} bits")
    if abs(index) >= 1 << extra:
        raise InvalidValue(f"{extra} bits do not hold the subnet number {index}")
    return _subnet(network, length, index)


def _subnet(network: Network, length: int, index: int) -> str:
    """A subnet by its number; of a negative one Terraform keeps the number without sign, and no network."""
    start = int(network.network_address) | (index << (network.max_prefixlen - length))
    return f"{type(network.network_address)(abs(start))}/{length}"


@function(STRING, rest=NUMBER, returns=ListType(STRING))
def cidrsubnets(prefix: str, *bits: Number) -> Value:
    network = _network(prefix)
    if not network.prefixlen:
        raise InvalidValue("the whole address space cannot be divided")
    start = int(network.network_address)
    subnets: list[Value] = []
    for extra in bits:
        count = small(extra, "number of bits")
        length = network.prefixlen + count
        if not 1 <= count <= _MOST_BITS or length > network.max_prefixlen:
            raise InvalidValue(f"{prefix} cannot be extended by {count} bits")
        size = 1 << (network.max_prefixlen - length)
        start = -(-start // size) * size
        if start + size > int(network.network_address) + network.num_addresses:
            raise InvalidValue(f"{prefix} has no room for a further network with {count} more bits")
        subnets.append(f"{type(network.network_address)(start)}/{length}")
        start += size
    return TfList(subnets, STRING)
