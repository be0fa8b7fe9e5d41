"""HTTP: what a client is answered, and what nobody can get out of it."""

import asyncio
import re
from io import BytesIO
from pathlib import Path

import attrs
import pytest

from mafia_district import log, wire
from mafia_district.catalogue import BUILT_IN, RoleRow
from mafia_district.ids import SPECTATOR
from mafia_district.roles import Ability, role
from mafia_district.rules import Rules
from mafia_district_servers.identity.access import HOSTS
from mafia_district_servers.tables import ROUTES

from ..served import FIVE, Person, call, line, town
from ..virtual import in_loop

LOCKSMITH = RoleRow("locksmith", "town", "Locks up.", abilities=(Ability("protect", on_self=True),))


@in_loop
async def test_a_vote_from_the_door_to_the_tally(tmp_path: Path) -> None:
    """Given a day, when somebody votes, then they are told, and everyone can count it."""
    async with town(tmp_path) as place:
        game, (ann, bob, *_) = await place.day(*FIVE)
        got = await bob.post(f"/api/voting/{game}/vote", {"target": 0})
        assert got.status == 200
        assert [event["type"] for event in got.json["events"]] == ["voting.vote_cast"]
        spectator = await place.guest("Zoe")
        for person in (ann, bob, spectator):
            tally = (await person.get(f"/api/voting/{game}/tally")).json["tally"]
            assert tally["votes"] == [{"seat": 1, "target": 0}]
            assert tally["counts"] == [{"target": 0, "votes": 1}]
            assert tally["majority"] == 3
        history = (await ann.get(f"/api/voting/{game}/history")).json["events"]
        assert [row["event"]["seat"] for row in history] == [1]
        assert (await bob.send("DELETE", f"/api/voting/{game}/vote")).status == 200
        assert (await bob.send("DELETE", f"/api/voting/{game}/vote")).told == (
            409, "nothing_to_withdraw",
        )  # fmt: skip


@in_loop
async def test_a_repeat_answers_the_same_bytes_and_acts_once(tmp_path: Path) -> None:
    """Given a key, then its repeats get the first answer; with another body, 422 key_reused."""
    async with town(tmp_path) as place:
        game, (_, bob, *_) = await place.day(*FIVE)
        path, key = f"/api/voting/{game}/vote", {"Idempotency_Key": "once"}
        answers = await asyncio.gather(*(bob.post(path, {"target": 0}, **key) for _ in range(8)))
        await bob.post(path, {"target": 2})
        answers.append(await bob.post(path, {"target": 0}, **key))
        assert len({(got.status, got.bytes) for got in answers}) == 1
        history = (await bob.get(f"/api/voting/{game}/history")).json["events"]
        assert [row["event"]["target"] for row in history] == [0, 2]
        assert (await bob.post(path, {"target": 1}, **key)).told == (422, "key_reused")
        other = f"/api/communication/{game}/channels/town/messages"
        assert (await bob.post(other, {"text": "hi"}, **key)).told == (422, "key_reused")


@in_loop
async def test_a_lobby_opened_twice_under_one_key_is_one(tmp_path: Path) -> None:
    """Given two openings and two joinings under one key each, then there is one game, one seat."""
    async with town(tmp_path) as place:
        ann = await place.guest("Ann")
        opened = [
            await ann.post("/api/game/lobbies", {"public": False}, Idempotency_Key="a")
            for _ in range(2)
        ]
        assert opened[0].bytes == opened[1].bytes
        path = f"/api/game/{opened[0].json['game']}/join"
        joined = [
            await ann.post(path, {"code": opened[0].json["code"]}, Idempotency_Key="b")
            for _ in range(2)
        ]
        assert joined[0].bytes == joined[1].bytes
        again = await ann.post(path, {"code": opened[0].json["code"]})
        assert again.told == (409, "already_seated")


@in_loop
async def test_everybody_sees_with_their_own_eyes(tmp_path: Path) -> None:
    """Given a day, then views are the seats' own, and a spectator's shows no role."""
    async with town(tmp_path) as place:
        game, people = await place.day(*FIVE)
        warm = await place.house.authority.read(game)
        for person in people:
            got = (await person.get(f"/api/game/{game}/view")).json
            assert got["view"]["viewer"] == person.seat
            assert got["view"]["role"] == warm.game.view(person.seat).role
            assert got["cursor"] == warm.game.cursor(person.seat)
            known = [row["role"] for row in got["view"]["seats"] if row["seat"] != person.seat]
            assert not any(known) or got["view"]["faction"]
        for eyes in (people[0], await place.guest("Zoe")):
            got = (await eyes.get(f"/api/game/{game}/view?as=spectator")).json
            assert not any(row["role"] for row in got["view"]["seats"])
            assert got["cursor"] == warm.game.cursor(SPECTATOR)
        assert (await people[0].get(f"/api/game/{game}/view?as=keeper")).told == (403, "forbidden")
        zoe = await place.guest("Zoe")
        for name in ("view", "choices"):
            assert (await zoe.get(f"/api/game/{game}/{name}")).told == (403, "not_seated")


@in_loop
async def test_events_follow_a_cursor(tmp_path: Path) -> None:
    """Given a stream, then it is read from any place; another epoch or a place beyond is 409."""
    async with town(tmp_path) as place:
        game, (ann, *_) = await place.day(*FIVE)
        path = f"/api/game/{game}/events"
        whole = (await ann.get(path)).json
        assert len(whole["events"]) == whole["cursor"]
        assert not whole["more"]
        for after in range(whole["cursor"] + 1):
            got = (await ann.get(f"{path}?after={after}&epoch={whole['epoch']}")).json
            assert got["events"] == whole["events"][after:]
        for query in (f"after={whole['cursor'] + 1}", "epoch=other"):
            assert (await ann.get(f"{path}?{query}")).told == (409, "epoch_changed")
        for query in ("after=-1", "after=x", "after=1&after=2&x=1", "before=1"):
            assert (await ann.get(f"{path}?{query}")).told == (400, "bad_request")
        public = (await ann.get(f"/api/roleplay/{game}/announcements")).json
        private = [row for row in whole["events"] if row not in public["events"]]
        assert [row["event"]["type"] for row in private] == ["roster.roles_dealt"]


@in_loop
async def test_the_log_opens_with_the_end(tmp_path: Path) -> None:
    """Given a game, then its log is closed before the end, and verifies after it."""
    async with town(tmp_path) as place:
        game, (ann, bob, *_) = await place.day(*FIVE)
        assert (await ann.get(f"/api/game/{game}/log")).told == (409, "game_not_over")
        assert (await bob.post(f"/api/game/{game}/end")).told == (403, "not_host")
        assert (await ann.post(f"/api/game/{game}/end")).status == 200
        got = await bob.get(f"/api/game/{game}/log")
        assert got.headers["Content-Type"] == "application/jsonl"
        log.verify(log.read(BytesIO(got.bytes)))
        damaged = got.bytes.replace(b'"day":1', b'"day":2', 1)
        with pytest.raises(log.Damaged):
            log.verify(log.read(BytesIO(damaged)))


@in_loop
async def test_a_lobby_closes_by_its_host(tmp_path: Path) -> None:
    """Given a lobby, when its host ends it, then it is closed, and gone from the list."""
    async with town(tmp_path) as place:
        game, (ann, bob) = await place.lobby("Ann", "Bob", name="Den")
        (row,) = (await bob.get("/api/game/lobbies")).json["lobbies"]
        assert (row["game"], row["name"], row["seats"]) == (game, "Den", 2)
        assert (await ann.post(f"/api/game/{game}/end")).status == 200
        place.clock.jump(1_000)  # a list is good for a second
        assert (await ann.get("/api/game/lobbies")).json["lobbies"] == []
        assert (await ann.get(f"/api/game/{game}")).json["phase"] == "ended"


@in_loop
async def test_a_lobby_is_in_the_hosts_town_unless_it_says_otherwise(tmp_path: Path) -> None:
    """Given a host's own town, a lobby's rules show all of it; its opener cannot change it."""
    own = attrs.evolve(BUILT_IN, name="Saltmarsh")
    async with town(tmp_path, catalogue=own) as place:
        ann = await place.guest("Ann")
        game = (await ann.post("/api/game/lobbies", {})).json["game"]
        rules = wire.rules_of((await ann.get(f"/api/game/{game}")).json["rules"])
        assert rules == Rules.preset("district").replace(catalogue=own)
        for settings in ({"catalogue": "mine"}, {"name": "mine"}, {"day_ms": "long"}):
            refused = await ann.post("/api/game/lobbies", {"settings": settings})
            assert refused.told == (422, "bad_rules")


@in_loop
async def test_a_lobby_may_name_a_published_setup_and_a_house(tmp_path: Path) -> None:
    """Given a setup or a house, a lobby plays by its rules; one that nobody knows is a problem."""
    async with town(tmp_path) as place:
        ann = await place.guest("Ann")
        game = (await ann.post("/api/game/lobbies", {"setup": "white_flag"})).json["game"]
        rules = wire.rules_of((await ann.get(f"/api/game/{game}")).json["rules"])
        assert rules == Rules.published("white_flag")
        strict = {"rules": "classic", "house": "tos", "settings": {"trials_a_day": 1}}
        game = (await ann.post("/api/game/lobbies", strict)).json["game"]
        rules = wire.rules_of((await ann.get(f"/api/game/{game}")).json["rules"])
        assert rules == Rules.preset("classic").in_house("tos").replace(trials_a_day=1)
        wrongs = ({"setup": "grey_flag"}, {"house": "toss"}, {"settings": {"setup_name": "c9"}})
        for wrong in wrongs:
            assert (await ann.post("/api/game/lobbies", wrong)).told == (422, "bad_rules")


@in_loop
async def test_the_table_is_run_over_http(tmp_path: Path) -> None:
    """Given a lobby, then each command of the table has its route, the host's for the host."""
    async with town(tmp_path, bot_pace_ms=600_000) as place:
        game, (ann, bob, cat) = await place.lobby("Ann", "Bob", "Cat")
        path = f"/api/game/{game}"
        for name, body in (("bots", {"count": 2}), ("start", None), ("kick", {"seat": 2})):
            assert (await bob.post(f"{path}/{name}", body)).told == (403, "not_host")
        assert (await ann.post(f"{path}/kick", {"seat": cat.seat})).status == 200
        assert (await cat.get(f"{path}/view")).told == (403, "not_seated")
        assert (await cat.post(f"{path}/leave")).told == (403, "not_seated")
        assert (await ann.post(f"{path}/bots", {"count": 3})).status == 200
        assert (await ann.post(f"{path}/start")).told == (409, "not_ready")
        assert (await bob.post(f"{path}/ready", {"ready": True})).status == 200
        assert (await ann.post(f"{path}/start")).status == 200
        place.clock.jump(5_000)
        for name, body in (
            ("pause", None), ("resume", None), ("extend", {"seconds": 30}), ("done", {}),
        ):  # fmt: skip
            assert (await ann.post(f"{path}/{name}", body)).status == 200, name
        handed = {"type": "lobby.hand_over", "seat": bob.seat}
        assert (await ann.post(f"{path}/commands", handed)).status == 200
        assert (await ann.post(f"{path}/pause")).told == (403, "not_host")


@in_loop
async def test_no_seat_gives_the_commands_of_the_house(tmp_path: Path) -> None:
    """Given a command of the house, or one for another's seat, then it is refused."""
    async with town(tmp_path) as place:
        game, (ann, *_) = await place.lobby("Ann", "Bob")
        path = f"/api/game/{game}/commands"
        house: list[object] = [
            {"type": "lobby.open", "code": ""},
            {"type": "lobby.take_seat", "name": "Twice"},
            {"type": "clock.shift_clock", "by": 60_000},
        ]
        for command in house:
            assert (await ann.post(path, command)).told == (403, "forbidden")
        malformed: list[object] = [
            {"type": "lobby.set_ready", "ready": True, "actor": 1},
            {"type": "lobby.no_such"},
            {"type": ["lobby.leave"]},
            {"ready": True},
        ]
        for command in malformed:
            assert (await ann.post(path, command)).told == (400, "bad_request")


@in_loop
async def test_rooms_are_heard_by_those_inside(tmp_path: Path) -> None:
    """Given the town's room by day, then all hear it; a room that is not there is 404."""
    async with town(tmp_path) as place:
        game, (ann, bob, *_) = await place.day(*FIVE)
        path = f"/api/communication/{game}/channels"
        rooms = {row["channel"]: row["speak"] for row in (await ann.get(path)).json["channels"]}
        assert [name for name, speaks in rooms.items() if speaks] == ["town"]
        assert rooms.keys() >= {"lobby", "faction", "neighbors", "masons", "dead"}
        assert (await ann.post(f"{path}/town/messages", {"text": "hello"})).status == 200
        heard = (await bob.get(f"{path}/town/messages")).json["events"]
        assert [row["event"]["text"] for row in heard] == ["hello"]
        assert (await bob.get(f"{path}/lobby/messages")).json["events"] == []
        assert (await bob.get(f"{path}/attic/messages")).told == (404, "no_such_room")
        said = await ann.post(f"{path}/attic/messages", {"text": "hello"})
        assert said.told == (404, "no_such_room")


@in_loop
async def test_a_night_over_http(tmp_path: Path) -> None:
    """Given a night, then a seat is offered its own actions, chooses one and takes it back."""
    async with town(tmp_path) as place:
        roles = "3 vanilla_townie, 1 town_cop, 1 mafia_goon"
        game, people = await place.day(*FIVE, roles=roles, settings={"first_phase": "night"})
        path = f"/api/roleplay/{game}/actions"
        offered = [(await person.get(path)).json["actions"] for person in people]
        verbs = sorted(verb for actions in offered for verb in actions)
        assert len(verbs) == 2
        for person, actions in zip(people, offered, strict=True):
            for verb, targets in actions.items():
                wish = {"action": verb, "target": targets[0]}
                assert (await person.post(path, wish)).status == 200
                assert (await person.get(path)).json["chosen"] == [verb]
                assert (await person.send("DELETE", f"{path}/{verb}")).status == 200
                assert (await person.get(path)).json["chosen"] == []
        catalogue = (await place.nobody.get("/api/roleplay/roles")).json["roles"]
        by_name = {row["name"]: row for row in catalogue}
        assert {"town_cop", "mafia_goon"} <= by_name.keys()
        held = role("town_cop")
        told = (held.summary, held.description, held.variants, held.source)
        assert (
            tuple(
                by_name["town_cop"][field]
                for field in ("summary", "description", "variants", "source")
            )
            == told
        )


@in_loop
async def test_a_role_of_the_hosts_own_is_listed_dealt_and_kept(tmp_path: Path) -> None:
    """Given a host's locksmith, then it is played, also by a server that knows of none."""
    own = attrs.evolve(BUILT_IN, name="mine", roles=(LOCKSMITH,))
    async with town(tmp_path, catalogue=own) as place:
        rows = (await place.nobody.get("/api/roleplay/roles")).json["roles"]
        assert rows[-1]["title"] == "Locksmith"
        roles = "4 locksmith, 1 mafia_goon"
        game, people = await place.day(*FIVE, roles=roles, settings={"first_phase": "night"})
        path = f"/api/roleplay/{game}/actions"
        offered = [list((await person.get(path)).json["actions"]) for person in people]
        assert sorted(offered) == [["faction_kill"], *[["protect"]] * 4]
        smith = people[offered.index(["protect"])]
        assert (await smith.post(path, {"action": "protect", "target": 0})).status == 200
    async with town(tmp_path) as place:
        ann = await place.guest("Ann")
        refused = await ann.post("/api/game/lobbies", {"roles": roles})
        assert refused.told == (422, "bad_rules")
        assert "locksmith" in refused.json["detail"]
        view = (await ann.get(f"/api/game/{game}/view?as=spectator")).json["view"]
        assert view["roles"] == [["locksmith", 4], ["mafia_goon", 1]]


@in_loop
async def test_sessions_are_renewed_and_ended(tmp_path: Path) -> None:
    """Given refresh tokens, then each brings one other, however many ask, until a logout."""
    async with town(tmp_path) as place:
        path = "/api/gateway/user-token"
        first = (await place.nobody.post(path, {"guest_name": "Ann"})).json
        place.clock.jump(900_000)
        spent = {"refresh_token": first["refresh_token"]}
        copies = [place.nobody.post(path, spent) for _ in range(50)]
        again, *others = [got.json for got in await asyncio.gather(*copies)]
        place.clock.jump(10_000)
        others.append((await place.nobody.post(path, spent)).json)
        for other in (again, *others):
            assert other["user"] == first["user"]
            assert other["refresh_token"] == again["refresh_token"]
        again = others[-1]
        third = await place.nobody.post(path, {"refresh_token": again["refresh_token"]})
        assert third.json["user"] == first["user"]
        ann = Person(place, "Ann", again["access_token"])
        assert (await ann.post("/api/game/lobbies", {})).status == 201
        assert (await ann.post("/api/gateway/logout")).status == 200
        assert (await ann.post("/api/game/lobbies", {})).told == (401, "unauthorized")
        renewed = await place.nobody.post(path, {"refresh_token": third.json["refresh_token"]})
        assert renewed.told == (401, "unauthorized")
        for body in ({}, {"guest_name": "A", "refresh_token": "b"}, {"refresh_token": ann.token}):
            assert (await place.nobody.post(path, body)).status in (400, 401)


@in_loop
async def test_a_stolen_session_is_ended(tmp_path: Path) -> None:
    """Given a refresh token used again later, then its session ends, sockets and all."""
    async with town(tmp_path) as place:
        path = "/api/gateway/user-token"
        tokens = (await place.nobody.post(path, {"guest_name": "Ann"})).json
        spent = {"refresh_token": tokens["refresh_token"]}
        ann = Person(place, "Ann", tokens["access_token"])
        game = (await ann.post("/api/game/lobbies", {})).json["game"]
        bench = await line(ann, game, "spectator")
        await bench.next("snapshot")
        brought = (await place.nobody.post(path, spent)).json
        place.clock.jump(10_001)
        got = await place.nobody.post(path, spent)
        assert got.told == (401, "unauthorized")
        assert "ended" in got.json["detail"]
        assert await bench.closed() == 4001
        assert (await ann.post("/api/game/lobbies", {})).told == (401, "unauthorized")
        renewed = await place.nobody.post(path, {"refresh_token": brought["refresh_token"]})
        assert renewed.told == (401, "unauthorized")


@in_loop
async def test_guests_may_be_kept_out(tmp_path: Path) -> None:
    """Given a server without guests, then a name is not enough."""
    async with town(tmp_path, allow_guests=False) as place:
        got = await place.nobody.post("/api/gateway/user-token", {"guest_name": "Ann"})
        assert got.told == (403, "forbidden")


@in_loop
async def test_only_the_host_administers(tmp_path: Path) -> None:
    """Given the host's link, then it buys tokens that administer; a guest's does not."""
    async with town(tmp_path) as place:
        ann = await place.guest("Ann")
        link = {"refresh_token": place.house.sessions.host_link()}
        first, second = [await place.nobody.post("/api/gateway/user-token", link) for _ in range(2)]
        assert first.json["refresh_token"] == link["refresh_token"]
        host = Person(place, "Host", second.json["access_token"])
        for route in (route for route in ROUTES if route.roles is HOSTS):
            assert (await call(ann, route, "")).told == (403, "forbidden")
            assert (await call(host, route, "")).status == 200
        stats = (await host.get("/api/gateway/task-stats")).json
        assert stats["running"] == 1
        assert stats["failed"] == 0
        assert stats["completed"] > 5


@in_loop
async def test_clearing_the_cache_revives_no_session(tmp_path: Path) -> None:
    """Given a session that was ended, when the cache is cleared, then it stays ended."""
    async with town(tmp_path) as place:
        ann = await place.guest("Ann")
        await ann.post("/api/gateway/logout")
        await place.house.cache.clear()
        assert (await ann.post("/api/gateway/logout")).told == (401, "unauthorized")


@in_loop
async def test_a_request_has_a_name(tmp_path: Path) -> None:
    """Given a harmless X-Request-ID, then it is returned; any other is replaced."""
    async with town(tmp_path) as place:
        got = await place.nobody.get("/health", X_Request_ID="abc-1.2_3")
        assert got.headers["X-Request-ID"] == "abc-1.2_3"
        for odd in ("", "a b", "x" * 65, "<script>", "\u2603", 'a"b'):
            made = (await place.nobody.get("/health", X_Request_ID=odd)).headers["X-Request-ID"]
            assert re.fullmatch("[0-9a-f]{32}", made)
