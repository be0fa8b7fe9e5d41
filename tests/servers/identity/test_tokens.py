"""Tokens: only what this server signed, for this purpose, in one spelling, and not for long."""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mafia_district_servers import keys
from mafia_district_servers.adapters.clock import SystemIds
from mafia_district_servers.caller import Caller, Role
from mafia_district_servers.identity.tokens import LIFETIME, Kind, Tokens, bearer
from mafia_district_servers.problems import Fault, Problem

from ..virtual import VirtualClock

ROOT = b"r" * 32
NOW = 1_800_000_000  # seconds
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


def b64(data: bytes) -> str:
    """Encode as the parts of a token are."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def signed(header: object, claims: object, key: Ed25519PrivateKey | None = None) -> str:
    """Sign anything at all with the server's own key, or another."""
    body = f"{b64(json.dumps(header).encode())}.{b64(json.dumps(claims).encode())}"
    return f"{body}.{b64((key or keys.signing_key(ROOT)).sign(body.encode()))}"


DAY = LIFETIME[Kind.ACCESS]
KID = keys.gateway_keys([ROOT]).kid
HEADER = {"alg": "EdDSA", "kid": KID, "typ": "at+jwt"}
CLAIMS: dict[str, Any] = {
    "iss": "mafia-district", "aud": "mafia-district", "sub": "guest-ann", "name": "Ann",
    "role": "player", "sid": "s", "jti": "j", "iat": NOW, "exp": NOW + DAY,
}  # fmt: skip


def twice(head: str, claims: dict[str, Any], signature: str) -> str:
    """Say a claim twice under a signature for saying it once."""
    body = json.dumps(claims)[:-1] + ',"role":"admin"}'
    return f"{head}.{b64(body.encode())}.{signature}"


def attacks() -> Iterator[tuple[str, str]]:
    """List forged and misused tokens, each with its name."""
    public = keys.signing_key(ROOT).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    pem = keys.signing_key(ROOT).public_key().public_bytes(
        Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    )  # fmt: skip
    good = signed(HEADER, CLAIMS)
    head, body, signature = good.split(".")
    for alg in ("none", "None", "NONE", "nOnE", ""):
        unsigned = f"{b64(json.dumps({**HEADER, 'alg': alg}).encode())}.{body}"
        yield f"alg {alg!r}, no signature", f"{unsigned}."
        yield f"alg {alg!r}, old signature", f"{unsigned}.{signature}"
    for name, secret in (("raw key", public), ("PEM", pem), ("nothing", b""), ("root", ROOT)):
        text = f"{b64(json.dumps({**HEADER, 'alg': 'HS256'}).encode())}.{body}"
        mac = hmac.new(secret, text.encode(), sha256).digest()
        yield f"HS256 with {name}", f"{text}.{b64(mac)}"
    yield "another key", signed(HEADER, CLAIMS, Ed25519PrivateKey.generate())
    yield "key of another root", signed(HEADER, CLAIMS, keys.signing_key(b"x" * 32))
    for extra in (
        {"jwk": {"kty": "OKP"}}, {"jku": "http://127.0.0.1/"}, {"x5u": "http://127.0.0.1/"},
        {"kid": "../../../dev/null"}, {"kid": "' UNION SELECT 1"}, {"kid": ""}, {"kid": None},
        {"kid": [KID]}, {"kid": KID.upper()}, {"crit": ["exp"]}, {"b64": False}, {"zip": "DEF"},
        {"cty": "JWT"},
    ):  # fmt: skip
        yield f"header with {extra}", signed(HEADER | extra, CLAIMS)
    yield "another key under our kid", signed(HEADER, CLAIMS, Ed25519PrivateKey.generate())
    for typ in ("st+jwt", "ticket+jwt", "JWT", "at+JWT", "", None, 1, ["at+jwt"]):
        yield f"typ {typ!r}", signed(HEADER | {"typ": typ}, CLAIMS)
    for part in HEADER:
        yield f"no {part}", signed({k: v for k, v in HEADER.items() if k != part}, CLAIMS)
    yield "a claim twice", twice(head, CLAIMS, signature)
    for name in CLAIMS:
        yield f"without {name}", signed(HEADER, {k: v for k, v in CLAIMS.items() if k != name})
    for name, value in (
        ("exp", str(NOW + DAY)), ("exp", NOW + float(DAY)), ("exp", True), ("exp", None),
        ("exp", 10**30), ("exp", NOW), ("exp", NOW - 1), ("exp", -1), ("exp", NOW + DAY + 1),
        ("exp", [NOW + DAY]),
        ("iat", str(NOW)), ("iat", NOW + 61), ("iat", NOW - 1), ("iat", None), ("iat", -(10**30)),
        ("iss", "evil"), ("iss", None), ("aud", "evil"), ("aud", None), ("aud", []), ("sub", 7),
        ("sub", None), ("sub", {}), ("nbf", NOW + 3600), ("role", "emperor"), ("role", ["admin"]),
        ("role", True), ("name", 1), ("sid", None), ("jti", 5),
    ):  # fmt: skip
        yield f"{name} {value!r}", signed(HEADER, CLAIMS | {name: value})
    yield "claims that are no object", signed(HEADER, [CLAIMS])
    yield "header that is no object", signed([HEADER], CLAIMS)
    yield (
        "another's claims",
        f"{head}.{b64(json.dumps(CLAIMS | {'sub': 'x'}).encode())}.{signature}",
    )
    yield "padded signature", good + "=="
    yield "padded header", f"{head}=.{body}.{signature}"
    yield "last bits of the signature", good[:-1] + chr(ord(good[-1]) + 1)
    yield "standard base64", f"{head}.{body}.{'+/' + signature[2:]}"
    yield "spaces", f"{head}. {body}.{signature}"
    yield "newline at the end", good + "\n"
    yield "two parts", f"{head}.{body}"
    yield "four parts", f"{good}.{signature}"
    yield "empty", ""
    yield "dots", ".."
    yield "no ASCII", "\xe9.\u2603.\udc80"
    deep = b64(b"[" * 6000)
    yield "a header nested deeply", f"{deep}.{body}.{signature}"
    yield "8 KiB and more", f"{head}.{b64(b'x' * 8192)}.{signature}"


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
