"""Standings: what games that were played to their end have come to, for whom."""

from pathlib import Path

import attrs
import pytest

from mafia_district import Game, Rules
from mafia_district.ids import KEEPER, NOBODY
from mafia_district.lobby import AddBots, Leave, SetReady, Start, TakeSeat
from mafia_district.outcome import End
from mafia_district.phases import ENDED
from mafia_district.voting import CastVote
from mafia_district_servers.people.looks import Closet
from mafia_district_servers.people.standings import results
from mafia_district_servers.problems import Problem

from ..served import FIVE, Person, Town, town
from ..virtual import in_loop

SETUP = {"roles": "4 vanilla_townie, 1 mafia_goon"}


async def mafioso(place: Town, game: str) -> int:
    """Peek at who is the goon."""
    roles = (await place.house.authority.read(game)).game.state.table.roster.now
    return roles.index("mafia_goon")


async def lynched(place: Town, game: str, people: list[Person]) -> int:
    """Let all vote for the goon, which ends the game; give the goon's seat."""
    goon = await mafioso(place, game)
    for person in people:
        if (await person.get(f"/api/game/{game}")).json["phase"] == "day":
            await person.post(f"/api/voting/{game}/vote", {"target": goon})
    assert (await people[0].get(f"/api/game/{game}")).json["phase"] == "ended"
    for house in place.houses.values():
        await house.people.standings.settled()
    return goon


async def statistics(asking: Person, person: Person) -> object:
    """Look somebody's statistics up."""
    return (await asking.get(f"/api/user/{person.account}")).json["statistics"]


@in_loop
async def test_a_game_of_five_counts_once(tmp_path: Path) -> None:
    """Given a game of three members and two guests, then the members' points are theirs, once."""
    async with town(tmp_path) as place:
        people = [await place.member(name) for name in FIVE[:3]]
        members = list(people)
        people += [await place.guest(name) for name in FIVE[3:]]
        game, people = await place.begin(*await place.table(people, settings={}, **SETUP))
        goon = await lynched(place, game, people)
        for person in members:
            won = person.seat != goon
            side, role = ("town", "vanilla_townie") if won else ("mafia", "mafia_goon")
            assert await statistics(people[4], person) == {
                "games": 1, "wins": int(won), "days_lived": 1, "reputation": 60 if won else 10,
                "sides": {side: {"games": 1, "wins": int(won)}},
                "roles": {role: {"games": 1, "wins": int(won)}},
            }  # fmt: skip
        board = (await people[4].get("/api/user/leaderboard?limit=2")).json["leaders"]
        winners = [person.name for person in members if person.seat != goon][:2]
        assert [(row["display"], row["reputation"], row["wins"]) for row in board] == [
            (name, 60, 1) for name in winners
        ]
        await people[0].post(f"/api/game/{game}/done")  # the game is read again, and again
        await place.house.people.standings.catch_up()
    async with town(tmp_path) as place:
        await place.house.people.standings.catch_up()
        asking = await place.guest("Zoe")
        board = (await asking.get("/api/user/leaderboard")).json["leaders"]
        assert sorted(row["games"] for row in board) == [1, 1, 1]


@in_loop
async def test_a_game_of_four_people_and_a_bot_does_not_count(tmp_path: Path) -> None:
    """Given four members and a bot, then their game leaves no trace on the leaderboard."""
    async with town(tmp_path, bot_pace_ms=3_600_000) as place:
        people = [await place.member(name) for name in FIVE[:4]]
        game, people = await place.table(people, **SETUP)
        assert (await people[0].post(f"/api/game/{game}/bots", {"count": 1})).status == 200
        game, people = await place.begin(game, people)
        await lynched(place, game, people)
        assert (await people[0].get("/api/user/leaderboard")).json["leaders"] == []
        assert await place.house.people.standings.statistics(people[0].account)


@in_loop
async def test_what_was_missed_is_made_up_at_the_start(tmp_path: Path) -> None:
    """Given a server that stopped before it kept the results, then the next one keeps them."""
    async with town(tmp_path) as place:
        people = [await place.member(name) for name in FIVE]
        for house in place.houses.values():
            house.authority.enders.clear()
        game, people = await place.begin(*await place.table(people, **SETUP))
        await lynched(place, game, people)
        assert (await people[0].get("/api/user/leaderboard")).json["leaders"] == []
    async with town(tmp_path) as place:
        await place.house.people.standings.catch_up()
        ann = await place.login("Ann")
        assert len((await ann.get("/api/user/leaderboard")).json["leaders"]) == 5


@in_loop
async def test_reputation_buys_looks_and_stays_on_the_board(tmp_path: Path) -> None:
    """Given points from two games, then a look is bought once, and worn by nobody else."""
    async with town(tmp_path) as place:
        people = [await place.member(name) for name in FIVE]
        for _ in range(2):
            game, people = await place.begin(*await place.table(people, **SETUP))
            await lynched(place, game, people)
        rich = (await people[0].get("/api/user/leaderboard")).json["leaders"][0]
        looks, town_book = place.house.people.looks, place.house.settings.catalogue
        plain = {row.id for row in town_book.assets if not row.rank}
        closet = await looks.of(rich["account"], town_book)
        assert closet == Closet(tuple(row.id for row in town_book.assets if not row.rank), 120)
        with pytest.raises(Problem, match="buy it first"):
            await looks.require(rich["account"], ("golden_monocle",), town_book)
        for _ in range(2):
            closet = await looks.buy(rich["account"], "golden_monocle", town_book)
            assert (set(closet.assets) - plain, closet.reputation) == ({"golden_monocle"}, 40)
        await looks.require(rich["account"], ("golden_monocle", "no such"), town_book)
        for account, asset, code in (
            (rich["account"], "silver_mane", "too_expensive"),
            (rich["account"], "no such", "not_found"),
            ("guest-x", "golden_monocle", "not_registered"),
        ):
            with pytest.raises(Problem) as refused:
                await looks.buy(account, asset, town_book)
            assert refused.value.code.value == code
        board = (await people[0].get("/api/user/leaderboard")).json["leaders"]
        assert board[0]["reputation"] == 120


def dealt() -> Game:
    """Give a game of five by day; seat 0 is the host."""
    rules = attrs.evolve(Rules.preset("classic").with_settings(SETUP), max_seats=6)
    game = Game.open(rules, b"s" * 32, 0)
    for name in FIVE:
        game.handle(TakeSeat(NOBODY, name, "", ""), 1)
    for seat in range(1, 5):
        game.handle(SetReady(seat, True), 1)
    game.handle(Start(KEEPER), 2)
    game.pass_time(game.deadline or 0)
    return game


def everyone() -> dict[str, int]:
    """Give an account for each seat."""
    return {f"user-{seat}": seat for seat in range(5)}


def end(game: Game) -> int:
    """Let the goon be lynched; give the seat."""
    goon = game.state.table.roster.now.index("mafia_goon")
    while game.phase is not ENDED:
        for seat in range(5):
            if game.phase.value == "day" and game.state.table.roster.here >> seat & 1:
                game.handle(CastVote(seat, goon), game.at + 1)
        if game.phase is not ENDED and game.phase.value != "day":
            game.pass_time(game.deadline or 0)
    return goon


def test_who_walked_out_has_lost_and_earns_nothing() -> None:
    """Given a townsperson who left in a game that the town won, then they have neither."""
    game = dealt()
    goon = game.state.table.roster.now.index("mafia_goon")
    leaver = next(seat for seat in range(5) if seat != goon)
    game.handle(Leave(leaver), game.at + 1)
    end(game)
    found = {row.account: row for row in results("g", game, everyone())}
    assert (found[f"user-{leaver}"].won, found[f"user-{leaver}"].reputation) == (False, 0)
    stayed = [seat for seat in range(5) if seat not in (goon, leaver)]
    assert {found[f"user-{seat}"].reputation for seat in stayed} == {60}
    assert found[f"user-{goon}"].reputation == 10


def test_a_seat_that_was_taken_over_counts_for_who_holds_it() -> None:
    """Given a seat whose account has changed, then the result is that of the last account."""
    game = dealt()
    end(game)
    seats = {**everyone(), "user-late": 2}
    del seats["user-2"]
    assert {row.account for row in results("g", game, seats)} == seats.keys()


def test_a_game_that_the_host_ended_counts_for_nothing() -> None:
    """Given an end by the host, or no deal at all, then there are no results."""
    game = dealt()
    game.handle(End(KEEPER), game.at + 1)
    assert results("g", game, everyone()) == []
    lobby = Game.open(Rules.preset("classic"), b"s" * 32, 0)
    for name in FIVE:
        lobby.handle(TakeSeat(NOBODY, name, "", ""), 1)
    lobby.handle(AddBots(0, 1), 2)
    assert results("g", lobby, everyone()) == []


def test_seats_without_an_account_are_nobody() -> None:
    """Given a table of five of whom one is known to no account, then four people are too few."""
    game = dealt()
    end(game)
    seats = everyone()
    assert len(results("g", game, seats)) == 5
    del seats["user-4"]
    assert results("g", game, seats) == []


def test_the_words_of_the_house_are_still_those() -> None:
    """Given an end by the host, then its reason is the one that is looked for."""
    game = dealt()
    game.handle(End(KEEPER), game.at + 1)
    assert game.outcome is not None
    assert game.outcome.reason == "ended by the host"
