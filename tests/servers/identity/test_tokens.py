"""Tokens: only what this server signed, for this purpose, in one spelling, and not for long."""

from typing import Any

import jwt
import pytest

from mafia_district_servers import keys
from mafia_district_servers.adapters.clock import SystemIds
from mafia_district_servers.caller import Caller, Role
from mafia_district_servers.identity.tokens import LIFETIME, Kind, Tokens, bearer
from mafia_district_servers.problems import Fault, Problem

from ..attacks.tokens import DAY, NOW, ROOT, attacks
from ..virtual import VirtualClock

ANN = Caller("guest-ann", "Ann")


class Desk:
    """A gateway's tokens, and its clock."""

    def __init__(self, *roots: bytes) -> None:
        self.clock = VirtualClock(NOW * 1000)
        self.tokens = Tokens(keys.gateway_keys(roots or (ROOT,)), self.clock, SystemIds())

    def refused(self, token: str, kind: Kind = Kind.ACCESS) -> str:
        """Verify a token that must be refused; give the problem's code."""
        with pytest.raises(Problem) as caught:
            self.tokens.verify(token, kind)
        return str(caught.value.code.value)


@pytest.mark.parametrize(("name", "token"), list(attacks()), ids=[name for name, _ in attacks()])
def test_forged_and_misused_tokens_are_refused(name: str, token: str) -> None:
    """Given a token that this server would never have signed so, then it is unauthorized."""
    assert Desk().refused(token) == "unauthorized"


def test_what_is_signed_is_taken_until_it_ends() -> None:
    """Given a token of each kind, then it stands for its caller to the last second, as itself."""
    desk = Desk()
    for kind in Kind:
        token = desk.tokens.issue(kind, ANN, "session")
        session = desk.tokens.verify(token, kind)
        assert (session.caller, session.id) == (ANN, "session")
        assert session.expires == NOW + LIFETIME[kind]
        assert {desk.refused(token, other) for other in Kind if other is not kind} == {
            "unauthorized"
        }
        later = Desk()
        later.clock.jump((LIFETIME[kind] - 1) * 1000)
        later.tokens.verify(token, kind)
        later.clock.jump(1000)
        assert later.refused(token, kind) == "unauthorized"


def test_a_claim_cannot_be_overruled_by_what_is_added() -> None:
    """Given extra claims by the names of those that matter, then they change nothing."""
    desk = Desk()
    token = desk.tokens.issue(Kind.ACCESS, ANN, "session", role="admin", exp=NOW * 2, game="g")
    session = desk.tokens.verify(token, Kind.ACCESS)
    assert (session.caller.role, session.expires) == (Role.PLAYER, NOW + DAY)
    assert session.claims["game"] == "g"


def test_secrets_of_one_root_survive_a_restart() -> None:
    """Given the same root, then another process takes the token; given another, it does not."""
    token = Desk().tokens.issue(Kind.ACCESS, ANN, "session")
    assert Desk().tokens.verify(token, Kind.ACCESS).caller == ANN
    assert Desk(b"y" * 32).refused(token) == "unauthorized"


def test_keys_are_rotated_without_a_break() -> None:
    """Given a new secret before the old one, then tokens of both are taken, the new one signs."""
    old, both, new = Desk(), Desk(b"n" * 32, ROOT), Desk(b"n" * 32)
    before, after = (desk.tokens.issue(Kind.ACCESS, ANN, "s") for desk in (old, both))
    for token in (before, after):
        assert both.tokens.verify(token, Kind.ACCESS).caller == ANN
    assert new.tokens.verify(after, Kind.ACCESS).caller == ANN
    assert new.refused(before) == old.refused(after) == "unauthorized"


def test_a_service_verifies_with_public_keys_and_signs_nothing() -> None:
    """Given the public keys alone, then tokens of all roots are read, and none can be made."""
    gateway = Desk(b"n" * 32, ROOT)
    written = keys.write_public(keys.gateway_keys([b"n" * 32, ROOT]))
    service = Tokens(keys.read_public(written), gateway.clock, SystemIds())
    token = gateway.tokens.issue(Kind.ACCESS, ANN, "session")
    assert service.verify(token, Kind.ACCESS).caller == ANN
    with pytest.raises(AssertionError):
        service.issue(Kind.ACCESS, ANN, "session")
    for wrong in ("", "x", "AAAA", written[:-1]):
        with pytest.raises(ValueError, match=r".*"):
            keys.read_public(wrong)


def test_every_service_has_a_secret_of_its_own() -> None:
    """Given one root, then the services' secrets differ, from it and from each other."""
    secrets = {keys.service_secret(ROOT, name) for name in ("voting", "shop", "gateway")}
    assert len(secrets) == 3
    assert keys.service_secret(ROOT, "voting") in secrets
    assert keys.service_secret(b"y" * 32, "voting") not in secrets


@pytest.mark.parametrize("header", [None, "", "Bearer", "Basic eDp5", "Token abc"])
def test_a_header_without_a_bearer_token_says_what_to_send(header: str | None) -> None:
    """Given no bearer token, then the problem names the header to send."""
    with pytest.raises(Problem, match="Authorization: Bearer") as caught:
        bearer(header)
    assert caught.value.code is Fault.UNAUTHORIZED


def test_a_token_is_what_the_library_makes_of_it_too() -> None:
    """Given a token of ours, then the library reads it with the public key and one algorithm."""
    token = Desk().tokens.issue(Kind.ACCESS, ANN, "session")
    public = keys.signing_key(ROOT).public_key()
    options: Any = {"verify_exp": False, "verify_iat": False}
    claims = jwt.decode(token, public, ["EdDSA"], audience="mafia-district", options=options)
    assert claims["sub"] == "guest-ann"
