"""The services of the town over HTTP: to each what is theirs, and of others nothing."""

from pathlib import Path
from typing import Any

import pytest

from mafia_district.catalogue import BUILT_IN
from mafia_district_servers.http.routes import Route

from ..served import FIVE, Got, Person, Town, call, town
from ..virtual import in_loop
from .districts import READS

OWN = (
    "/api/task/{game}/tasks",
    "/api/shop/{game}/purchases",
    "/api/character/{game}/inventory",
    "/api/town/{game}/moves",
    "/api/rumors/{game}",
)


async def district(place: Town, **settings: object) -> tuple[str, list[Person]]:
    """Open a district for five, whose first morning it is; the Shop opens at once."""
    settings = {"shop_opens_ms": 0, "first_phase": "day", **settings}
    game, people = await place.day(*FIVE, rules="district", settings=settings)
    view = (await people[0].get(f"/api/game/{game}/view")).json["view"]
    assert (view["phase"], view["day"]) == ("day", 1)
    return game, people


def cheapest_of(goods: list[Any]) -> Any:
    """Give what costs least of what there is."""
    return min((row for row in goods if row["stock"]), key=lambda row: row["price"])


async def read_all(person: Person, game: str) -> list[Got]:
    """Read everything that there is of a town, made anew and not kept from before."""
    await person.town.forget()
    return [await call(person, route, game) for route in READS]


@in_loop
async def test_a_day_in_town(tmp_path: Path) -> None:
    """Given a morning, one walks, buys, asks around and carries home what is one's own."""
    async with town(tmp_path) as place:
        game, (ann, bob, *_) = await district(place)
        here = (await ann.get(f"/api/town/{game}/locations")).json
        assert (here["place"], here["here"]) == ("town_square", [0, 1, 2, 3, 4])
        assert [row["id"] for row in here["locations"]] == [row.id for row in BUILT_IN.places]

        walked = await ann.post(f"/api/town/{game}/moves", {"place": "shop"})
        assert walked.status == 200, walked.json
        there = (await ann.get(f"/api/town/{game}/locations")).json
        assert (there["place"], there["here"]) == ("shop", [0])
        assert there["moves_left"] == here["moves_left"] - 1
        moves = (await ann.get(f"/api/town/{game}/moves")).json["events"]
        assert [row["event"]["place"] for row in moves] == ["shop"]
        seen = (await bob.get(f"/api/town/{game}/locations")).json
        assert seen["here"] == [1, 2, 3, 4]

        goods = (await ann.get(f"/api/shop/{game}/items")).json
        cheapest = min(
            (row for row in goods["items"] if row["stock"]), key=lambda row: row["price"]
        )
        bought = await ann.post(f"/api/shop/{game}/purchases", {"item": cheapest["item"]})
        assert bought.status == 200, bought.json
        mine = (await ann.get(f"/api/character/{game}/inventory")).json
        assert mine["bag"] == [cheapest["item"]]
        assert mine["coins"] == goods["coins"] - cheapest["price"]
        sold = (await ann.get(f"/api/shop/{game}/purchases")).json["events"]
        assert {row["event"]["item"] for row in sold} == {cheapest["item"]}
        for empty in (bob,):
            assert (await empty.get(f"/api/character/{game}/inventory")).json["bag"] == []
            assert (await empty.get(f"/api/shop/{game}/purchases")).json["events"] == []

        given = await ann.post(
            f"/api/character/{game}/inventory/{cheapest['item']}/give", {"to": bob.seat}
        )
        assert given.told == (409, "not_here")

        prices = (await ann.get(f"/api/rumors/{game}/prices")).json["prices"]
        assert [row["category"] for row in prices] == [row.category for row in BUILT_IN.trades]
        asked = await ann.post(f"/api/rumors/{game}/purchases", {"category": "whereabouts"})
        assert asked.told == (409, "not_here")
        assert (await ann.get(f"/api/rumors/{game}")).json["rumors"] == []
        told = await ann.post(f"/api/rumors/{game}/1/share", {"to": [1]})
        assert told.told == (409, "no_such_rumor")

        errands = (await ann.get(f"/api/task/{game}/tasks")).json["tasks"]
        assert [row["number"] for row in errands] == [1, 2]
        undone = next(row["number"] for row in errands if not row["done"])
        claimed = await ann.post(f"/api/task/{game}/tasks/{undone}/complete")
        assert claimed.status == 409
        assert (await ann.post(f"/api/task/{game}/tasks/x/complete")).told == (404, "not_found")
        assert (await ann.post(f"/api/rumors/{game}/-1/share", {"to": [1]})).status == 404


@in_loop
async def test_an_order_waits_for_the_shop_to_open(tmp_path: Path) -> None:
    """Given a shop that is shut, then what one asks for is an order, and may be taken back."""
    async with town(tmp_path) as place:
        game, (ann, *_) = await district(place, shop_opens_ms=60_000)
        await ann.post(f"/api/town/{game}/moves", {"place": "shop"})
        goods = (await ann.get(f"/api/shop/{game}/items")).json
        assert not goods["open"]
        item = goods["items"][0]["item"]
        assert (await ann.post(f"/api/shop/{game}/purchases", {"item": item})).status == 200
        assert (await ann.get(f"/api/shop/{game}/items")).json["order"] == item
        assert (await ann.send("DELETE", f"/api/shop/{game}/purchases")).status == 200
        assert (await ann.get(f"/api/shop/{game}/items")).json["order"] == ""
        events = (await ann.get(f"/api/shop/{game}/purchases")).json["events"]
        assert [row["event"]["type"] for row in events] == [
            "shop.order_placed",
            "shop.order_cancelled",
        ]


@in_loop
async def test_one_dresses_while_the_table_gathers(tmp_path: Path) -> None:
    """Given a lobby, then a whole look is worn for all to see; half a one is refused."""
    async with town(tmp_path) as place:
        game, (ann, bob) = await place.lobby("Ann", "Bob", rules="district")
        assets = (await place.nobody.get("/api/character/assets")).json["assets"]
        look = list({row["slot"]: row["id"] for row in assets if not row["rank"]}.values())
        path = f"/api/character/{game}/looks"
        assert (await ann.send("PUT", path, {"assets": look})).status == 200
        assert (await bob.get(path)).json["looks"] == [{"seat": 0, "assets": look}]
        assert (await bob.send("PUT", path, {"assets": look[1:]})).told == (409, "bad_look")


@in_loop
async def test_what_nobody_sees_changes_nobodys_answers(tmp_path: Path) -> None:
    """Given somebody who walks and buys where nobody is, then all others are answered as before."""
    async with town(tmp_path) as place:
        game, (ann, *others) = await district(place)
        zoe = await place.guest("Zoe")
        await ann.post(f"/api/town/{game}/moves", {"place": "shop"})
        goods = (await ann.get(f"/api/shop/{game}/items")).json["items"]
        item = cheapest_of(goods)["item"]
        assert (await ann.post(f"/api/shop/{game}/purchases", {"item": item})).status == 200
        before = {person.name: await read_all(person, game) for person in (*others, zoe)}
        mine = await read_all(ann, game)
        walked = await ann.post(f"/api/town/{game}/moves", {"place": "informator_bureau"})
        assert walked.status == 200, walked.json
        use = await ann.post(f"/api/character/{game}/inventory/{item}/use", {"target": -2})
        assert use.status in (200, 409)
        for person in (*others, zoe):
            after = await read_all(person, game)
            for was, now in zip(before[person.name], after, strict=True):
                assert (was.status, was.headers.get("ETag")) == (
                    now.status,
                    now.headers.get("ETag"),
                )
                if was.status == 200:
                    assert was.bytes == now.bytes
        assert [got.bytes for got in await read_all(ann, game)] != [got.bytes for got in mine]


@in_loop
async def test_a_spectator_has_nothing_of_their_own(tmp_path: Path) -> None:
    """Given somebody without a seat, then what is public is shown, and the rest is for seats."""
    async with town(tmp_path) as place:
        game, _ = await district(place)
        zoe = await place.guest("Zoe")
        for route in READS:
            got = await call(zoe, route, game)
            if route.path in OWN:
                assert got.told == (403, "not_seated"), route.path
            else:
                assert got.status == 200, route.path
        assert (await zoe.get(f"/api/shop/{game}/items")).json["coins"] == 0
        here = (await zoe.get(f"/api/town/{game}/locations")).json
        assert (here["place"], here["here"], here["moves_left"]) == ("", [], 0)


@in_loop
@pytest.mark.parametrize("route", READS, ids=lambda route: route.path)
async def test_a_classic_game_has_no_town(tmp_path: Path, route: Route) -> None:
    """Given a game without a town, then every question about one is refused alike."""
    async with town(tmp_path) as place:
        game, (ann, *_) = await place.day(*FIVE)
        assert (await call(ann, route, game)).told == (409, "no_town")
