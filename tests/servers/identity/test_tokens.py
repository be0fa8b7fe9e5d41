"""Tokens: only what this server signed, for this purpose, in one spelling, and not for long."""

import asyncio
import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Coroutine, Iterator
from hashlib import sha256
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mafia_district_servers.adapters.cache_memory import MemoryCache
from mafia_district_servers.adapters.clock import SystemIds
from mafia_district_servers.adapters.store_memory import MemoryStore
from mafia_district_servers.games.authority import Caller
from mafia_district_servers.identity.tickets import Tickets
from mafia_district_servers.identity.tokens import (
    LIFETIME,
    Kind,
    Reused,
    Session,
    Tokens,
    bearer,
    signing_key,
)
from mafia_district_servers.ports import OutcomeUnknown, Spent
from mafia_district_servers.problems import Fault, Problem

ROOT = b"r" * 32
NOW = 1_800_000_000  # seconds
ANN = Caller("guest-ann", "Ann")


class StillClock:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.seconds = NOW

    def now(self) -> int:
        """Give the set instant."""
        return self.seconds * 1000

    async def sleep_until(self, at: int) -> None:
        """Jump to the instant."""
        self.seconds = max(self.seconds, at // 1000)


class CountingStore(MemoryStore):
    """A store that counts how often it is asked for a session, and may be slow to answer."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0
        self.meanwhile: list[Coroutine[Any, Any, None]] = []
        self.silent = False

    async def revoked(self, session: str) -> bool:
        """Look, and let something happen before the answer arrives."""
        self.asked += 1
        found = await super().revoked(session)
        while self.meanwhile:
            await self.meanwhile.pop()
        return found

    async def spend(self, token: str, by: str, *, now: int, until: int) -> Spent:
        """Spend a token, and say nothing of it where the store is to be silent."""
        spent = await super().spend(token, by, now=now, until=until)
        if self.silent:
            raise OutcomeUnknown("disk")
        return spent


class Desk:
    """Tokens and tickets on one clock and one store."""

    def __init__(self, root: bytes = ROOT) -> None:
        self.clock = StillClock()
        self.root = root
        self.store = CountingStore()
        self.tokens = self.another()
        self.tickets = Tickets(self.tokens, MemoryCache(self.clock))

    def another(self) -> Tokens:
        """Give the tokens of another process, or of this one after a restart."""
        return Tokens(self.root, self.clock, SystemIds(), MemoryCache(self.clock), self.store)

    def access(self, token: str) -> Session:
        """Verify an access token."""
        return asyncio.run(self.tokens.access(token))

    def refused(self, token: str, kind: Kind = Kind.ACCESS) -> str:
        """Verify a token that must be refused; give the problem's code."""
        with pytest.raises(Problem) as caught:
            asyncio.run(self.tokens.verify(token, kind))
        return str(caught.value.code.value)


def b64(data: bytes) -> str:
    """Encode as the parts of a token are."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def signed(header: object, claims: object, key: Ed25519PrivateKey | None = None) -> str:
    """Sign anything at all with the server's own key, or another."""
    body = f"{b64(json.dumps(header).encode())}.{b64(json.dumps(claims).encode())}"
    return f"{body}.{b64((key or signing_key(ROOT)).sign(body.encode()))}"


HEADER = {"alg": "EdDSA", "typ": "at+jwt"}
CLAIMS: dict[str, Any] = {
    "iss": "mafia-district", "aud": "mafia-district", "sub": "guest-ann", "name": "Ann",
    "sid": "s", "jti": "j", "iat": NOW, "exp": NOW + 900,
}  # fmt: skip


def attacks() -> Iterator[tuple[str, str]]:
    """List forged and misused tokens, each with its name."""
    public = signing_key(ROOT).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    pem = signing_key(ROOT).public_key().public_bytes(
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
    yield "key of another root", signed(HEADER, CLAIMS, signing_key(b"x" * 32))
    for extra in (
        {"jwk": {"kty": "OKP"}}, {"jku": "http://127.0.0.1/"}, {"x5u": "http://127.0.0.1/"},
        {"kid": "../../../dev/null"}, {"kid": "' UNION SELECT 1"}, {"crit": ["exp"]},
        {"b64": False},
    ):  # fmt: skip
        yield f"header with {next(iter(extra))}", signed(HEADER | extra, CLAIMS)
    for typ in ("rt+jwt", "ticket+jwt", "JWT", "at+JWT", "", None, 1, ["at+jwt"]):
        yield f"typ {typ!r}", signed(HEADER | {"typ": typ}, CLAIMS)
    yield "no typ", signed({"alg": "EdDSA"}, CLAIMS)
    for name in CLAIMS:
        yield f"without {name}", signed(HEADER, {k: v for k, v in CLAIMS.items() if k != name})
    for name, value in (
        ("exp", str(NOW + 900)), ("exp", NOW + 900.0), ("exp", True), ("exp", None),
        ("exp", 10**30), ("exp", NOW), ("exp", NOW - 1), ("exp", -1), ("exp", NOW + 901),
        ("exp", [NOW + 900]),
        ("iat", str(NOW)), ("iat", NOW + 61), ("iat", NOW - 1), ("iat", None), ("iat", -(10**30)),
        ("iss", "evil"), ("iss", None), ("aud", "evil"), ("aud", None), ("aud", []), ("sub", 7),
        ("sub", None), ("sub", {}),
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
        session = asyncio.run(desk.tokens.verify(token, kind))
        assert (session.caller, session.id) == (ANN, "session")
        assert session.expires == NOW + LIFETIME[kind]
        assert {desk.refused(token, other) for other in Kind if other is not kind} == {
            "unauthorized"
        }
        desk.clock.seconds = NOW + LIFETIME[kind] - 1
        asyncio.run(desk.tokens.verify(token, kind))
        desk.clock.seconds = NOW + LIFETIME[kind]
        assert desk.refused(token, kind) == "unauthorized"
        desk.clock.seconds = NOW


def test_a_remembered_token_still_ends() -> None:
    """Given an access token that was just verified, when it expires, then it is refused."""
    desk = Desk()
    token = desk.tokens.issue(Kind.ACCESS, ANN, "session")
    desk.clock.seconds = NOW + 899
    assert desk.access(token).caller == ANN
    desk.clock.seconds = NOW + 900
    with pytest.raises(Problem):
        desk.access(token)


def test_a_revoked_session_is_over_everywhere() -> None:
    """Given processes on one store, when one logs a session out, then all refuse it for good."""
    here = Desk()
    there = here.another()
    token, other = (here.tokens.issue(Kind.ACCESS, ANN, sid) for sid in ("one", "two"))
    for tokens in (here.tokens, there):
        assert asyncio.run(tokens.access(token)).id == "one"
    here.clock.seconds += 4
    assert asyncio.run(there.verify(token, Kind.ACCESS)).id == "one"
    assert here.store.asked == 2

    asyncio.run(here.tokens.revoke("one"))

    with pytest.raises(Problem, match="ended"):
        here.access(token)
    assert here.access(other).id == "two"
    here.clock.seconds += 10  # all that another process remembers
    for tokens in (there, here.tokens, here.another()):
        with pytest.raises(Problem, match="ended"):
            asyncio.run(tokens.access(token))


def test_a_logout_overtakes_a_look_at_the_store() -> None:
    """Given a token that is being verified, when its session is ended meanwhile, it is refused."""
    desk = Desk()
    token = desk.tokens.issue(Kind.ACCESS, ANN, "session")
    desk.store.meanwhile.append(desk.tokens.revoke("session"))
    for _ in range(2):
        with pytest.raises(Problem, match="ended"):
            desk.access(token)


def test_a_renewal_without_an_answer_is_repeated() -> None:
    """Given a token spent in silence, then its key brings its one successor, to its very end."""
    desk = Desk()
    token = desk.tokens.issue(Kind.REFRESH, ANN, "session")
    desk.store.silent = True
    with pytest.raises(OutcomeUnknown):
        asyncio.run(desk.tokens.renew(token, "k"))
    desk.store.silent = False
    desk.clock.seconds += LIFETIME[Kind.REFRESH] - 1
    brought = {asyncio.run(tokens.renew(token, "k"))[1] for tokens in (desk.tokens, desk.another())}
    (successor,) = brought
    session = asyncio.run(desk.tokens.verify(successor, Kind.REFRESH))
    assert (session.caller, session.id) == (ANN, "session")
    assert session.expires == NOW + LIFETIME[Kind.REFRESH]
    assert asyncio.run(desk.tokens.renew(successor, "k"))[1] not in (token, successor)


def test_a_spent_token_under_another_key_ends_the_session() -> None:
    """Given a token that two have used, then neither goes on; other sessions do."""
    desk = Desk()
    token, other = (desk.tokens.issue(Kind.REFRESH, ANN, sid) for sid in ("one", "two"))
    access = desk.tokens.issue(Kind.ACCESS, ANN, "one")
    assert desk.access(access).id == "one"
    _, successor = asyncio.run(desk.tokens.renew(token, "k"))
    with pytest.raises(Reused) as caught:
        asyncio.run(desk.another().renew(token, "j"))
    assert (caught.value.session, caught.value.code) == ("one", Fault.UNAUTHORIZED)
    desk.clock.seconds += 5  # all that another process remembers
    for spent_by, key in ((token, "k"), (successor, "k")):
        with pytest.raises(Problem, match="ended"):
            asyncio.run(desk.tokens.renew(spent_by, key))
    with pytest.raises(Problem, match="ended"):
        desk.access(access)
    assert asyncio.run(desk.tokens.renew(other, "k"))[0].id == "two"


def test_secrets_of_one_root_survive_a_restart() -> None:
    """Given the same root, then another process takes the token; given another, it does not."""
    token = Desk().tokens.issue(Kind.ACCESS, ANN, "session")
    assert Desk().access(token).caller == ANN
    assert Desk(b"y" * 32).refused(token) == "unauthorized"


def test_only_the_host_administers() -> None:
    """Given the host's token and one that merely claims to be, then only a true flag counts."""
    desk = Desk()
    host = asyncio.run(desk.tokens.verify(desk.tokens.admin(), Kind.REFRESH))
    assert host.caller.admin
    for claim in ("true", 1, "", None, False):
        assert not desk.access(signed(HEADER, CLAIMS | {"admin": claim})).caller.admin


def test_a_ticket_opens_one_socket_once() -> None:
    """Given a ticket, then it is good for its game and seat, once, within 30 seconds."""
    desk = Desk()
    session = desk.access(desk.tokens.issue(Kind.ACCESS, ANN, "session"))

    def redeem(ticket: str, game: str = "game", viewer: int = 3) -> Session:
        return asyncio.run(desk.tickets.redeem(ticket, game, viewer))

    ticket = desk.tickets.issue(session, "game", 3)
    for elsewhere in (("other", 3), ("game", 4), ("game", -1)):
        with pytest.raises(Problem, match="another socket"):
            redeem(ticket, *elsewhere)
    redeemed = redeem(ticket)
    assert (redeemed.caller, redeemed.expires) == (ANN, session.expires)
    with pytest.raises(Problem, match="used"):
        redeem(ticket)
    late = desk.tickets.issue(session, "game", 3)
    desk.clock.seconds += 30
    with pytest.raises(Problem, match="expired"):
        redeem(late)


@pytest.mark.parametrize("header", [None, "", "Bearer", "Basic eDp5", "Token abc"])
def test_a_header_without_a_bearer_token_says_what_to_send(header: str | None) -> None:
    """Given no bearer token, then the problem names the header to send."""
    with pytest.raises(Problem, match="Authorization: Bearer") as caught:
        bearer(header)
    assert caught.value.code is Fault.UNAUTHORIZED


def test_a_token_is_what_the_library_makes_of_it_too() -> None:
    """Given a token of ours, then the library reads it with the public key and one algorithm."""
    token = Desk().tokens.issue(Kind.ACCESS, ANN, "session")
    public = signing_key(ROOT).public_key()
    options: Any = {"verify_exp": False, "verify_iat": False}
    claims = jwt.decode(token, public, ["EdDSA"], audience="mafia-district", options=options)
    assert claims["sub"] == "guest-ann"
