"""Tokens: who a caller is, signed by the gateway and read by every service.

JSON Web Tokens after RFC 8725: one algorithm (EdDSA), one key, derived from the root secret, and
the kind of a token in its `typ` header, so that none passes for another. The library checks the
signature; checked here is what it does not: the exact header, canonical base64 (so that a token has
one spelling), times that are whole numbers, and a lifetime no longer than this module ever gives.

    at+jwt      access, 15 minutes        ticket+jwt  one WebSocket, 30 seconds, once
    rt+jwt      refresh, 30 days, once

A session is revoked by its id, never by the token's text. The store knows which are, for a token
outlives a restart, and so must a logout. To verify a token and to ask the store cost more than the
rest of a request, so both answers are remembered for some seconds: this process learns of a logout
at once, another one when the two have passed.

A refresh token is spent when it is used, and a new one takes its place. Whoever lost the answer may
ask again under the same idempotency key, and gets that same one. Under another key a spent token is
a sign that somebody stole it, and nobody can tell who of the two it was: the session ends, with all
its tokens (RFC 9700, 4.14.2). The host's own token stays good: it is kept as a link, which may be
opened many times.
"""

import enum
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from typing import Any, Final

import attrs
import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from mafia_district_servers.games.authority import Caller
from mafia_district_servers.ports import Cache, Clock, EventStore, Ids, Spent
from mafia_district_servers.problems import Fault, Problem

_ISSUER: Final = "mafia-district"
_ALGORITHM: Final = "EdDSA"
_LONGEST: Final = 8 * 1024  # bytes of a token that is looked at, at all
_SKEW: Final = 60  # seconds that another gateway's clock may be ahead
_REMEMBERED: Final = 5  # seconds that a verified token is trusted without another look
_ASKED: Final = 5  # seconds that the store's word on a session is taken without asking again
_REMEMBER: Final = 4096  # verified tokens
_LIVE: Final = b"live"
_ENDED: Final = b"ended"
_CHALLENGE: Final = {"WWW-Authenticate": "Bearer"}
_REQUIRED: Final = ["exp", "iat", "iss", "aud", "sub", "jti", "name", "sid"]


@enum.unique
class Kind(enum.Enum):
    """The kinds of token, by their `typ` header."""

    ACCESS = "at+jwt"
    REFRESH = "rt+jwt"
    TICKET = "ticket+jwt"


LIFETIME: Final = {Kind.ACCESS: 15 * 60, Kind.REFRESH: 30 * 24 * 3600, Kind.TICKET: 30}  # seconds
_KEPT: Final = LIFETIME[Kind.REFRESH] * 1000  # milliseconds until no token that lives now does


@attrs.frozen
class Session:
    """A verified token: whose it is, the session it belongs to, and when it ends (seconds)."""

    caller: Caller
    id: str
    expires: int
    token_id: str
    claims: dict[str, Any]


class Reused(Problem):
    """A refresh token was spent a second time, under another key; its session was ended."""

    def __init__(self, session: str) -> None:
        super().__init__(
            Fault.UNAUTHORIZED,
            "the refresh token has been used, which ended its session: begin a new one",
            _CHALLENGE,
        )
        self.session = session


def signing_key(root: bytes) -> Ed25519PrivateKey:
    """Derive the gateway's signing key from the root secret (HKDF-SHA256, labelled)."""
    label = b"mafia-district gateway token signing"
    seed = HKDF(algorithm=SHA256(), length=32, salt=None, info=label).derive(root)
    return Ed25519PrivateKey.from_private_bytes(seed)


def bearer(header: str | None) -> str:
    """Take the token out of an `Authorization` header; raises an `unauthorized` problem."""
    if header is None or header[:7].lower() != "bearer ":
        raise _unauthorized("send the header Authorization: Bearer <access token>")
    return header[7:]


class Tokens:
    """Signs and verifies; the cache keeps what the store said of sessions."""

    def __init__(
        self, root: bytes, clock: Clock, ids: Ids, cache: Cache, store: EventStore
    ) -> None:
        self._private = signing_key(root)
        self._public = self._private.public_key()
        self._clock = clock
        self._ids = ids
        self._cache = cache
        self._store = store
        self._remembered: dict[str, tuple[int, Session]] = {}

    def issue(self, kind: Kind, caller: Caller, session: str, **extra: Any) -> str:
        """Sign a token of a kind for a caller's session; `extra` are more claims, or others."""
        now = self._now()
        claims = {
            "iss": _ISSUER,
            "aud": _ISSUER,
            "sub": caller.account,
            "name": caller.name,
            "sid": session,
            "jti": self.new_id(),
            "iat": now,
            "exp": now + LIFETIME[kind],
            **({"admin": True} if caller.admin else {}),
            **extra,
        }
        return jwt.encode(claims, self._private, _ALGORITHM, headers={"typ": kind.value})

    def admin(self) -> str:
        """Sign the host's refresh token, which buys access tokens that may administer."""
        return self.issue(Kind.REFRESH, Caller("host", "Host", admin=True), self.new_id())

    async def renew(self, token: str, key: str) -> tuple[Session, str]:
        """Spend a refresh token; give its session and the refresh token to use from now on.

        A repeat under the same idempotency key is given the same. Raises an `unauthorized` problem,
        which is Reused if it ended the session, StoreUnavailable or OutcomeUnknown.
        """
        session = await self.verify(token, Kind.REFRESH)
        if session.caller.admin:
            return session, token
        now = self._clock.now()
        spent = await self._store.spend(session.token_id, key, now=now, until=now + _KEPT)
        if spent.by != key:
            await self.revoke(session.id)
            raise Reused(session.id)
        return session, self._successor(session, spent)

    def new_id(self) -> str:
        """Make a new random id for a session or a token."""
        return self._ids.secret(16).hex()

    async def access(self, token: str) -> Session:
        """Verify an access token; raises an `unauthorized` problem, or StoreUnavailable."""
        remembered = self._remembered.get(token)
        if remembered is not None and remembered[0] > self._now():
            return remembered[1]
        session = await self.verify(token, Kind.ACCESS)
        if len(self._remembered) >= _REMEMBER:
            self._remembered.clear()
        until = min(session.expires, self._now() + _REMEMBERED)
        self._remembered[token] = until, session
        return session

    async def verify(self, token: str, kind: Kind) -> Session:
        """Verify a token of one kind; raises an `unauthorized` problem, or StoreUnavailable."""
        claims = self._claims(token, kind)
        session = Session(
            Caller(claims["sub"], claims["name"], claims.get("admin") is True),
            claims["sid"],
            claims["exp"],
            claims["jti"],
            claims,
        )
        if await self._is_ended(session.id):
            raise _unauthorized("the session was ended: ask for a new token")
        return session

    async def revoke(self, session: str) -> None:
        """End a session for good: none of its tokens is taken any more.

        Raises StoreUnavailable or OutcomeUnknown; to end it again does no harm.
        """
        now = self._clock.now()
        await self._store.revoke(session, now=now, until=now + _KEPT)
        await self._cache.set(_session(session), _ENDED, _ASKED * 1000)
        self._remembered = {
            token: kept for token, kept in self._remembered.items() if kept[1].id != session
        }

    def _successor(self, session: Session, spent: Spent) -> str:
        """Sign the refresh token that takes a spent one's place: the same one, however often."""
        id_ = sha256(f"{session.token_id}:{spent.by}".encode()).hexdigest()[:32]
        ends = spent.until // 1000
        return self.issue(
            Kind.REFRESH, session.caller, session.id,
            jti=id_, iat=ends - LIFETIME[Kind.REFRESH], exp=ends,
        )  # fmt: skip

    async def _is_ended(self, session: str) -> bool:
        key = _session(session)
        known = await self._cache.get(key)
        if known is None:
            known = _ENDED if await self._store.revoked(session) else _LIVE
            if not await self._cache.add(key, known, _ASKED * 1000):
                known = await self._cache.get(key) or known  # a logout came in between
        return known == _ENDED

    def _claims(self, token: str, kind: Kind) -> dict[str, Any]:
        if len(token) > _LONGEST or not _canonical(token):
            raise _unauthorized("the token is malformed")
        try:
            header = jwt.get_unverified_header(token)
            if header != {"alg": _ALGORITHM, "typ": kind.value}:
                raise _unauthorized("the token is of another kind")
            claims: dict[str, Any] = jwt.decode(
                token, self._public, [_ALGORITHM], audience=_ISSUER, issuer=_ISSUER,
                options={"require": _REQUIRED, "verify_exp": False, "verify_iat": False},
            )  # fmt: skip
        except (jwt.PyJWTError, RecursionError):  # the header's JSON is read before its signature
            raise _unauthorized("the token is not one of ours") from None
        _check_times(claims, LIFETIME[kind], self._now())
        return claims

    def _now(self) -> int:
        return self._clock.now() // 1000


def _check_times(claims: dict[str, Any], lifetime: int, now: int) -> None:
    issued, expires = claims["iat"], claims["exp"]
    if type(issued) is not int or type(expires) is not int:
        raise _unauthorized("the token is malformed")
    if issued > now + _SKEW or expires - issued > lifetime:
        raise _unauthorized("the token is not one of ours")
    if expires <= now:
        raise _unauthorized("the token has expired: ask for a new one")


def _canonical(token: str) -> bool:
    """Tell whether each of the three parts is spelt as this module would spell it."""
    parts = token.split(".")
    return len(parts) == 3 and all(map(_canonical_part, parts))


def _canonical_part(part: str) -> bool:
    try:
        raw = part.encode("ascii")
        data = urlsafe_b64decode(raw + b"=" * (-len(raw) % 4))
    except ValueError:
        return False
    return urlsafe_b64encode(data).rstrip(b"=") == raw


def _session(session: str) -> str:
    return f"session:{session}"


def _unauthorized(detail: str) -> Problem:
    return Problem(Fault.UNAUTHORIZED, detail, _CHALLENGE)
