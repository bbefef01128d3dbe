"""Where notices may be sent: to the hosts that the administrator named, and to no private address that was not."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from api.web.settings import is_network

_Address = IPv4Address | IPv6Address


def named(url: str, allowed: Iterable[str]) -> bool:
    """Say whether the host of an address is among those named: as a name, as an address, or inside a network."""
    host = host_of(url)
    if not host:
        return False
    found = _literal(host)
    return host in set(allowed) if found is None else _inside(found, allowed)


def reachable(url: str, allowed: Sequence[str]) -> str:
    """Return the numeric address to connect to; empty where the host, or anything its name leads to, is not allowed.

    A name leads to public addresses, or into networks that are named too. OSError where the name is unknown.
    """
    if not named(url, allowed):
        return ""
    host = host_of(url)
    found = _literal(host)
    if found is not None:
        return str(found)
    addresses = [_unmapped(ip_address(info[4][0])) for info in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]
    if not all(_public(one) or _inside(one, allowed) for one in addresses):
        return ""
    return str(addresses[0])


def host_of(url: str) -> str:
    """Return the host that an address names, in small letters; empty where there is none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def _literal(host: str) -> _Address | None:
    try:
        return _unmapped(ip_address(host))
    except ValueError:
        return None


def _unmapped(address: _Address) -> _Address:
    return getattr(address, "ipv4_mapped", None) or address


def _public(address: _Address) -> bool:
    return address.is_global and not address.is_multicast


def _inside(address: _Address, allowed: Iterable[str]) -> bool:
    return any(is_network(word) and address in ip_network(word) for word in allowed)
