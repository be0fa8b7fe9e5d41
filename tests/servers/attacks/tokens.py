"""Forged and misused tokens, after what is known to have worked elsewhere.

The classes are those of the JSON Web Signature vectors of Project Wycheproof and of the playbooks
for breaking tokens: no algorithm, another algorithm, another key, a key that the token brings, a
kid that is a path or a query, claims of other types, times out of bounds, tokens of another kind,
other spellings of a good one, and parts cut off or put on.
"""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mafia_district_servers import keys
from mafia_district_servers.identity.tokens import LIFETIME, Kind

ROOT = b"r" * 32
NOW = 1_800_000_000  # seconds


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
