"""Tokens: who a caller is, signed by the gateway and read by every service.

JSON Web Tokens after RFC 8725: one algorithm (EdDSA), a key looked up by `kid` in a fixed table,
and the kind of a token in its `typ` header, so that none passes for another. The library checks the
signature; checked here is what it does not: the size, before anything is parsed; the exact header;
canonical base64, so that a token has one spelling; the type of every claim; and a lifetime no
longer than this module ever gives.

    at+jwt      access, 24 hours             host+jwt     the host's link, 30 days
    ticket+jwt  one WebSocket, 30 seconds    socket+jwt   the gateway's next hop, 30 seconds
    st+jwt      a service, one hour

What is signed says what was true then. Whether the session still is, `sessions` knows.
"""

import enum
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Any, Final

import attrs
import jwt
from jwt.types import Options

from mafia_district_servers.caller import Caller, Role
from mafia_district_servers.keys import Keys
from mafia_district_servers.ports import Clock, Ids
from mafia_district_servers.problems import Fault, Problem

_ISSUER: Final = "mafia-district"
_INSIDE: Final = "mafia-district services"  # the audience of tokens that stay behind the gateway
_ALGORITHM: Final = "EdDSA"
_LONGEST: Final = 8 * 1024  # bytes of a token that is looked at, at all
_SKEW: Final = 60  # seconds that another gateway's clock may be ahead
_CHALLENGE: Final = {"WWW-Authenticate": "Bearer"}
_CLAIMS: Final[Mapping[str, type]] = {
    "iss": str, "aud": str, "sub": str, "name": str, "role": str, "sid": str, "jti": str,
    "iat": int, "exp": int,
}  # fmt: skip
_CHECKED_HERE: Final[Options] = {
    "require": list(_CLAIMS), "verify_exp": False, "verify_iat": False,
}  # fmt: skip


@enum.unique
class Kind(enum.Enum):
    """The kinds of token, by their `typ` header."""

    ACCESS = "at+jwt"
    HOST = "host+jwt"
    TICKET = "ticket+jwt"
    SOCKET = "socket+jwt"
    SERVICE = "st+jwt"


LIFETIME: Final[Mapping[Kind, int]] = {  # seconds
    Kind.ACCESS: 24 * 3600,
    Kind.HOST: 30 * 24 * 3600,
    Kind.TICKET: 30,
    Kind.SOCKET: 30,
    Kind.SERVICE: 3600,
}
_AUDIENCE: Final[Mapping[Kind, str]] = {Kind.SOCKET: _INSIDE, Kind.SERVICE: _INSIDE}


@attrs.frozen
class Session:
    """A verified token: whose it is, the session it belongs to, and when it ends (seconds)."""

    caller: Caller
    id: str
    expires: int
    token_id: str
    claims: Mapping[str, Any]


def bearer(header: str | None) -> str:
    """Take the token out of an `Authorization` header; raises an `unauthorized` problem."""
    if header is None or header[:7].lower() != "bearer ":
        raise unauthorized("send the header Authorization: Bearer <access token>")
    return header[7:]


class Tokens:
    """Signs, where it has the private key, and verifies."""

    def __init__(self, keys: Keys, clock: Clock, ids: Ids) -> None:
        self._keys = keys
        self._clock = clock
        self._ids = ids

    def issue(self, kind: Kind, caller: Caller, session: str, **extra: Any) -> str:
        """Sign a token of a kind for a caller's session; `extra` are more claims."""
        assert self._keys.private is not None, "only the gateway signs"
        now = self.now()
        claims = {
            **extra,
            "iss": _ISSUER,
            "aud": _AUDIENCE.get(kind, _ISSUER),
            "sub": caller.account,
            "name": caller.name,
            "role": caller.role.value,
            "sid": session,
            "jti": self.new_id(),
            "iat": now,
            "exp": now + LIFETIME[kind],
        }
        header = {"typ": kind.value, "kid": self._keys.kid}
        return jwt.encode(claims, self._keys.private, _ALGORITHM, headers=header)

    def verify(self, token: str, kind: Kind) -> Session:
        """Verify a token of one kind; raises an `unauthorized` problem."""
        claims = self._claims(token, kind)
        caller = Caller(claims["sub"], claims["name"], _role(claims["role"]))
        return Session(caller, claims["sid"], claims["exp"], claims["jti"], claims)

    def new_id(self) -> str:
        """Make a new random id for a session or a token."""
        return self._ids.secret(16).hex()

    def now(self) -> int:
        """Give the time in seconds."""
        return self._clock.now() // 1000

    def _claims(self, token: str, kind: Kind) -> Mapping[str, Any]:
        if len(token) > _LONGEST or not _canonical(token):
            raise unauthorized("the token is malformed")
        try:
            header = jwt.get_unverified_header(token)
            key = self._key(header, kind)
            claims: dict[str, Any] = jwt.decode(
                token, key, [_ALGORITHM], audience=_AUDIENCE.get(kind, _ISSUER), issuer=_ISSUER,
                options=_CHECKED_HERE,
            )  # fmt: skip
        except (jwt.PyJWTError, RecursionError):  # the header's JSON is read before its signature
            raise unauthorized("the token is not one of ours") from None
        _check_claims(claims, LIFETIME[kind], self.now())
        return claims

    def _key(self, header: Mapping[str, Any], kind: Kind) -> Any:
        kid = header.get("kid")
        key = self._keys.public.get(kid) if isinstance(kid, str) else None
        if key is None or header != {"alg": _ALGORITHM, "kid": kid, "typ": kind.value}:
            raise unauthorized("the token is of another kind, or not one of ours")
        return key


def unauthorized(detail: str) -> Problem:
    """Make the problem of one who is not known; the detail says what would help."""
    return Problem(Fault.UNAUTHORIZED, detail, _CHALLENGE)


def _role(name: str) -> Role:
    try:
        return Role(name)
    except ValueError:
        raise unauthorized("the token is malformed") from None


def _check_claims(claims: Mapping[str, Any], lifetime: int, now: int) -> None:
    if any(type(claims[name]) is not kind for name, kind in _CLAIMS.items()):
        raise unauthorized("the token is malformed")
    issued, expires = claims["iat"], claims["exp"]
    if issued > now + _SKEW or expires - issued > lifetime:
        raise unauthorized("the token is not one of ours")
    if expires <= now:
        raise unauthorized("the token has expired: ask for a new one")


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
