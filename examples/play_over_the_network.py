"""A server in this process, and five players that reach it over HTTP and WebSocket.

Leave the server out and give `Client` another address to play elsewhere. The player is the same
class as in a simulation.
"""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from mafia_district.bots import make
from mafia_district.chance import Dice
from mafia_district_servers.bootstrap import running
from mafia_district_servers.client import Client
from mafia_district_servers.settings import Settings


async def evening(url: str) -> None:
    """Open a lobby, sit down, play, and tell how it ended."""
    async with AsyncExitStack() as stack:
        players = [
            await stack.enter_async_context(
                Client(url, make("random", Dice(b"%d" % place)), name=f"Player {place}")
            )
            for place in range(5)
        ]
        host = players[0]
        game, code = await host.open(name="Evening", settings={"countdown_ms": 200})
        for player in players:
            await player.join(game, code)
        for player in players[1:]:
            await player.post("ready", ready=True)
        await host.post("start")
        await asyncio.gather(*(player.play() for player in players))
        outcome = host.view.outcome
        print(f"{' and '.join(outcome.winners) if outcome else 'nobody'} won")


async def main() -> None:
    """Run a server for one evening."""
    with TemporaryDirectory() as home:
        database = f"sqlite:///{Path(home) / 'evening.db'}"
        settings = Settings.load({"database_url": database, "port": "0", "log_level": "error"}, {})
        async with running(settings) as server:
            await evening(server.url)


if __name__ == "__main__":
    asyncio.run(main())
