"""Addresses: whom a request is from, and whose word counts for it."""

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from mafia_district_servers.middleware.addresses import Addresses

PROXIES = ("10.0.0.0/8", "fd00::/8", "127.0.0.1/32")


def of(peer: str | None, *forwarded: str, proxies: tuple[str, ...] = PROXIES) -> str | None:
    """Find out whom a request is from."""
    headers = CIMultiDict(("X-Forwarded-For", value) for value in forwarded)
    request: Any = SimpleNamespace(remote=peer, headers=headers)
    return Addresses(proxies).of(request)


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("192.0.2.1", (), "192.0.2.1"),
        ("192.0.2.1", ("198.51.100.1",), "192.0.2.1"),  # no proxy of ours: not believed
        ("10.0.0.1", ("198.51.100.1",), "198.51.100.1"),
        ("10.0.0.1", ("203.0.113.9, 198.51.100.1",), "198.51.100.1"),  # the left is the client's
        ("10.0.0.1", ("203.0.113.9", "198.51.100.1, 10.2.3.4"), "198.51.100.1"),
        ("fd00::1", ("198.51.100.1:4711",), "198.51.100.1"),
        ("127.0.0.1", ('"[2001:db8:1:2:3::4]:80"',), "2001:db8:1:2::/64"),
        ("10.0.0.1", ("10.9.9.9",), "10.9.9.9"),  # all of them ours: the one that is farthest
        ("10.0.0.1", ("198.51.100.1, unknown",), "10.0.0.1"),
        ("10.0.0.1", ("",), "10.0.0.1"),
        ("10.0.0.1", (), "10.0.0.1"),
        ("2001:db8:1:2:3::4", (), "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", (), "192.0.2.1"),
        ("fe80::1%eth0", (), "fe80::/64"),
        ("127.0.0.1", (), None),
        ("::1", (), None),
        ("::ffff:127.0.0.1", (), None),
        ("10.0.0.1", ("127.0.0.1",), None),
        (None, (), None),
        ("", (), None),
    ],
)
def test_whom_a_request_is_from(
    peer: str | None, forwarded: tuple[str, ...], found: str | None
) -> None:
    """Given a peer and what it forwards, then the right-most address that is no proxy's counts."""
    assert of(peer, *forwarded) == found


@given(st.text(), st.ip_addresses(v=4), st.lists(st.text(), max_size=3))
def test_no_client_can_be_another(written: str, client: Any, more: list[str]) -> None:
    """Given whatever a client writes before what our proxy adds, then it is found all the same."""
    if client.is_loopback or of("10.0.0.1", str(client)) == "10.0.0.1" or str(client)[:3] == "10.":
        return
    assert of("10.0.0.1", written, *more, str(client)) == str(client)


def test_peers_that_are_proxies_are_nobodys() -> None:
    """Given a proxy's own connection, then it is not counted as one client's."""
    addresses = Addresses(PROXIES)
    peers = ("10.0.0.1", "192.0.2.1", "127.0.0.1", None)
    assert [addresses.of_peer(peer) for peer in peers] == [None, "192.0.2.1", None, None]
