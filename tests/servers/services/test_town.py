"""The town service: the map for everybody, the company of one's own place, one's own moves."""

from pathlib import Path

import pytest

from ..served import FIVE, town
from ..virtual import in_loop
from .districts import district, kinds


@in_loop
async def test_those_in_a_place_see_who_comes_and_goes(tmp_path: Path) -> None:
    """Given two in the church, then they see each other, and nobody else sees where they are."""
    async with district(tmp_path) as here:
        ann, bob, cat, *_ = here.people
        walked = await here.do(ann, "town", "moves", {"place": "church"})
        assert kinds(walked) == ["town.went_away", "town.walked", "town.came_in"]
        await here.walk("church", bob)
        for person in (ann, bob):
            seen = await here.read(person, "town", "locations")
            assert (seen["place"], seen["here"]) == ("church", [0, 1])
        assert (await here.read(cat, "town", "locations"))["here"] == [2, 3, 4]

        await here.walk("farm", ann)
        assert (await here.read(bob, "town", "locations"))["here"] == [1]
        stream = await bob.get(here.path("game", "events"))
        left = stream.json["events"][-1]["event"]
        assert left == {"type": "town.went_away", "seat": ann.seat, "place": "church"}
        assert b"farm" not in stream.bytes


@in_loop
async def test_moves_are_counted_and_come_back_at_dawn(tmp_path: Path) -> None:
    """Given two moves a day, then a third is refused until the next morning."""
    async with district(tmp_path, moves_a_day=2) as here:
        ann, *_ = here.people
        await here.walk("docks", ann)
        await here.walk("farm", ann)
        assert (await here.read(ann, "town", "locations"))["moves_left"] == 0
        third = await here.refused(ann, "town", "moves", {"place": "bank"})
        assert third == (409, "no_moves_left")
        await here.to("day", 2)
        seen = await here.read(ann, "town", "locations")
        assert (seen["place"], seen["moves_left"]) == ("town_square", 2)
        mine = (await here.read(ann, "town", "moves"))["events"]
        assert [row["event"]["place"] for row in mine] == ["docks", "farm"]


@in_loop
async def test_a_walk_that_is_sent_twice_is_taken_once(tmp_path: Path) -> None:
    """Given the same walk under the same key, then it costs one move and gives one answer."""
    async with district(tmp_path) as here:
        ann, path = here.people[0], here.path("town", "moves")
        first, again = [
            await ann.post(path, {"place": "docks"}, Idempotency_Key="one") for _ in range(2)
        ]
        assert (first.status, first.bytes) == (200, again.bytes)
        assert len((await here.read(ann, "town", "moves"))["events"]) == 1


@in_loop
async def test_where_one_cannot_walk(tmp_path: Path) -> None:
    """Given every wrong way, then each has its own code, and nothing has changed."""
    async with district(tmp_path) as here:
        ann, *_ = here.people
        for body, told in (
            ({"place": "moon"}, (409, "no_such_place")),
            ({"place": ""}, (409, "no_such_place")),
            ({"place": "town_square"}, (409, "no_such_place")),
            ({"place": "casino"}, (409, "closed")),
            ({}, (400, "bad_request")),
            ({"place": 1}, (400, "bad_request")),
            ({"place": "docks", "seat": 1}, (400, "bad_request")),
        ):
            assert await here.refused(ann, "town", "moves", body) == told, body
        await here.to("evening", 1)
        dusk = await here.read(ann, "town", "locations")
        assert (dusk["place"], dusk["here"]) == ("town_square", [0, 1, 2, 3, 4])
        told = await here.refused(ann, "town", "moves", {"place": "docks"})
        assert told == (409, "wrong_phase")
        await here.to("night", 1)
        night = await here.read(ann, "town", "locations")
        assert (night["place"], night["here"], night["moves_left"]) == ("", [], 0)


@in_loop
async def test_a_full_place_says_only_that(tmp_path: Path) -> None:
    """Given six in the laboratory, then the seventh is refused, and is not told who they are."""
    async with district(tmp_path, *FIVE, "Fay", "Gus") as here:
        *six, gus = here.people
        await here.walk("laboratory", *six)
        got = await gus.post(here.path("town", "moves"), {"place": "laboratory"})
        assert got.told == (409, "full")
        assert got.json["detail"] == "the place Laboratory is full"
        assert (await here.read(gus, "town", "locations"))["here"] == [gus.seat]


@in_loop
async def test_who_walks_out_stands_nowhere(tmp_path: Path) -> None:
    """Given Ann, who has left the game, then no place holds her, and she sees nobody."""
    async with district(tmp_path) as here:
        ann, bob, *_ = here.people
        await here.walk("docks", ann, bob)
        await here.do(ann, "game", "leave")
        assert (await here.read(bob, "town", "locations"))["here"] == [1]
        seen = await ann.get(here.path("town", "locations"))
        assert seen.status == 200
        assert (seen.json["place"], seen.json["here"], seen.json["moves_left"]) == ("", [], 0)
        walk = await ann.post(here.path("town", "moves"), {"place": "farm"})
        assert walk.told in ((409, "dead"), (403, "not_seated"))


@in_loop
async def test_steps_elsewhere_are_nobodys_business(tmp_path: Path) -> None:
    """Given Ann, who walks from one empty place to another, then all others read as before."""
    async with district(tmp_path) as here:
        ann, bob, cat, *_ = here.people
        await here.walk("docks", ann)
        await here.walk("farm", bob)
        before = await here.told(bob, cat, here.zoe)
        await here.walk("bank", ann)
        await here.walk("hospital", ann)
        assert await here.told(bob, cat, here.zoe) == before


@in_loop
async def test_places_and_moves_are_ones_own(tmp_path: Path) -> None:
    """Given two who walked, then each reads their own way, and an onlooker the bare map."""
    async with district(tmp_path) as here:
        ann, bob, *_ = here.people
        await here.walk("docks", ann)
        await here.walk("farm", bob)
        path = here.path("town", "moves")
        mine, others = await ann.get(path), await bob.get(path)
        assert b"docks" in mine.bytes
        assert b"farm" not in mine.bytes
        assert b"farm" in others.bytes
        assert b"docks" not in others.bytes
        maps = [await here.read(one, "town", "locations") for one in (ann, bob, here.zoe)]
        assert [row["place"] for row in maps] == ["docks", "farm", ""]
        assert [row["here"] for row in maps] == [[0], [1], []]
        assert maps[0]["locations"] == maps[1]["locations"] == maps[2]["locations"]
        assert (await here.zoe.get(path)).told == (403, "not_seated")
        assert (await here.zoe.post(path, {"place": "docks"})).told == (403, "not_seated")
        assert (await here.place.nobody.get(path)).told == (401, "unauthorized")


@in_loop
@pytest.mark.parametrize("place_name", ["docks", "moon"])
async def test_in_a_classic_game_nobody_walks(tmp_path: Path, place_name: str) -> None:
    """Given a game without a town, then a walk is refused as there is none."""
    async with town(tmp_path) as place:
        game, (ann, *_) = await place.day(*FIVE)
        got = await ann.post(f"/api/town/{game}/moves", {"place": place_name})
        assert got.told == (409, "no_town")
