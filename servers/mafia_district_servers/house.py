"""The house: what every handler may use, put together once by `bootstrap`."""

import attrs

from mafia_district_servers.games.authority import Authority
from mafia_district_servers.gateway.forward import Forwarder
from mafia_district_servers.gateway.tunnel import Tunnels
from mafia_district_servers.gateway.upstreams import Upstreams
from mafia_district_servers.identity.service_tokens import Gatekeeper
from mafia_district_servers.identity.sessions import Sessions
from mafia_district_servers.identity.tickets import Tickets
from mafia_district_servers.identity.tokens import Tokens
from mafia_district_servers.live.relay import Relay
from mafia_district_servers.live.sockets import Sockets
from mafia_district_servers.live.words import Words
from mafia_district_servers.managers import Managers
from mafia_district_servers.middleware.pages import Pages
from mafia_district_servers.middleware.rate import Rates
from mafia_district_servers.people.people import People
from mafia_district_servers.ports import Cache, Clock, Counts, Ids
from mafia_district_servers.settings import Settings


@attrs.frozen
class House:
    """The parts of a running server.

    `root` is its newest root secret, empty but at the gateway; `gatekeeper` is there only in a
    process that stands behind one.
    """

    settings: Settings
    authority: Authority
    cache: Cache
    pages: Pages
    clock: Clock
    ids: Ids
    root: bytes
    tokens: Tokens
    sessions: Sessions
    tickets: Tickets
    sockets: Sockets
    people: People
    upstreams: Upstreams
    tunnels: Tunnels
    forwarder: Forwarder
    words: Words
    gatekeeper: Gatekeeper | None = None
    relay: Relay | None = None
    counts: Counts | None = None
    managers: Managers = attrs.field(
        default=attrs.Factory(lambda house: Managers.of(house.settings, house.clock), True)
    )
    rates: Rates = attrs.field(
        default=attrs.Factory(
            lambda house: Rates(house.settings, house.clock, in_front=house.gatekeeper is None),
            True,
        )
    )
