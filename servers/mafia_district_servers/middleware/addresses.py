"""Addresses: whom a request is from, as far as an address tells it.

That is the peer's address. Where the peer is a proxy that the host trusts (`TRUSTED_PROXIES`), it
is the right-most address of `X-Forwarded-For` that is none of those: what stands to the left of it,
the client may have written itself. An IPv6 client is known by its /64, for it has all the others in
that too.

The loopback address is nobody's. Who connects from it is on the machine itself, or is a proxy that
the host has not named; in either case to count it as one client would be wrong.
"""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from aiohttp import web

_FORWARDED: Final = "X-Forwarded-For"
_REMEMBERED: Final = 8_192
_PREFIX: Final = 64
_MOST: Final = 32  # addresses that are looked at in one request


class Addresses:
    """Finds out whom a request is from."""

    def __init__(self, proxies: Iterable[str]) -> None:
        """Take the networks of the proxies that are trusted."""
        self._proxies = [ip_network(proxy) for proxy in proxies]
        self._known = lru_cache(_REMEMBERED)(self._find)

    def of(self, request: web.Request) -> str | None:
        """Give the name of the client's address; None for one that is nobody's."""
        forwarded = request.headers.getall(_FORWARDED, ()) if self._proxies else ()
        return self._known(request.remote, ",".join(forwarded))

    def of_peer(self, peer: str | None) -> str | None:
        """Give the name of a peer's address; None for one that is nobody's, or a proxy's."""
        address = _parse(peer)
        return None if address is None or self._trusts(address) else _name(address)

    def _find(self, peer: str | None, forwarded: str) -> str | None:
        address = _parse(peer)
        if address is None:
            return None
        for text in reversed(forwarded.split(",")[-_MOST:]):
            if not self._trusts(address):
                break
            before = _parse(text)
            if before is None:
                break
            address = before
        return _name(address)

    def _trusts(self, address: IPv4Address | IPv6Address) -> bool:
        return any(address in proxy for proxy in self._proxies)


def _parse(text: str | None) -> IPv4Address | IPv6Address | None:
    """Read an address, which may have a port; None for what is none."""
    bare = (text or "").strip().strip('"')
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ip_address(bare)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return address if mapped is None else mapped


def _name(address: IPv4Address | IPv6Address) -> str | None:
    if address.is_loopback:
        return None
    if isinstance(address, IPv4Address):
        return str(address)
    return str(IPv6Network((int(address), _PREFIX), strict=False))
