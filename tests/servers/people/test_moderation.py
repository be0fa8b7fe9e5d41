"""Moderation over HTTP: reports, mutes and bans, and the rows that they leave."""

from pathlib import Path
from typing import Any

import pytest

from ..served import FIVE, PASSWORD, Person, Town, line, town
from ..virtual import in_loop

TOKEN = "/api/gateway/user-token"
DAY = 24 * 3600 * 1000


async def say(person: Person, game: str, **headers: str) -> tuple[int, str]:
    """Say something; give the status, and the code of a refusal."""
    path = f"/api/communication/{game}/channels/town/messages"
    got = await person.post(path, {"text": "hello"}, **headers)
    return got.status, got.json.get("code", "")


async def audits(admin: Person) -> list[tuple[str, str, str]]:
    """Give who did what to whom, in order."""
    rows = (await admin.get("/api/user/audit?limit=100")).json["actions"]
    return [(row["who"], row["what"], row["whom"]) for row in reversed(rows)]


async def table(place: Town) -> tuple[str, Person, Person, Person]:
    """Give a game by day, with a member and a guest at its table, and an admin beside it."""
    ada, admin = await place.member("Ada"), await place.admin()
    people = [ada, *[await place.guest(name) for name in FIVE[1:]]]
    game, people = await place.begin(*await place.table(people))
    return game, ada, people[1], admin


@in_loop
async def test_a_ban_closes_the_socket_and_the_door(tmp_path: Path) -> None:
    """Given a ban in the middle of a game, the socket closes, and only its owner hears why."""
    async with town(tmp_path) as place:
        game, ada, _, admin = await table(place)
        socket = await line(ada, game, ada.seat)
        assert (await socket.next())["type"] == "snapshot"
        until = place.clock.now() + DAY
        ban = f"/api/user/{ada.account}/ban"
        got = await admin.post(ban, {"until": until, "reason": "rude to Bob"})
        assert got.json == {"status": "banned"}
        assert await socket.closed() == 4001
        assert (await ada.get("/api/user/me")).told == (401, "unauthorized")
        renewal = await place.nobody.post(TOKEN, {"refresh_token": ada.refresh})
        assert renewal.told == (401, "unauthorized")
        asked = {"username": "Ada", "password": PASSWORD}
        wrong = await place.nobody.post(TOKEN, {**asked, "password": "a guess at it"})
        assert wrong.told == (401, "unauthorized")
        right = await place.nobody.post(TOKEN, asked)
        assert right.told == (403, "banned")
        assert (right.json["until"], right.json["reason"]) == (until, "rude to Bob")
        (row,) = (await admin.get("/api/user")).json["users"]
        assert row["sanctions"] == [{"kind": "ban", "until": until, "reason": "rude to Bob"}]
        place.clock.jump(DAY)
        admin = await place.admin()
        await place.login("Ada")
        assert (await admin.get("/api/user")).json["users"][0]["sanctions"] == []
        assert (await admin.post(ban, {})).status == 200
        assert (await place.nobody.post(TOKEN, asked)).json["until"] is None
        assert (await admin.post(f"/api/user/{ada.account}/unban")).status == 200
        await place.login("Ada")
        bob = await place.guest("Bob")
        assert (await admin.post(f"/api/user/{bob.account}/ban", {})).status == 200
        assert (await bob.get("/api/user/me")).told == (401, "unauthorized")


@in_loop
async def test_a_ban_by_another_process_is_heard_within_a_look(tmp_path: Path) -> None:
    """Given a ban by another process on the same store, the socket closes at the next look."""
    async with town(tmp_path) as place, town(tmp_path) as other:
        ada, admin = await place.member("Ada"), await other.admin()
        game, _ = await place.table([ada, await place.guest("Bob")])
        socket = await line(ada, game, 0)
        assert (await socket.next())["type"] == "snapshot"
        await admin.post(f"/api/user/{ada.account}/ban", {})
        await place.clock.advance(1_000)
        assert await socket.closed() == 4001


@in_loop
async def test_the_muted_play_and_do_not_speak(tmp_path: Path) -> None:
    """Given a mute, then by no door is anything said, whispers too, and votes count as before."""
    async with town(tmp_path) as place:
        game, ada, _bob, admin = await table(place)
        key = {"Idempotency_Key": "before"}
        first = await say(ada, game, **key)
        assert first == (200, "")
        mute = f"/api/user/{ada.account}/mute"
        assert (await admin.post(mute, {"until": place.clock.now() + DAY})).status == 200
        assert await say(ada, game) == (403, "may_not_speak")
        assert await say(ada, game, **key) == first  # a repeat of what was said
        socket = await line(ada, game, ada.seat)
        told = await socket.order("a", {"type": "chat.say", "room": "town", "text": "hello"})
        assert (told["type"], told["code"]) == ("refused", "may_not_speak")
        whisper = {"type": "chat.whisper", "to": 1, "text": "hello"}
        got = await ada.post(f"/api/game/{game}/commands", whisper)
        assert got.told == (403, "may_not_speak")
        assert (await ada.post(f"/api/voting/{game}/vote", {"target": 1})).status == 200
        assert (await admin.post(f"/api/user/{ada.account}/unmute")).status == 200
        assert await say(ada, game) == (200, "")
        await admin.post(mute, {"until": place.clock.now() + DAY})
        assert await say(ada, game) == (403, "may_not_speak")
        assert not await place.house.people.moderation.may_speak(ada.account)
        place.clock.jump(DAY)
        assert await place.house.people.moderation.may_speak(ada.account)


@in_loop
async def test_a_mute_by_another_process_counts_within_a_look(tmp_path: Path) -> None:
    """Given a mute by another process, then it counts after the next look, and a lift too."""
    async with town(tmp_path) as place, town(tmp_path) as other:
        ada, admin = await place.member("Ada"), await other.admin()
        ours, theirs = (each.house.people.moderation for each in (place, other))
        assert await ours.may_speak(ada.account)
        await admin.post(f"/api/user/{ada.account}/mute", {})
        assert not await theirs.may_speak(ada.account)
        assert await ours.may_speak(ada.account)
        await place.clock.advance(1_000)
        await place.house.authority.last_sign()  # the look's reading comes before this one
        assert not await ours.may_speak(ada.account)
        await admin.post(f"/api/user/{ada.account}/unmute")
        place.clock.jump(6_000)  # nobody looked: so whoever asks looks
        assert await ours.may_speak(ada.account)


@in_loop
async def test_players_report_and_admins_read(tmp_path: Path) -> None:
    """Given reports of a user and of a seat, then admins read whom, and the reporter does not."""
    async with town(tmp_path) as place:
        game, ada, bob, admin = await table(place)
        reports = "/api/user/reports"
        key = {"Idempotency_Key": "once"}
        for _ in range(2):
            got = await bob.post(reports, {"user": ada.account, "reason": "rude\nvery"}, **key)
            assert (got.status, got.json) == (201, {"status": "reported"})
        seat = {"game": game, "seat": ada.seat, "reason": "cheats"}
        got = await bob.post(reports, seat)
        assert ada.account.encode() not in got.bytes
        rows = (await admin.get(reports)).json["reports"]
        assert [(row["reporter"], row["user"], row["game"], row["reason"]) for row in rows] == [
            (bob.account, ada.account, game, "cheats"),
            (bob.account, ada.account, "", "rude\nvery"),
        ]
        assert (await bob.get(reports)).told == (403, "forbidden")
        bad: list[tuple[dict[str, Any], tuple[int, str]]] = [
            ({"reason": "x"}, (400, "bad_request")),
            ({"user": ada.account, "game": game, "seat": 0, "reason": "x"}, (400, "bad_request")),
            ({"user": ada.account, "game": game, "reason": "x"}, (400, "bad_request")),
            ({"game": game, "reason": "x"}, (400, "bad_request")),
            ({"game": game, "seat": 29, "reason": "x"}, (400, "bad_request")),
            ({"game": "no", "seat": 0, "reason": "x"}, (404, "no_such_game")),
            ({"user": "user-no", "reason": "x"}, (404, "no_such_user")),
            ({"user": ada.account, "reason": "x" * 501}, (400, "bad_request")),
            ({"user": ada.account, "reason": "a\0b"}, (400, "bad_json")),
        ]
        for body, told in bad:
            assert (await bob.post(reports, body)).told == told, body
        hidden, _ = await place.lobby("Zoe", public=False)
        private = {"game": hidden, "seat": 0, "reason": "x"}
        assert (await bob.post(reports, private)).told == (404, "no_such_game")


@in_loop
async def test_every_action_of_an_admin_leaves_one_row(tmp_path: Path) -> None:
    """Given every action and a repeat of each, then one row says who, what, whom and when."""
    async with town(tmp_path) as place:
        ada, admin = await place.member("Ada"), await place.admin()
        actions = ["ban", "unban", "mute", "unmute", "reset-password"]
        for name in actions:
            path, key = f"/api/user/{ada.account}/{name}", {"Idempotency_Key": name}
            sent = {**key, "X_Request_ID": f"request-{name}"}
            answers = [await admin.post(path, **sent) for _ in range(2)]
            assert answers[0].status == 200
            assert answers[0].bytes == answers[1].bytes
        assert (await admin.post("/api/gateway/cache/clear")).status == 200
        what = ["ban", "unban", "mute", "unmute", "reset password", "clear cache"]
        assert await audits(admin) == [
            ("host", each, ada.account if each != "clear cache" else "") for each in what
        ]
        rows = (await admin.get("/api/user/audit")).json["actions"]
        assert {row["at"] for row in rows} == {place.clock.now()}
        assert [row["request_id"] for row in rows[1:]] == [
            f"request-{name}" for name in reversed(actions)
        ]
        reused = await admin.post(
            f"/api/user/{ada.account}/mute", {"reason": "x"}, Idempotency_Key="mute"
        )
        assert reused.told == (422, "key_reused")
        assert len(await audits(admin)) == len(what)


@pytest.mark.parametrize("action", ["ban", "unban", "mute", "unmute", "reset-password"])
@in_loop
async def test_only_admins_act_and_not_on_themselves(tmp_path: Path, action: str) -> None:
    """Given a player, a wrong term, nobody or oneself, then nothing is done or written down."""
    async with town(tmp_path) as place:
        ada, admin = await place.member("Ada"), await place.admin()
        path = f"/api/user/{ada.account}/{action}"
        assert (await ada.post(path)).told == (403, "forbidden")
        assert (await place.nobody.post(path)).told == (401, "unauthorized")
        assert (await admin.post(f"/api/user/user-zoe/{action}")).told == (404, "no_such_user")
        if action in ("ban", "mute"):
            past = {"until": place.clock.now()}
            assert (await admin.post(path, past)).told == (400, "bad_request")
            own = await admin.post(f"/api/user/{admin.account}/{action}")
            assert own.told == (403, "forbidden")
        assert await audits(admin) == []
