"""The network client: plays a seat of a game on a server, for any `Player`."""

from mafia_district_servers.client.client import Client
from mafia_district_servers.client.guest import ServerRefused, Unreachable
from mafia_district_servers.client.stream import StreamEnded

__all__ = ["Client", "ServerRefused", "StreamEnded", "Unreachable"]
