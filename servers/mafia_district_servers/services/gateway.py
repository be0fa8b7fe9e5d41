"""The gateway: tokens, tickets, and how the server is.

Whoever registered logs in by user name and password. A guest is an account for as long as its
session lasts: a name and a random id. The name is for people to read and proves nothing; the id in
the token does. A service proves its name by a secret of its own.
"""

from hmac import compare_digest
from typing import Annotated, Any, Final

import attrs
import msgspec

from mafia_district.ids import SPECTATOR
from mafia_district.roster import MAX_NAME
from mafia_district_servers.caller import Caller, Role
from mafia_district_servers.gateway.upstreams import Upstreams
from mafia_district_servers.house import House
from mafia_district_servers.http.routes import Call, Nothing, Reply, Route, reply
from mafia_district_servers.http.slots import stats_route
from mafia_district_servers.identity import service_tokens
from mafia_district_servers.identity.service_tokens import SCOPES
from mafia_district_servers.identity.sessions import Login
from mafia_district_servers.identity.tokens import LIFETIME, Kind, unauthorized
from mafia_district_servers.keys import service_secret
from mafia_district_servers.names import printable
from mafia_district_servers.people.people import as_caller
from mafia_district_servers.problems import Fault, Problem
from mafia_district_servers.settings import SERVICES


@attrs.frozen
class TokenRequest:
    """One of the three: a name, a refresh token, or user name and password.

    With the latter may go a fingerprint of the device.
    """

    guest_name: str | None = None
    refresh_token: str | None = attrs.field(default=None, repr=False)
    username: str | None = None
    password: str | None = attrs.field(default=None, repr=False)
    device: str | None = attrs.field(default=None, repr=False)


@attrs.frozen
class User:
    """An account as it is told to its owner."""

    id: str
    name: str
    guest: bool
    role: Role


@attrs.frozen
class TokenAnswer:
    """Tokens after RFC 6749; `expires_in` is in seconds."""

    access_token: str
    refresh_token: str
    token_type: str
    expires_in: int
    user: User


@attrs.frozen
class ServiceTokenRequest:
    """A service, and the secret that was derived for it."""

    service: str
    secret: str


@attrs.frozen
class ServiceTokenAnswer:
    """A service's token; `expires_in` is in seconds."""

    access_token: str
    token_type: str
    expires_in: int
    scopes: tuple[str, ...]


@attrs.frozen
class TicketRequest:
    """What the socket is for: a seat of a game, or its public side."""

    game: str
    seat: Annotated[int, msgspec.Meta(ge=0)] | None = None


@attrs.frozen
class TicketAnswer:
    """A ticket, to be offered as the second subprotocol within `expires_in` seconds."""

    ticket: str
    expires_in: int


@attrs.frozen
class Done:
    """What was done."""

    status: str


@attrs.frozen
class InstanceRow:
    """One process of a service: its address, and how it has answered of late."""

    url: str
    health: str


@attrs.frozen
class ServiceRow:
    """A service; without instances it is in the gateway's own process."""

    name: str
    instances: tuple[InstanceRow, ...]


@attrs.frozen
class Services:
    """The services."""

    services: list[ServiceRow]


async def user_token(call: Call[TokenRequest, Nothing]) -> Reply:
    """Begin a session as a guest or by a password, or renew one; a refresh token is good once."""
    house, asked = call.house, call.body
    named, proved = asked.username is not None, asked.password is not None
    ways = asked.guest_name is not None, asked.refresh_token is not None, named or proved
    if ways.count(True) != 1 or named != proved:
        raise Problem(Fault.BAD_REQUEST, "send guest_name, refresh_token, or username and password")
    if asked.refresh_token is not None:
        return await _renewed(house, asked.refresh_token)
    if asked.username is not None and asked.password is not None:
        account, login = await house.people.log_in(
            asked.username, asked.password, asked.device, call.address
        )
        return _tokens(house, as_caller(account), login.session.id, login.refresh)
    if not house.settings.allow_guests:
        raise Problem(Fault.FORBIDDEN, "this server takes no guests")
    name = printable(asked.guest_name or "", MAX_NAME)
    login = await house.sessions.begin(house.ids.account_id(), name, guest=True)
    return _guest(house, login)


async def service_token(call: Call[ServiceTokenRequest, Nothing]) -> Reply:
    """Give a service its token, if it knows its secret."""
    house, asked = call.house, call.body
    right = service_secret(house.root, asked.service)
    known = compare_digest(asked.secret.encode(), right.encode())
    if not known or asked.service not in SERVICES:
        raise unauthorized("that is no service's secret: see `mafia-district admin keys`")
    token = service_tokens.issue(house.tokens, asked.service)
    return reply(ServiceTokenAnswer(token, "Bearer", LIFETIME[Kind.SERVICE], SCOPES))


async def ws_ticket(call: Call[TicketRequest, Nothing]) -> Reply:
    """Make a ticket for one socket; whether the game may be entered is seen when it is used."""
    asked = call.body
    viewer = SPECTATOR if asked.seat is None else asked.seat
    ticket = call.house.tickets.issue(call.session, asked.game, viewer, call.join_code)
    return reply(TicketAnswer(ticket, LIFETIME[Kind.TICKET]))


async def logout(call: Call[Nothing, Nothing]) -> Reply:
    """End the session and close its sockets."""
    await call.house.sessions.end(call.session.id)
    return reply(Done("logged_out"))


async def services(call: Call[Nothing, Nothing]) -> Reply:
    """List the services, and how those that are elsewhere have answered of late."""
    rows = [ServiceRow(name, _instances(call.house.upstreams, name)) for name in SERVICES]
    return reply(Services(rows))


def _instances(upstreams: Upstreams, service: str) -> tuple[InstanceRow, ...]:
    instances = upstreams[service].instances if service in upstreams else ()
    return tuple(InstanceRow(each.url, each.health.value) for each in instances)


async def cache_stats(call: Call[Nothing, Nothing]) -> Reply:
    """Tell how the cache does."""
    return reply(await call.house.cache.stats())


async def cache_clear(call: Call[Nothing, Nothing]) -> Reply:
    """Forget what is cached."""
    await call.house.cache.clear()
    await call.house.people.moderation.note(call.session.caller, "clear cache", call.key)
    return reply(Done("cleared"))


async def _renewed(house: House, token: str) -> Reply:
    """Renew a session; the host's link, which may be opened many times, begins one each time."""
    if token.count(".") == 2:
        host = await house.sessions.verify(token, Kind.HOST)
        return _tokens(house, host.caller, house.tokens.new_id(), token)
    login = await house.sessions.renew(token)
    if login.session.guest:
        return _guest(house, login)
    account = await house.people.find(login.session.account)
    if account is None:
        raise unauthorized("the account was deleted")
    return _tokens(house, as_caller(account), login.session.id, login.refresh)


def _guest(house: House, login: Login) -> Reply:
    row = login.session
    return _tokens(house, Caller(row.account, row.name), row.id, login.refresh, guest=True)


def _tokens(
    house: House, caller: Caller, session: str, refresh: str, *, guest: bool = False
) -> Reply:
    access = house.tokens.issue(Kind.ACCESS, caller, session)
    user = User(caller.account, caller.name, guest, caller.role)
    return reply(TokenAnswer(access, refresh, "Bearer", LIFETIME[Kind.ACCESS], user))


ROUTES: Final = (
    Route(
        "POST", "/api/gateway/user-token", user_token,
        "Get tokens: as a guest, by a password, or anew",
        request=TokenRequest, response=TokenAnswer,
    ),
    Route(
        "POST", "/api/gateway/service-token", service_token, "Get a service's token",
        request=ServiceTokenRequest, response=ServiceTokenAnswer,
    ),
    Route(
        "POST", "/api/gateway/ws-ticket", ws_ticket, "Get a ticket for one WebSocket",
        request=TicketRequest, response=TicketAnswer,
    ),
    Route("POST", "/api/gateway/logout", logout, "End the session", response=Done),
    Route(
        "GET", "/api/gateway/services", services, "List the services",
        response=Services,
    ),
    Route(
        "GET", "/api/gateway/cache/stats", cache_stats, "Statistics of the cache",
        response=dict[str, Any],
    ),
    Route(
        "POST", "/api/gateway/cache/clear", cache_clear, "Empty the cache",
        response=Done,
    ),
    stats_route("/api/gateway/task-stats", "gateway"),
)  # fmt: skip
