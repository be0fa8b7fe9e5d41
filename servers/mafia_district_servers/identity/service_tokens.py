"""Service tokens: how the processes of one server know each other.

The gateway signs its own; another service gets one from the gateway, for a secret that was derived
for its name alone. Behind the gateway every call carries the gateway's token beside the user's, so
that a service which can be reached by others than the gateway still answers to it alone.
"""

from collections.abc import Mapping
from typing import Final

from mafia_district_servers.caller import Caller, Role
from mafia_district_servers.identity.tokens import LIFETIME, Kind, Session, Tokens, unauthorized

HEADER: Final = "X-Service-Token"
GATEWAY: Final = "gateway"
_REMEMBER: Final = 64  # tokens
SCOPES: Final = ("feed",)  # what a service may do with its token: tell and hear of games


def issue(tokens: Tokens, service: str) -> str:
    """Sign the token of a service."""
    caller = Caller(f"service:{service}", service, Role.SERVICE)
    return tokens.issue(Kind.SERVICE, caller, tokens.new_id(), scopes=SCOPES)


class Voice:
    """The gateway's own token, signed anew in good time."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._token = ""
        self._until = 0

    def speak(self) -> str:
        """Give the token."""
        now = self._tokens.now()
        if now >= self._until:
            self._token = issue(self._tokens, GATEWAY)
            self._until = now + LIFETIME[Kind.SERVICE] // 2
        return self._token


class Gatekeeper:
    """Lets a service's process be called by certain services alone; remembers their tokens."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._known: dict[str, Session] = {}

    def check(self, headers: Mapping[str, str]) -> None:
        """Check that the gateway calls; raises an `unauthorized` problem."""
        if self.service(headers) != GATEWAY:
            raise unauthorized("call this service through the gateway")

    def service(self, headers: Mapping[str, str]) -> str:
        """Tell which service calls; raises an `unauthorized` problem."""
        token = headers.get(HEADER)
        if token is None:
            raise unauthorized("call this service through the gateway")
        known = self._known.get(token)
        if known is None or known.expires <= self._tokens.now():
            known = self._tokens.verify(token, Kind.SERVICE)
            if len(self._known) >= _REMEMBER:
                self._known.clear()
            self._known[token] = known
        return known.caller.name
