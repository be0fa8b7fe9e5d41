"""A book of roles: one's own beside the built-in ones, and each game with its own book."""

from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

import attrs
import pytest

from mafia_district import log, wire
from mafia_district.bots import make
from mafia_district.catalogue import BUILT_IN, Catalogue, RoleRow
from mafia_district.catalogue.files import read
from mafia_district.chance import Dice
from mafia_district.game import Game
from mafia_district.lab.play import play, table
from mafia_district.night.collect import Act
from mafia_district.night.deed import FACTION_KILL
from mafia_district.roles import BUILT_IN_BOOK, ROLES, Ability, Role, book_of
from mafia_district.roster import RolesDealt
from mafia_district.rules import Rules
from mafia_district.view import View

from .monkeys import record_bytes
from .tables import dead, do, end_phase, fold, lobby, started, with_deal

LOCKSMITH = read(str(Path(__file__).parents[2] / "examples" / "locksmith.toml"))
GUARDS = Ability("protect", reach="place")


def catalogue(*roles: RoleRow) -> Catalogue:
    """Give the built-in catalogue with some roles of its own."""
    return attrs.evolve(BUILT_IN, name="mine", roles=roles)


def dealt(own: Catalogue, *names: str, **settings: Any) -> Game:
    """Play from the lobby to the first phase with these roles, by seat."""
    counts = tuple((name, names.count(name)) for name in dict.fromkeys(names))
    game = started(lobby(len(names), catalogue=own, roles=counts, **settings))
    end_phase(game)
    return with_deal(game, names)


def played(rules: Rules, bots: str) -> Game:
    """Play a whole game of seven by bots."""
    game, dice = table(rules, 7).fork(bytes(32)), Dice(b"book".ljust(32, b"."))
    play(game, [make(bots, dice) for _ in range(7)])
    return game


def test_ones_own_stand_beside_the_built_in_ones() -> None:
    """Given a role of one's own, it is found like any other, with modifiers before it too."""
    book = LOCKSMITH.book
    assert book.roles.keys() == ROLES.keys() | {"locksmith", "burglar", "caretaker"}
    assert book.role("locksmith").abilities == (attrs.evolve(GUARDS, repeats=False),)
    modified = book.role("odd_night_one_shot_locksmith")
    assert modified.abilities == (attrs.evolve(GUARDS, repeats=False, shots=1, nights="odd"),)
    assert modified.wide == {"protect"}
    assert book.names["Locksmith"] == "locksmith"
    assert BUILT_IN_BOOK.find("locksmith") is None
    with pytest.raises(ValueError, match="did you mean locksmith"):
        book.role("lockssmith")


def test_what_is_left_out_follows_from_the_side() -> None:
    """Given rows of as little as they need, titles, factions and goals follow from the side."""
    rows = [
        RoleRow("night_watch", "town", "Sleeps."),
        RoleRow("thug", "mafia", "Hits."),
        RoleRow("ice_thug", "mafia", "Hits.", faction="ice_mafia"),
        RoleRow("ripper", "neutral", "Stabs.", abilities=(Ability("kill"),)),
        RoleRow("acolyte", "neutral", "Sings.", faction="cult"),
    ]
    made = [row.role() for row in rows]
    assert [(role.title, role.faction, role.wins) for role in made] == [
        ("Night Watch", "", "town"),
        ("Thug", "mafia", "mafia"),
        ("Ice Thug", "ice_mafia", "ice_mafia"),
        ("Ripper", "", "ripper"),
        ("Acolyte", "cult", "cult"),
    ]


def test_one_of_the_same_name_replaces_the_built_in_one() -> None:
    """Given a doctor of one's own, it is the doctor there, modified too, and nowhere else."""
    doctor = RoleRow("doctor", "town", "Guards a place.", abilities=(GUARDS,))
    book = catalogue(doctor).book
    assert book.role("doctor").abilities == book.role("macho_doctor").abilities == (GUARDS,)
    assert BUILT_IN.book.role("doctor").abilities != (GUARDS,)


def test_equal_roles_are_one_book() -> None:
    """Given the same roles twice, read at different times, games share all that is looked up."""
    own = Role("hermit", "town", "Sits.")
    assert book_of((own,)) is book_of((attrs.evolve(own),))
    assert book_of(()) is BUILT_IN.book is BUILT_IN_BOOK


def test_rules_know_the_roles_of_their_own_book() -> None:
    """Given a role of a catalogue, rules with another catalogue do not know it."""
    rules = Rules.preset("classic").replace(catalogue=LOCKSMITH)
    rules = rules.with_settings({"roles": "2 locksmith, 1 burglar|mafia_goon"})
    assert rules.setup(3).seats == 3
    with pytest.raises(ValueError, match="unknown role 'locksmith'"):
        rules.replace(catalogue=BUILT_IN)


def test_two_games_may_know_different_roles_by_one_name() -> None:
    """Given a keeper of the town here and of the mafia there, each game goes by its own."""
    here = RoleRow("keeper", "town", "Guards.", abilities=(Ability("protect"),))
    there = RoleRow("keeper", "mafia", "Blocks.", abilities=(Ability("roleblock"),))
    names = ("keeper", "mafia_goon", "vanilla_townie", "vanilla_townie", "vanilla_townie")
    guarded, robbed = (dealt(catalogue(row), *names, first_phase="night") for row in (here, there))
    assert list(guarded.choices(0).actions) == ["protect"]
    assert list(robbed.choices(0).actions) == ["roleblock", FACTION_KILL]
    for game, mates in ((guarded, 0b10), (robbed, 0b11)):
        assert game.view(1).faction == mates
        for seat in range(len(names)):
            own = View(fold(game, seat), seat)
            assert wire.view_bytes(own) == wire.view_bytes(game.view(seat))
        (deal,) = [s.event for s in game.entries(1) if isinstance(s.event, RolesDealt)]
        assert [bool(name) for name in deal.roles] == [mates == 0b11, True, False, False, False]


@pytest.mark.parametrize("bots", ["monkey", "sensible"])
def test_games_in_one_process_do_not_disturb_each_other(bots: str) -> None:
    """Given games played by turns with different books, each goes as it does alone."""
    roles = (("keeper", 2), ("villager", 3), ("vampire", 2))
    rows = (
        RoleRow("keeper", "town", "Guards.", abilities=(GUARDS,)),
        RoleRow("keeper", "neutral", "Stabs.", method="blade", abilities=(Ability("kill"),)),
    )
    preset = Rules.preset("district").replace(stalemate_days=2)
    rules = [preset.replace(catalogue=catalogue(row), roles=roles) for row in rows]
    alone = [record_bytes(played(own, bots)) for own in rules]
    by_turns = [record_bytes(played(own, bots)) for own in (*rules, *rules)]
    assert by_turns == alone * 2
    assert alone[0] != alone[1]


def test_a_recorded_game_replays_from_its_file_alone() -> None:
    """Given the file of a game with roles of its own, it is verified, folded and played on."""
    names = ("odd_night_locksmith", "burglar", "caretaker", *["villager"] * 4)
    counts = tuple((name, names.count(name)) for name in dict.fromkeys(names))
    rules = Rules.preset("district").replace(catalogue=LOCKSMITH, roles=counts)
    game, salts = played(rules, "random"), count()
    file = BytesIO()
    log.write(log.record(game.record(), lambda: bytes([next(salts) % 256]) * 16), file)
    stored = log.read(BytesIO(file.getvalue()))
    log.verify(stored)
    again = Game.replay(log.recorded(stored))
    assert again.rules == rules
    assert again.rules.book is game.rules.book
    assert again.log[:] == game.log[:]
    assert again.view(0).role == game.view(0).role
    assert wire.view_bytes(again.view(1)) == wire.view_bytes(game.view(1))


def test_a_vest_of_ones_own_counts() -> None:
    """Given the caretaker's vest, the first kill is stopped and the second is not."""
    game = dealt(LOCKSMITH, "caretaker", "mafia_goon", "villager", "villager", first_phase="night")
    for killed in (set(), {0}):
        do(game, Act(1, FACTION_KILL, 0))
        end_phase(game)
        assert dead(game) == killed
        end_phase(game)
