"""Districts for tests of the town's services: dealt by a seed, and brought to a day.

By this seed Ann has errands at the docks and in the studio, Bob one at the town hall and one with
Cat, Cat at the school and at the bureau, Dan one that takes tools and one in the laboratory, and
Eve one that takes a lantern and one that takes a glass.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from mafia_district_servers.tables import SERVICES

from ..served import FIVE, Got, Person, Town, call, town

SEED = 4
OF_THE_TOWN = ("task", "shop", "character", "town", "rumors")
READS = [
    route
    for name in OF_THE_TOWN
    for route in SERVICES[name].routes
    if route.method == "GET" and "{game}" in route.path
]


class District:
    """A district and who lives there; Zoe looks on."""

    def __init__(self, place: Town, game: str, people: Sequence[Person], zoe: Person) -> None:
        self.place = place
        self.game = game
        self.people = people
        self.zoe = zoe

    def path(self, service: str, name: str = "") -> str:
        """Write the path of a route."""
        return f"/api/{service}/{self.game}" + (f"/{name}" if name else "")

    async def read(self, person: Person, service: str, name: str = "") -> Any:
        """Read something that there is to read."""
        got = await person.get(self.path(service, name))
        assert got.status == 200, got.bytes
        return got.json

    async def do(self, person: Person, service: str, name: str, body: object = None) -> Any:
        """Do something that is allowed; give the events that it told."""
        got = await person.post(self.path(service, name), body)
        assert got.status == 200, got.bytes
        return got.json["events"]

    async def refused(
        self, person: Person, service: str, name: str, body: object = None
    ) -> tuple[int, str]:
        """Do something that is not allowed; give status and code, for nothing has changed."""
        before = await self.told(person)
        told = (await person.post(self.path(service, name), body)).told
        assert await self.told(person) == before
        return told

    async def walk(self, place: str, *people: Person) -> None:
        """Let people walk, one after the other."""
        for person in people:
            await self.do(person, "town", "moves", {"place": place})

    async def buy(self, person: Person, item: str) -> None:
        """Let somebody walk to the Shop and buy."""
        await self.walk("shop", person)
        await self.do(person, "shop", "purchases", {"item": item})

    async def told(self, *people: Person) -> list[tuple[int, str, object]]:
        """Read all that there is of the town anew, with status and tag of every answer."""
        await self.place.forget()
        return [_seen(await call(one, route, self.game)) for one in people for route in READS]

    async def to(self, phase: str, day: int) -> None:
        """Go on to a phase: all are done with each that comes before."""
        for _ in range(8):
            view = (await self.read(self.people[0], "game", "view"))["view"]
            if (view["phase"], view["day"]) == (phase, day):
                await self.do(
                    self.people[0], "game", "done", {"done": False}
                )  # what is due is done
                return
            for person in self.people:  # the last of them ends the phase
                await person.post(self.path("game", "done"), {"done": True})
        raise AssertionError(f"{phase} {day} does not come")


def _seen(got: Got) -> tuple[int, str, object]:
    """Give all of an answer but what is another each time."""
    body: object = got.bytes
    if got.status >= 400:
        body = {name: value for name, value in got.json.items() if name != "request_id"}
    return got.status, got.headers.get("ETag", ""), body


def kinds(events: list[Any]) -> list[str]:
    """Give the types of events."""
    return [event["type"] for event in events]


@asynccontextmanager
async def district(home: Path, *names: str, **settings: object) -> AsyncIterator[District]:
    """Open a district on its first morning; the Shop opens at once, and all are rich."""
    settings = {"shop_opens_ms": 0, "first_phase": "day", "start_coins": 1_000, **settings}
    async with town(home, seed=SEED) as place:
        game, people = await place.day(*(names or FIVE), rules="district", settings=settings)
        opened = District(place, game, people, await place.guest("Zoe"))
        await opened.to("day", 1)
        yield opened
