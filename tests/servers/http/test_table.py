"""Comings and goings at a table: substitutes, the keeper's desk, and the next game."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from mafia_district.ids import KEEPER
from mafia_district_servers.games.authority import Caller
from mafia_district_servers.identity.tokens import Kind

from ..served import FIVE, Got, Person, Town, line, town
from ..virtual import in_loop


async def host_of(place: Town) -> Person:
    """Give somebody who administers the server."""
    link = {"refresh_token": place.house.sessions.host_link()}
    got = (await place.nobody.post("/api/gateway/user-token", link)).json
    return Person(place, "Host", got["access_token"], got["user"]["id"])


async def offered(place: Town, **lobby: object) -> tuple[str, list[Person]]:
    """Play on to a day on which Eve has left and her seat is offered."""
    game, people = await place.day(*FIVE, **lobby)
    assert (await people[4].post(f"/api/game/{game}/leave")).status == 200
    got = await people[0].post(f"/api/game/{game}/substitute", {"seat": 4})
    assert got.status == 200, got.bytes
    assert [event["type"] for event in got.json["events"]] == ["substitution.seat_offered"]
    return game, people


def row(got: Got, seat: int) -> Any:
    """Give a seat's row of a view."""
    return got.json["view"]["seats"][seat]


@in_loop
async def test_somebody_takes_the_seat_of_a_leaver(tmp_path: Path) -> None:
    """Given an offer, another account has the seat's role, name and moves, and the leaver none."""
    async with town(tmp_path) as place:
        game, people = await offered(place)
        zoe, eve = await place.guest("Zoe"), people[4]
        role = (await eve.get(f"/api/game/{game}/view")).json["view"]["role"]
        assert row(await zoe.get(f"/api/game/{game}/view?as=spectator"), 4)["offered"]
        path = f"/api/game/{game}/substitute"
        taken = await zoe.post(path, {"seat": 4}, Idempotency_Key="sit")
        assert taken.status == 200, taken.bytes
        assert taken.json["events"][0] == {
            "type": "roster.seat_passed", "seat": 4, "name": "Zoe", "bot": False, "left": True,
        }  # fmt: skip
        again = await zoe.post(path, {"seat": 4}, Idempotency_Key="sit")
        assert again.bytes == taken.bytes
        view = await zoe.get(f"/api/game/{game}/view")
        assert (view.json["view"]["role"], view.json["view"]["viewer"]) == (role, 4)
        assert (view.json["epoch"], view.json["cursor"]) == (
            taken.json["epoch"], taken.json["cursor"],
        )  # fmt: skip
        assert (row(view, 4)["name"], row(view, 4)["gone"]) == ("Zoe", False)
        assert (await zoe.post(f"/api/voting/{game}/vote", {"target": 1})).status == 200
        assert (await eve.get(f"/api/game/{game}/view")).told == (403, "not_seated")
        assert (await eve.post(f"/api/voting/{game}/vote", {"target": 1})).told == (
            403, "not_seated",
        )  # fmt: skip


@in_loop
async def test_who_may_be_a_substitute(tmp_path: Path) -> None:
    """Given offers, who ever sat in the game is refused, and only the host offers."""
    async with town(tmp_path) as place:
        game, people = await place.lobby(*FIVE)
        left = await place.guest("Lee")
        path = f"/api/game/{game}"
        await left.post(f"{path}/join", {})
        await left.post(f"{path}/leave")
        for person in people[1:]:
            await person.post(f"{path}/ready")
        await people[0].post(f"{path}/start")
        place.clock.jump(5_000)
        zoe = await place.guest("Zoe")
        assert (await zoe.post(f"{path}/substitute", {"seat": 4})).told == (422, "bad_target")
        assert (await people[0].post(f"{path}/substitute", {"seat": 4})).told == (422, "bad_target")
        await people[4].post(f"{path}/leave")
        await people[3].post(f"{path}/leave")
        assert (await people[1].post(f"{path}/substitute", {"seat": 4})).told == (403, "not_host")
        for seat in (3, 4):
            assert (await people[0].post(f"{path}/substitute", {"seat": seat})).status == 200
        assert (await left.post(f"{path}/substitute", {"seat": 4})).told == (403, "forbidden")
        bot = {"seat": 4, "bot": True}
        assert (await zoe.post(f"{path}/substitute", bot)).told == (403, "not_seated")
        assert (await zoe.post(f"{path}/substitute", {"seat": 4, "name": "Zed"})).status == 200
        assert (await people[4].post(f"{path}/substitute", {"seat": 3})).told == (403, "forbidden")
        taking = {"type": "substitution.take_over", "seat": 3, "name": "Me"}
        assert (await zoe.post(f"{path}/commands", taking)).told == (403, "forbidden")


@in_loop
async def test_two_who_want_one_seat(tmp_path: Path) -> None:
    """Given two who take a seat at once, one has it and the other is told that it is gone."""
    async with town(tmp_path) as place:
        game, _ = await offered(place)
        path = f"/api/game/{game}/substitute"
        both = [await place.guest(name) for name in ("Zoe", "Yan")]
        got = await asyncio.gather(*(person.post(path, {"seat": 4}) for person in both))
        assert sorted(answer.status for answer in got) == [200, 422]


@in_loop
async def test_a_private_game_is_open_to_substitutes_by_its_code(tmp_path: Path) -> None:
    """Given a private game, its code lets a substitute in, and from then on the seat does."""
    async with town(tmp_path) as place:
        game, (ann, *_) = await offered(place, public=False)
        code = (await ann.get(f"/api/game/{game}/view")).json["view"]["code"]
        zoe = await place.guest("Zoe")
        path = f"/api/game/{game}/substitute"
        assert (await zoe.post(path, {"seat": 4})).told == (404, "no_such_game")
        assert (await zoe.post(path, {"seat": 4, "code": code})).status == 200
        view = await zoe.get(f"/api/game/{game}/view")
        assert view.json["view"]["code"] == code


@in_loop
async def test_the_sockets_of_who_held_the_seat_are_cut(tmp_path: Path) -> None:
    """Given sockets, the old holder's ends with 4003; the new one resumes into a snapshot."""
    async with town(tmp_path) as place:
        game, people = await offered(place)
        eve, zoe = people[4], await place.guest("Zoe")
        old, others = await line(eve, game, 4), await line(people[1], game, 1)
        first, seen = await old.next("snapshot"), await others.next("snapshot")
        assert first["epoch"] == seen["epoch"]
        taken = await zoe.post(f"/api/game/{game}/substitute", {"seat": 4})
        assert await old.closed() == 4003
        assert (await (await line(eve, game, 4)).first()) == 4003
        mine = await line(zoe, game, 4)
        snapshot = await mine.next("snapshot")
        assert snapshot["epoch"] == taken.json["epoch"] != first["epoch"]
        await mine.send({"type": "resume", "epoch": first["epoch"], "cursor": first["cursor"]})
        assert (await mine.next("snapshot", "at"))["type"] == "snapshot"
        await mine.send({"type": "resume", "epoch": snapshot["epoch"], "cursor": 0})
        assert (await mine.next("snapshot", "at"))["type"] == "at"
        await others.send({"type": "resume", "epoch": seen["epoch"], "cursor": seen["cursor"]})
        assert (await others.next("snapshot", "at"))["type"] == "at"
        assert (await others.next("event"))["event"]["type"] == "roster.seat_passed"
        path = f"/api/game/{game}/events"
        stale = await zoe.get(f"{path}?after=0&epoch={first['epoch']}")
        assert stale.told == (409, "epoch_changed")
        whole = (await zoe.get(f"{path}?after=0&epoch={snapshot['epoch']}")).json
        assert len(whole["events"]) == whole["cursor"]


@in_loop
async def test_a_socket_that_is_open_goes_on_in_its_new_epoch(tmp_path: Path) -> None:
    """Given a substitute's socket from the first event on, `at` frames agree with its snapshot."""
    async with town(tmp_path) as place:
        game, _ = await offered(place)
        zoe = await place.guest("Zoe")
        await zoe.post(f"/api/game/{game}/substitute", {"seat": 4})
        mine = await line(zoe, game, 4)
        snapshot = await mine.next("snapshot")
        await place.clock.advance(20_000)
        at = await mine.next("at")
        assert (at["epoch"], at["cursor"]) == (snapshot["epoch"], snapshot["cursor"])


@in_loop
async def test_a_bot_takes_a_seat_and_plays_it(tmp_path: Path) -> None:
    """Given a host who seats a bot, the leaver has no seat and the bot is done like any other."""
    async with town(tmp_path) as place:
        game, people = await place.day(*FIVE)
        eve, watching = await line(people[4], game, 4), await line(people[0], game, 0)
        assert not (await watching.next("snapshot"))["view"]["seats"][4]["bot"]
        await people[4].post(f"/api/game/{game}/leave")
        got = await people[0].post(f"/api/game/{game}/substitute", {"seat": 4, "bot": True})
        assert [event["bot"] for event in got.json["events"]] == [True]
        assert await eve.closed() == 4003
        done = {"type": "phases.done_set", "seat": 4, "done": True}
        while (await watching.next("event"))["event"] != done:
            pass
        assert row(await people[0].get(f"/api/game/{game}/view"), 4)["bot"]


@in_loop
async def test_a_substitute_keeps_the_seat_over_a_restart(tmp_path: Path) -> None:
    """Given a restart, the substitute has the seat and the epoch, and the answer to a repeat."""
    async with town(tmp_path) as place:
        game, people = await offered(place)
        zoe, eve = await place.guest("Zoe"), people[4]
        path = f"/api/game/{game}/substitute"
        taken = await zoe.post(path, {"seat": 4}, Idempotency_Key="sit")
    async with town(tmp_path) as place:
        token = place.house.tokens.issue(Kind.ACCESS, Caller(zoe.account, "Zoe"), "session")
        zoe = Person(place, "Zoe", token)
        again = await zoe.post(path, {"seat": 4}, Idempotency_Key="sit")
        assert again.bytes == taken.bytes
        assert (await zoe.get(f"/api/game/{game}/view")).json["epoch"] == taken.json["epoch"]
        token = place.house.tokens.issue(Kind.ACCESS, Caller(eve.account, "Eve"), "session")
        eve = Person(place, "Eve", token)
        assert (await eve.post(path, {"seat": 4})).told == (403, "forbidden")


async def kept(place: Town) -> tuple[str, Person, list[Person]]:
    """Play on to a day that is kept by who opened the lobby."""
    zoe = await place.guest("Zoe")
    game = (await zoe.post("/api/game/lobbies", {"rules": "classic"})).json["game"]
    people = [await place.guest(name) for name in FIVE]
    for person in people:
        await person.post(f"/api/game/{game}/join", {})
    opened = await zoe.post(f"/api/game/{game}/keeper")
    assert opened.status == 200, opened.bytes
    for person in people[1:]:
        await person.post(f"/api/game/{game}/ready")
    await people[0].post(f"/api/game/{game}/start")
    place.clock.jump(5_000)
    await people[0].post(f"/api/game/{game}/done", {"done": False})
    return game, zoe, people


@in_loop
async def test_the_keeper_sees_everything_and_all_know_of_it(tmp_path: Path) -> None:
    """Given an open desk, its keeper sees all roles; all see the sign, and at the end the looks."""
    async with town(tmp_path) as place:
        game, zoe, people = await kept(place)
        path = f"/api/game/{game}"
        before = (await people[1].get(f"{path}/view")).json
        assert before["view"]["keepers"] == 1
        view = (await zoe.get(f"{path}/view?as=keeper")).json
        assert all(seat["role"] for seat in view["view"]["seats"])
        assert view["view"]["viewer"] == KEEPER
        place.clock.jump(1_000)
        tail = (await zoe.get(f"{path}/events?as=keeper&after={view['cursor']}")).json
        assert [happened["event"]["type"] for happened in tail["events"]] == ["keeper.looked_in"]
        assert (tail["cursor"], tail["epoch"]) == (view["cursor"] + 1, view["epoch"])
        assert view["epoch"] != before["epoch"]
        wrong = await zoe.get(f"{path}/events?as=keeper&epoch={before['epoch']}")
        assert wrong.told == (409, "epoch_changed")
        assert (await people[1].get(f"{path}/view")).json == before
        await people[0].post(f"{path}/end")
        looks = (await people[1].get(f"{path}/view")).json["view"]["looks"]
        assert [look["what"] for look in looks] == ["view", "events", "events"]
        assert looks[1]["at"] - looks[0]["at"] == 1_000
        assert (await zoe.get(f"{path}/view?as=keeper")).status == 200
        assert (await people[1].get(f"{path}/view")).json["view"]["looks"] == looks


@in_loop
async def test_the_keeper_takes_no_seat(tmp_path: Path) -> None:
    """Given an open desk, its keeper neither joins nor substitutes, and has no other eyes."""
    async with town(tmp_path) as place:
        zoe = await place.guest("Zoe")
        game = (await zoe.post("/api/game/lobbies", {"rules": "classic"})).json["game"]
        path = f"/api/game/{game}"
        opened = [await zoe.post(f"{path}/keeper") for _ in range(2)]
        assert opened[0].bytes == opened[1].bytes
        assert (await zoe.post(f"{path}/join", {})).told == (403, "forbidden")
        assert (await zoe.post(f"{path}/substitute", {"seat": 0})).told == (403, "forbidden")
        assert (await zoe.get(f"{path}/view")).told == (403, "not_seated")
        looking = {"type": "keeper.look_in", "what": "view"}
        assert (await zoe.post(f"{path}/commands", looking)).told == (403, "forbidden")


@in_loop
async def test_who_may_open_the_desk(tmp_path: Path) -> None:
    """Given a game, its opener and an admin may, unless they sit there or ever did."""
    async with town(tmp_path) as place:
        game, (ann, bob, *_) = await place.day(*FIVE)
        path, zoe = f"/api/game/{game}", await place.guest("Zoe")
        for person in (ann, bob, zoe):
            assert (await person.post(f"{path}/keeper")).told == (403, "forbidden")
            assert (await person.get(f"{path}/view?as=keeper")).told == (403, "forbidden")
            assert (await person.get(f"{path}/events?as=keeper")).told == (403, "forbidden")
        admin = await host_of(place)
        assert (await admin.get(f"{path}/view?as=keeper")).told == (403, "forbidden")
        assert (await admin.post(f"{path}/keeper")).status == 200
        assert (await admin.get(f"{path}/view?as=keeper")).status == 200
        assert (await bob.get(f"{path}/view")).json["view"]["keepers"] == 1
        assert (await bob.get(f"{path}/view?as=god")).told == (403, "forbidden")
        assert (await bob.get(f"{path}/events?as=god")).told == (403, "forbidden")
        await ann.post(f"{path}/end")
        assert (await zoe.post(f"{path}/keeper")).told == (403, "forbidden")


@in_loop
async def test_who_got_up_in_the_lobby_keeps_no_game(tmp_path: Path) -> None:
    """Given an opener who sat down and got up again, they do not keep that game."""
    async with town(tmp_path) as place:
        game, (ann, _) = await place.lobby("Ann", "Bob")
        await ann.post(f"/api/game/{game}/leave")
        assert (await ann.post(f"/api/game/{game}/keeper")).told == (403, "forbidden")


@in_loop
async def test_a_desk_is_open_after_a_restart(tmp_path: Path) -> None:
    """Given a restart, the keeper is known, keeps their answer, and still takes no seat."""
    async with town(tmp_path) as place:
        zoe = await place.guest("Zoe")
        asked = {"rules": "classic", "public": False}
        opened = (await zoe.post("/api/game/lobbies", asked)).json
        game, code = opened["game"], opened["code"]
        path = f"/api/game/{game}"
        first = await zoe.post(f"{path}/keeper", X_Join_Code=code)
        assert first.status == 200
    async with town(tmp_path) as place:
        token = place.house.tokens.issue(Kind.ACCESS, Caller(zoe.account, "Zoe"), "session")
        zoe = Person(place, "Zoe", token)
        assert (await zoe.post(f"{path}/keeper")).bytes == first.bytes
        assert (await zoe.get(f"{path}/view?as=keeper")).status == 200
        assert (await zoe.post(f"{path}/join", {"code": code})).told == (403, "forbidden")


@pytest.mark.parametrize("public", [True, False])
@in_loop
async def test_all_who_want_to_play_again_meet_in_one_lobby(tmp_path: Path, public: bool) -> None:
    """Given a game that is over, its people all get the same new game and its code, others none."""
    async with town(tmp_path) as place:
        lobby = {"name": "Revenge", "settings": {"extensions": 2}, "public": public}
        game, people = await place.day(*FIVE, **lobby)
        path, zoe = f"/api/game/{game}/rematch", await place.guest("Zoe")
        assert (await people[0].post(path)).told == (409, "game_not_over")
        await people[0].post(f"/api/game/{game}/end")
        first = await asyncio.gather(*(person.post(path) for person in people))
        again = await people[2].post(path)
        assert {(got.status, got.bytes) for got in (*first, again)} == {(201, again.bytes)}
        told = await zoe.post(path)
        assert told.told == ((403, "not_seated") if public else (404, "no_such_game"))
        new, code = again.json["game"], again.json["code"]
        assert (new != game, bool(code)) == (True, not public)
        joined = await people[3].post(f"/api/game/{new}/join", {"code": code})
        assert joined.json["seat"] == 0
        old, info = [(await people[3].get(f"/api/game/{one}")).json for one in (game, new)]
        same = ("name", "public", "rules")
        assert [old[part] for part in same] == [info[part] for part in same]
        assert (await people[0].post(f"/api/game/{new}/keeper", X_Join_Code=code)).told == (
            403, "forbidden",
        )  # fmt: skip


@in_loop
async def test_a_rematch_is_for_those_who_hold_a_seat_at_the_end(tmp_path: Path) -> None:
    """Given a substitute, they are asked to play again, and who left is not."""
    async with town(tmp_path) as place:
        game, people = await offered(place)
        zoe = await place.guest("Zoe")
        await zoe.post(f"/api/game/{game}/substitute", {"seat": 4})
        await people[0].post(f"/api/game/{game}/end")
        assert (await zoe.post(f"/api/game/{game}/rematch")).status == 201
        assert (await people[4].post(f"/api/game/{game}/rematch")).told == (403, "not_seated")
