"""Accounts over HTTP: registering, logging in, changing, and leaving no trace."""

import asyncio
import logging
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from mafia_district import log
from mafia_district_servers import bootstrap
from mafia_district_servers.caller import Caller, Role
from mafia_district_servers.games.desk import Key
from mafia_district_servers.people.passwords import Passwords

from ..served import CHEAP, FIVE, PASSWORD, Got, Person, line, town
from ..virtual import in_loop

TOKEN = "/api/gateway/user-token"
REGISTER = "/api/user/register"
OTHER = "another horse battery"


def asking(name: str, **more: object) -> dict[str, object]:
    """Give the body of a registration, or of a login."""
    return {"username": name, "password": PASSWORD, **more}


async def log_in(person: Person, name: str, password: str = PASSWORD, **more: object) -> Got:
    """Try to log in."""
    return await person.post(TOKEN, {"username": name, "password": password, **more})


async def appoint(place: Any, name: str, role: Role) -> None:
    """Give somebody a role, as the command line does."""
    people = place.house.people
    account = await people.named(name)
    key = Key(f"{name}-{role.value}", b"")
    await people.moderation.appoint(Caller("console", "Console", Role.ADMIN), account, role, key)


@in_loop
async def test_who_registers_can_log_in_and_play(tmp_path: Path) -> None:
    """Given a registration, then its name and password make a session, which plays and renews."""
    async with town(tmp_path) as place:
        got = await place.nobody.post(REGISTER, asking("Ada", email="Ada@x.org"))
        assert got.status == 201
        assert got.json == {
            "id": got.json["id"], "name": "Ada", "display": "Ada", "guest": False,
            "role": "player", "email": "Ada@x.org", "created_at": place.clock.now(),
            "password_due": False,
        }  # fmt: skip
        token = (await log_in(place.nobody, "  ADA ")).json
        assert token["user"] == {
            "id": got.json["id"], "name": "Ada", "guest": False, "role": "player",
        }  # fmt: skip
        ada = Person(place, "Ada", token["access_token"], got.json["id"])
        assert (await ada.get("/api/user/me")).json == got.json
        renewed = await ada.post(TOKEN, {"refresh_token": token["refresh_token"]})
        assert renewed.json["user"] == token["user"]
        game, (ada, _) = await place.table([ada, await place.guest("Bob")])
        assert (await ada.get(f"/api/game/{game}")).json["seat"] == 0
        names = [seat["name"] for seat in (await ada.get(f"/api/game/{game}")).json["seats"]]
        assert names == ["Ada", "Bob"]


@in_loop
async def test_a_wrong_name_is_told_what_a_wrong_password_is(tmp_path: Path) -> None:
    """Given a wrong name and a wrong password, then both get one answer for one hash."""
    async with town(tmp_path) as place:
        await place.member("Ada")
        hashing, runs = place.house.people.passwords, []
        verify = hashing.verify

        async def counting(known: str | None, password: str) -> Any:
            runs.append(known)
            return await verify(known, password)

        hashing.verify = counting  # type: ignore[method-assign]
        answers = [
            await log_in(place.nobody, name, password)
            for name, password in (("Ada", OTHER), ("Zoe", PASSWORD), ("Ada", "x" * 500))
        ]
        assert {(got.status, got.json["code"], got.json["detail"]) for got in answers} == {
            (401, "unauthorized", "the name or the password is wrong")
        }
        assert [known is None for known in runs] == [False, True, False]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"username": "Ada"},
        {"password": PASSWORD},
        asking("Ada", guest_name="Ada"),
        {"guest_name": "Ada", "username": "Ada"},
        {"refresh_token": "x", "password": PASSWORD},
        asking("Ada", refresh_token="x"),
        {"guest_name": "Ada", "refresh_token": "x"},
        {"username": 5, "password": PASSWORD},
        asking("Ada", device="short"),
    ],
)
@in_loop
async def test_one_way_in_at_a_time(tmp_path: Path, body: dict[str, object]) -> None:
    """Given none of the three ways, or more than one, then the request is bad."""
    async with town(tmp_path) as place:
        assert (await place.nobody.post(TOKEN, body)).status == 400


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (asking("ada"), (409, "taken")),
        (asking("\uff21\uff24\uff21"), (409, "taken")),
        (asking(" a  d a "), (409, "taken")),
        (asking("Bob", email="ADA@x.ORG"), (409, "taken")),
        (asking("Bob", email="ada"), (400, "bad_request")),
        (asking("Bob", email="a b@x.org"), (400, "bad_request")),
        (asking(""), (400, "bad_request")),
        (asking("x" * 33), (400, "bad_request")),
        (asking("a\u200bda"), (400, "bad_request")),
        ({"username": "Bob", "password": "short"}, (422, "bad_password")),
        ({"username": "Bob", "password": "Password1"}, (422, "bad_password")),
        ({"username": "Bob the Great", "password": "bob the great"}, (422, "bad_password")),
    ],
)
@in_loop
async def test_what_cannot_be_registered(
    tmp_path: Path, body: dict[str, object], told: tuple[int, str]
) -> None:
    """Given a name or an e-mail that is another's in any spelling, or none at all, then not."""
    async with town(tmp_path) as place:
        await place.member("Ada", email="ada@x.org")
        await place.member("A d a")
        assert (await place.nobody.post(REGISTER, body)).told == told
        assert (await log_in(place.nobody, "Bob")).status == 401


@in_loop
async def test_of_many_who_want_a_name_one_gets_it(tmp_path: Path) -> None:
    """Given ten registrations of a name at once, one is made; a repeat of that gets its answer."""
    async with town(tmp_path) as place:
        tries = [
            place.nobody.post(REGISTER, asking(name), Idempotency_Key=f"k{n}")
            for n, name in enumerate(("Ada", "ADA") * 5)
        ]
        answers = await asyncio.gather(*tries)
        assert sorted(got.status for got in answers) == [201] + [409] * 9
        ((key, made),) = [(n, got) for n, got in enumerate(answers) if got.status == 201]
        again = await place.nobody.post(
            REGISTER, asking(made.json["name"]), Idempotency_Key=f"k{key}"
        )
        assert (again.status, again.bytes) == (201, made.bytes)
        other = {"username": "Ada", "password": OTHER}
        got = await place.nobody.post(REGISTER, other, Idempotency_Key=f"k{key}")
        assert got.told == (422, "key_reused")


@in_loop
async def test_registration_and_devices_have_their_switches(tmp_path: Path) -> None:
    """Given the switches, then nobody registers, or one for each device; guests come and go."""
    async with town(tmp_path / "..", allow_registration=False) as place:
        assert (await place.nobody.post(REGISTER, asking("Ada"))).told == (403, "forbidden")
        await place.guest("Ada")
    async with town(tmp_path, one_account_per_device=True) as place:
        assert (await place.nobody.post(REGISTER, asking("Ada"))).told == (400, "bad_request")
        await place.member("Ada", device="my device")
        other = asking("Bob", device="my device")
        assert (await place.nobody.post(REGISTER, other)).told == (409, "known_device")
        await place.member("Bob", device="another device")
        assert (await log_in(place.nobody, "Bob", device="a third device")).status == 200
        for device in ("my device", "a third device"):
            got = await place.nobody.post(REGISTER, asking("Cat", device=device))
            assert got.told == (409, "known_device")
        place.clock.jump(91 * 24 * 3600 * 1000)
        await place.member("Cat", device="my device")
        await place.guest("Dan")
    async with town(tmp_path) as place:
        await place.member("Dan", device="another device")


@in_loop
async def test_a_new_password_ends_all_other_sessions(tmp_path: Path) -> None:
    """Given two sessions, when one changes the password, then the other ends, its socket too."""
    async with town(tmp_path) as place:
        ada, elsewhere = await place.member("Ada"), await place.login("Ada")
        game, _ = await place.table([ada, await place.guest("Bob")])
        socket = await line(elsewhere, game, 0)
        assert (await socket.next())["type"] == "snapshot"
        path = "/api/user/me/password"
        wrong = {"old": OTHER, "new": OTHER + "!"}
        assert (await ada.post(path, wrong)).told == (403, "wrong_password")
        weak = {"old": PASSWORD, "new": "password1"}
        assert (await ada.post(path, weak)).told == (422, "bad_password")
        for _ in range(2):  # the second finds it done
            assert (await ada.post(path, {"old": PASSWORD, "new": OTHER})).status == 200
        assert await socket.closed() == 4001
        assert (await ada.get("/api/user/me")).status == 200
        assert (await elsewhere.get("/api/user/me")).told == (401, "unauthorized")
        got = await place.nobody.post(TOKEN, {"refresh_token": elsewhere.refresh})
        assert got.told == (401, "unauthorized")
        assert (await log_in(place.nobody, "Ada")).status == 401
        await place.login("Ada", OTHER)


@in_loop
async def test_a_login_on_its_way_does_not_outlive_what_ends_all(tmp_path: Path) -> None:
    """Given a ban, a new password and a deletion in the middle of a login, then it is refused."""
    async with town(tmp_path) as place:
        people, sessions = place.house.people, place.house.sessions
        admin = await place.admin()
        begin = sessions.begin

        async def interrupted(act: Any) -> Got:
            async def later(*args: Any, **more: Any) -> Any:
                sessions.begin = begin  # type: ignore[method-assign]
                await act()
                return await begin(*args, **more)

            sessions.begin = later  # type: ignore[method-assign]
            return await log_in(place.nobody, "Ada")

        ada = await place.member("Ada")
        old = await people.find(ada.account)
        assert old is not None
        ban = f"/api/user/{ada.account}/ban"
        assert (await interrupted(lambda: admin.post(ban, {}))).told == (403, "banned")
        await admin.post(f"/api/user/{ada.account}/unban")
        reset = f"/api/user/{ada.account}/reset-password"
        assert (await interrupted(lambda: admin.post(reset))).told == (401, "unauthorized")


@in_loop
async def test_a_password_for_one_login(tmp_path: Path) -> None:
    """Given a password of an admin's, then it logs in once, and changes to one's own."""
    async with town(tmp_path) as place:
        ada, admin = await place.member("Ada"), await place.admin()
        path = f"/api/user/{ada.account}/reset-password"
        key = {"Idempotency_Key": "reset"}
        given = await admin.post(path, **key)
        assert given.status == 200
        assert (await admin.post(path, **key)).bytes == given.bytes
        once = given.json["password"]
        assert (await ada.get("/api/user/me")).told == (401, "unauthorized")
        assert (await log_in(place.nobody, "Ada")).status == 401
        tries = await asyncio.gather(*(log_in(place.nobody, "Ada", once) for _ in range(4)))
        assert sorted(got.status for got in tries) == [200, 401, 401, 401]
        (token,) = [got.json["access_token"] for got in tries if got.status == 200]
        ada = Person(place, "Ada", token, ada.account)
        assert (await ada.get("/api/user/me")).json["password_due"]
        changed = await ada.post("/api/user/me/password", {"old": once, "new": OTHER})
        assert changed.status == 200
        assert not (await ada.get("/api/user/me")).json["password_due"]
        await place.login("Ada", OTHER)
        assert (await admin.post("/api/user/user-zoe/reset-password")).told == (
            404, "no_such_user",
        )  # fmt: skip


@in_loop
async def test_names_and_mail_are_changed_by_their_owner(tmp_path: Path) -> None:
    """Given a change, then it is seen at once, and in the token from its renewal on."""
    async with town(tmp_path) as place:
        ada = await place.member("Ada")
        await place.member("Bob", email="bob@x.org")
        changed = await ada.send("PATCH", "/api/user/me", {"display": "Countess"})
        assert (changed.status, changed.json["display"]) == (200, "Countess")
        mail = await ada.send("PATCH", "/api/user/me", {"email": "ada@x.org"})
        assert (mail.json["email"], mail.json["display"]) == ("ada@x.org", "Countess")
        taken = await ada.send("PATCH", "/api/user/me", {"email": "BOB@x.org"})
        assert taken.told == (409, "taken")
        none = await ada.send("PATCH", "/api/user/me", {"email": ""})
        assert none.json["email"] is None
        bad = await ada.send("PATCH", "/api/user/me", {"display": "a\nb"})
        assert bad.told == (400, "bad_request")
        assert (await ada.send("PATCH", "/api/user/me", {"role": "admin"})).status == 400
        renewed = await place.nobody.post(TOKEN, {"refresh_token": ada.refresh})
        assert renewed.json["user"]["name"] == "Countess"
        guest = await place.guest("Gus")
        assert (await guest.send("PATCH", "/api/user/me", {})).told == (403, "not_registered")
        me = (await guest.get("/api/user/me")).json
        assert (me["guest"], me["display"], me["created_at"]) == (True, "Gus", None)


@in_loop
async def test_a_role_is_that_of_the_last_renewal(tmp_path: Path) -> None:
    """Given a promotion, then the next renewal has it; a demotion ends what had more."""
    async with town(tmp_path) as place:
        ada = await place.member("Ada")
        await appoint(place, "Ada", Role.ADMIN)
        assert (await ada.get("/api/user")).told == (403, "forbidden")
        renewed = await place.nobody.post(TOKEN, {"refresh_token": ada.refresh})
        assert renewed.json["user"]["role"] == "admin"
        ada = Person(place, "Ada", renewed.json["access_token"], ada.account)
        assert (await ada.get("/api/user")).status == 200
        await appoint(place, "Ada", Role.PLAYER)
        assert (await ada.get("/api/user")).told == (401, "unauthorized")
        assert (await (await place.login("Ada")).get("/api/user")).told == (403, "forbidden")


@in_loop
async def test_others_see_names_and_games_and_no_more(tmp_path: Path) -> None:
    """Given profiles, then a player is told no e-mail and no role; a host one, an admin both."""
    async with town(tmp_path) as place:
        ada = await place.member("Ada", email="ada@x.org", device="ada's device")
        bob, _hal = await place.member("Bob"), await place.member("Hal")
        await appoint(place, "Hal", Role.HOST)
        hal, admin = await place.login("Hal"), await place.admin()
        path = f"/api/user/{ada.account}"
        seen = await bob.get(path)
        assert (seen.json["role"], seen.json["email"]) == (None, None)
        assert seen.json["statistics"]["games"] == 0
        assert ((await hal.get(path)).json["role"], (await hal.get(path)).json["email"]) == (
            "player", None,
        )  # fmt: skip
        assert (await admin.get(path)).json["email"] == "ada@x.org"
        assert (await bob.get("/api/user/user-nobody")).told == (404, "no_such_user")
        found = await bob.post("/api/user/lookup", {"ids": [ada.account, "x"], "names": ["BOB"]})
        assert [row["name"] for row in found.json["users"]] == ["Ada", "Bob"]
        many = await bob.post("/api/user/lookup", {"names": ["x"] * 101})
        assert many.told == (400, "bad_request")
        answers = [seen, found, await bob.get("/api/user/leaderboard")]
        assert not [got for got in answers if b"x.org" in got.bytes or b"argon" in got.bytes]
        first = (await admin.get("/api/user?limit=2")).json
        assert ([row["name"] for row in first["users"]], first["next"]) == (["Ada", "Bob"], "Bob")
        rest = (await admin.get("/api/user?limit=2&after=Bob")).json
        assert ([row["name"] for row in rest["users"]], rest["next"]) == (["Hal"], None)


@in_loop
async def test_a_deleted_account_leaves_its_games_without_name_and_words(tmp_path: Path) -> None:
    """Given a game of two and a lobby that was left, then what one wrote is gone, and no more."""
    async with town(tmp_path) as place:
        ada, bob = await place.member("Ada", email="ada@x.org"), await place.guest("Bob")
        left, _ = await place.table([bob, ada])
        assert (await ada.post(f"/api/game/{left}/leave")).status == 200
        people = [bob, ada, *[await place.guest(name) for name in FIVE[2:]]]
        game, _ = await place.table(people)
        assert (await bob.post(f"/api/game/{game}/bots", {"count": 1})).status == 200
        await place.begin(game, people)
        said = f"/api/communication/{game}/channels/town/messages"
        assert (await ada.post(said, {"text": "Ada speaks"})).status == 200
        assert (await bob.post(said, {"text": "Bob speaks"})).status == 200
        assert (await bob.post(f"/api/game/{game}/end")).status == 200
        delete = "/api/user/me"
        wrong = await ada.send("DELETE", delete, {"password": OTHER})
        assert wrong.told == (403, "wrong_password")
        assert (await ada.send("DELETE", delete)).told == (403, "wrong_password")
        elsewhere = await place.login("Ada")
        assert (await ada.send("DELETE", delete, {"password": PASSWORD})).status == 200
        assert (await ada.send("DELETE", delete, {"password": PASSWORD})).status == 401
        assert (await elsewhere.get(delete)).status == 401
        refreshed = await place.nobody.post(TOKEN, {"refresh_token": elsewhere.refresh})
        assert refreshed.told == (401, "unauthorized")
        assert (await log_in(place.nobody, "Ada")).status == 401
        shown = await bob.get(f"/api/game/{game}/log")
        log.verify(log.read(BytesIO(shown.bytes)))
        seats = (await bob.get(f"/api/game/{game}")).json["seats"]
        assert [seat["name"] for seat in seats[:3]] == ["Bob", "", "Cat"]
        assert seats[5]["name"]
        heard = (await bob.get(said)).json["events"]
        assert [row["event"]["text"] for row in heard] == ["", "Bob speaks"]
        for row in await place.house.authority.games():
            record = await place.house.authority.log(row.id)
            log.verify(record)
            assert not [line for line in record.lines if line.texts and b"Ada" in line.texts]
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"Bob speaks" in kept
    assert not [word for word in (b"Ada", b"ada@x.org", b"$argon2") if word in kept]
    async with town(tmp_path) as place:
        await place.member("Ada", email="ada@x.org")


@in_loop
async def test_a_guest_can_leave_no_trace_either(tmp_path: Path) -> None:
    """Given a guest at a table that goes on, when they delete themselves, it goes on without."""
    async with town(tmp_path) as place:
        game, (ann, bob, *_) = await place.day(*FIVE)
        path = f"/api/communication/{game}/channels/town/messages"
        assert (await bob.post(path, {"text": "Bob speaks"})).status == 200
        assert (await bob.send("DELETE", "/api/user/me")).status == 200
        assert (await bob.get("/api/user/me")).status == 401
        assert (await ann.post(f"/api/voting/{game}/vote", {"target": 2})).status == 200
        assert [row["event"]["text"] for row in (await ann.get(path)).json["events"]] == [""]
        admin = await place.admin()
        assert (await admin.send("DELETE", "/api/user/me")).told == (403, "not_registered")


@in_loop
async def test_erased_texts_begin_another_epoch(tmp_path: Path) -> None:
    """Given a socket of another, when somebody is erased, it goes on; who resumes begins anew."""
    async with town(tmp_path) as place:
        game, (ann, bob, *_) = await place.day(*FIVE)
        socket = await line(ann, game, ann.seat)
        first = await socket.next("snapshot")
        assert (await bob.send("DELETE", "/api/user/me")).status == 200
        assert (await ann.post(f"/api/voting/{game}/vote", {"target": 2})).status == 200
        assert (await socket.next("event"))["event"]["type"] == "voting.vote_cast"
        await socket.send({"type": "resume", "epoch": first["epoch"], "cursor": first["cursor"]})
        anew = await socket.next("at", "snapshot")
        assert (anew["type"], anew["epoch"] != first["epoch"]) == ("snapshot", True)
        assert anew["view"]["seats"][1]["name"] == ""
        assert len((await ann.get(f"/api/voting/{game}/history")).json["events"]) == 1


@in_loop
async def test_guessing_is_slowed_down(tmp_path: Path) -> None:
    """Given wrong passwords in a row or at once, then 429 with a wait, the same for no name."""
    async with town(tmp_path) as place:
        await place.member("Ada")
        for name in ("Ada", "Zoe"):
            got = await asyncio.gather(*(log_in(place.nobody, name, OTHER) for _ in range(9)))
            assert sorted(each.status for each in got) == [401] * 5 + [429] * 4
            (late, *_) = [each for each in got if each.status == 429]
            assert (late.json["code"], late.headers["Retry-After"]) == ("rate_limited", "1")
        assert (await log_in(place.nobody, "Ada")).status == 429
        place.clock.jump(1_000)
        assert (await log_in(place.nobody, "Ada")).status == 200
        ada = await place.login("Ada")
        wrong = {"old": OTHER, "new": OTHER + "!"}
        told = [(await ada.post("/api/user/me/password", wrong)).status for _ in range(6)]
        assert told == [403] * 5 + [429]


@in_loop
async def test_a_hash_is_renewed_when_the_parameters_change(tmp_path: Path) -> None:
    """Given a hash of other parameters, when its owner logs in, then it is one of these."""
    async with town(tmp_path) as place:
        ada, people = await place.member("Ada"), place.house.people
        people.passwords = Passwords(1, type(CHEAP)(time_cost=2, memory_cost=16, parallelism=1))
        for _ in range(2):
            await place.login("Ada")
            account = await people.find(ada.account)
            assert account is not None
            assert "$m=16,t=2,p=1$" in account.password
        people.passwords.close()


@in_loop
async def test_no_secret_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Given everything that is done with secrets, then no line of the log holds one."""
    logger = logging.getLogger("mafia_district_servers")
    kept = logger.level, logger.propagate
    logger.setLevel("DEBUG")
    logger.propagate = True
    try:
        async with town(tmp_path) as place:
            secret = {"email": "ada@secret.org", "device": "secret device"}
            ada, admin = await place.member("Ada", **secret), await place.admin()
            await place.nobody.post(REGISTER, asking("Ada", **secret))
            await log_in(place.nobody, "Ada", "secret guess", device="secret device")
            await log_in(place.nobody, "Ada", device="secret device")
            await ada.post("/api/user/me/password", {"old": "secret old", "new": "secret new"})
            given = await admin.post(f"/api/user/{ada.account}/reset-password")
            account = await place.house.people.find(ada.account)
            hidden = [PASSWORD, "secret", given.json["password"], "argon2", ada.refresh, ada.token]
            assert len(caplog.records) > 5
            assert not [word for word in hidden if word in caplog.text]
            assert "argon2" not in repr(account)
    finally:
        logger.level, logger.propagate = kept


@in_loop
async def test_the_command_line_appoints_in_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a server's database, then somebody is promoted in it, and an unknown name is not."""
    async with town(tmp_path) as place:
        await place.member("Ada")
        settings = place.house.settings
        monkeypatch.setattr(bootstrap, "SystemClock", lambda: place.clock)
        assert await bootstrap.appoint(settings, "ADA", Role.ADMIN)
        assert not await bootstrap.appoint(settings, "Zoe", Role.ADMIN)
        ada, admin = await place.login("Ada"), await place.admin()
        assert (await ada.get("/api/user")).status == 200
        (row,) = (await admin.get("/api/user/audit")).json["actions"]
        assert (row["who"], row["what"], row["whom"], row["detail"]) == (
            "console", "appoint", ada.account, "admin",
        )  # fmt: skip
        assert await bootstrap.appoint(settings, "Ada", Role.PLAYER)
        place.clock.jump(10_000)
        assert (await ada.get("/api/user")).told == (401, "unauthorized")
