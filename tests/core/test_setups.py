"""Published setups: that each can be played, that each draw has its chances, and stays secret."""

from collections import Counter
from fractions import Fraction
from hashlib import sha256
from io import BytesIO
from itertools import combinations_with_replacement, count, permutations
from math import factorial, sqrt
from typing import Any, Final

import attrs
import pytest

from mafia_district import log
from mafia_district.bots import make
from mafia_district.chance import Dice, seed_from
from mafia_district.deal import SetupDrawn, SetupShown, composition, dealt
from mafia_district.game import Game
from mafia_district.ids import EVERYONE, KEEPER, SPECTATOR
from mafia_district.lab.play import play, table
from mafia_district.lobby import AddBots, Start
from mafia_district.machine import Code, Event
from mafia_district.record import Recorded
from mafia_district.roster import RolesDealt
from mafia_district.rules import Rules
from mafia_district.setup import OR, Composition, Setup
from mafia_district.setups import PUBLISHED, published, setup_of
from mafia_district.voting import CastVote

from .leaks import tell
from .tables import do, end_phase, frames, refused, seen, swapped

DRAWN: Final = ("c9", "f11", "matrix6", "two_d3", "three_d3", "c9_plus_plus")
DEALS: Final = 6_000


def drawn_setup(name: str) -> Setup:
    """Give a setup that is drawn."""
    setup = setup_of(name)
    assert setup is not None
    assert setup.compositions
    return setup


def chance(name: str, *roles: str) -> Fraction:
    """Compute how likely it is that a setup has all of some roles."""
    compositions = drawn_setup(name).compositions
    has = sum(weight for weight, held in compositions if set(roles) <= dict(held).keys())
    return Fraction(has, sum(weight for weight, _ in compositions))


def opened(name: str, seed: int = 7) -> Game:
    """Play a setup from the lobby to its first phase."""
    rules = Rules.published(name)
    assert rules.named_setup is not None
    game = table(rules, rules.named_setup.seats).fork(seed_from(seed))
    end_phase(game)
    return game


@pytest.mark.parametrize("name", PUBLISHED)
@pytest.mark.parametrize("bots", ["random", "monkey"])
def test_every_setup_is_played_to_its_end(name: str, bots: str) -> None:
    """Given any published setup, it starts as it is, ends, and its record proves its deal."""
    rules = Rules.published(name)
    for seats in [rules.named_setup.seats] if rules.named_setup else (5, 12, 30):
        laid = table(rules, seats)
        for number in range(3):
            game = laid.fork(seed_from(number))
            play(game, [make(bots, Dice(b"%d" % seat)) for seat in range(seats)])
            assert game.outcome is not None
            assert log.verify(stored(game)).outcome.over


def stored(game: Game) -> log.Record:
    """Write a game's record down and read it."""
    salts, file = count(), BytesIO()
    log.write(log.record(game.record(), lambda: next(salts).to_bytes(16, "big")), file)
    return log.read(BytesIO(file.getvalue()))


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_row_says_what_it_is_and_where_it_is_from(name: str) -> None:
    """Given any row, its words are whole sentences, its source is an address, its name fits."""
    row = published(name)
    assert row.name == name
    assert all(text.endswith(".") for text in (row.summary, *row.unknown, *row.departs))
    assert row.source.startswith("http") or name == "district"
    assert Rules.published(name).setup_name == name
    changed = {rule: getattr(Rules.preset(row.preset), rule) for rule in row.rules}
    assert all(changed[rule] != value for rule, value in row.rules.items())


def test_the_chances_are_those_that_the_sources_print() -> None:
    """Given the drawn setups, their tables come to the printed chances as exact fractions."""
    quarter = Fraction(1, 4)
    assert chance("c9", "town_cop", "town_doctor") == quarter
    assert chance("c9", "town_cop") == chance("c9", "town_doctor") == Fraction(1, 2)
    for name, ways in (("c9", 4), ("f11", 4), ("matrix6", 6), ("two_d3", 9), ("three_d3", 12)):
        weights = [weight for weight, _ in drawn_setup(name).compositions]
        assert weights == [1] * ways
        assert len({frozenset(roles) for _, roles in drawn_setup(name).compositions}) == ways
    assert (
        chance("two_d3", "mafia_rolecop")
        == chance("three_d3", "mafia_rolecop")
        == quarter + (Fraction(1, 12))
    )
    assert chance("matrix6", "mafia_roleblocker") == Fraction(2, 6)


def test_a_row_and_a_column_of_matrix6_meet_in_one_role() -> None:
    """Given the table of three by three, each of its roles but two is in two compositions."""
    times = Counter(
        role
        for _, roles in drawn_setup("matrix6").compositions
        for role, _ in roles
        if role not in ("vanilla_townie", "mafia_goon")
    )
    assert set(times.values()) == {2}
    assert len(times) == 6


def test_seven_letters_make_c9_plus_plus() -> None:
    """Given letters in hundredths, half of all games have a serial killer, and all are for 13."""
    setup, whole = drawn_setup("c9_plus_plus"), 100**7
    assert sum(weight for weight, _ in setup.compositions) == whole
    assert chance("c9_plus_plus", "one_shot_bulletproof_serial_killer") == Fraction(1, 2)
    assert {sum(dict(roles).values()) for _, roles in setup.compositions} == {13}
    by_roles = {frozenset(roles): weight for weight, roles in setup.compositions}
    one_of_each = {
        ("mafia_goon", 1), ("mafia_roleblocker", 1), ("mafia_godfather", 1), ("vanilla_townie", 5),
        ("town_doctor", 1), ("one_shot_vigilante", 1), ("town_mason", 2), ("town_roleblocker", 1),
    }  # fmt: skip
    # TT D V MM B: 7! / (2! 2!) orders of letters of 50, 10, 10, 10 and 5 hundredths.
    assert by_roles[frozenset(one_of_each)] == 1_260 * 50**2 * 10**4 * 5


@pytest.mark.parametrize("name", DRAWN)
def test_every_place_among_the_weights_draws_its_composition(name: str) -> None:
    """Given the edges of each composition's places, it is drawn there, whatever the shuffle."""
    setup, start, turn = drawn_setup(name), 0, factorial(drawn_setup(name).seats)
    for weight, roles in setup.compositions:
        for place in (start, start + weight - 1):
            assert setup.composition(place * turn) == roles
            assert setup.composition((place + 1) * turn - 1) == roles
            assert Counter(setup.names(place * turn)) == dict(roles)
        start += weight
    assert setup.composition(start * turn) == setup.compositions[0].roles


@pytest.mark.parametrize("name", DRAWN)
def test_deals_draw_each_composition_as_often_as_they_should(name: str) -> None:
    """Given many seeds, what is drawn fits the weights, within 3.3 standard deviations.

    Compositions that are rarely drawn are counted together.
    """
    setup = drawn_setup(name)
    drawn = Counter(composition(seed_from(seed), (), setup) for seed in range(DEALS))
    whole = sum(weight for weight, _ in setup.compositions)
    expected = {roles: DEALS * weight / whole for weight, roles in setup.compositions}
    often = [roles for roles in expected if expected[roles] >= 10]
    rest = DEALS - sum(expected[roles] for roles in often)
    others = DEALS - sum(drawn[roles] for roles in often)
    chi = sum((drawn[roles] - expected[roles]) ** 2 / expected[roles] for roles in often)
    chi += (others - rest) ** 2 / rest if rest > 1 else 0
    free = len(often) - (0 if rest > 1 else 1)
    assert abs(chi - free) / sqrt(2 * free) <= 3.3


def test_a_drawn_deal_is_what_the_description_says() -> None:
    """Given a reader with SHA-256 and long division, they deal C9++ as the game does."""
    setup = drawn_setup("c9_plus_plus")
    hundredths = {"T": 50, "C": 15, "D": 10, "V": 10, "M": 10, "B": 5}
    ways = list(combinations_with_replacement("TCDVMB", 7))
    for number in range(200):
        draw = int(sha256(sha256(seed_from(number)).digest() + b"\0deal\0" + b"0").hexdigest(), 16)
        place, which = draw // factorial(13) % 100**7, 0
        while place >= (weight := orders(ways[which]) * product(hundredths, ways[which])):
            place, which = place - weight, which + 1
        assert setup.compositions[which].roles == composition(seed_from(number), (), setup)
        names = setup.names(factorial(13) * (draw // factorial(13)))
        assert sorted(dealt(seed_from(number), range(13), (), setup)) == sorted(names)


def orders(letters: tuple[str, ...]) -> int:
    """Count the orders in which letters may come."""
    whole = factorial(len(letters))
    for times in Counter(letters).values():
        whole //= factorial(times)
    return whole


def product(weights: dict[str, int], letters: tuple[str, ...]) -> int:
    """Multiply the weights of letters."""
    whole = 1
    for letter in letters:
        whole *= weights[letter]
    return whole


def test_orders_are_counted_as_they_are() -> None:
    """Given a few letters, the count of their orders is that of the list."""
    assert orders(("T", "T", "C", "B")) == len(set(permutations("TTCB"))) == 12


@pytest.mark.parametrize("name", DRAWN)
def test_what_is_public_is_true_of_every_composition(name: str) -> None:
    """Given any composition, the certain counts are in it, and the choice fills all the rest."""
    setup = drawn_setup(name)
    *certain, (choice, left) = setup.roles
    for _, roles in setup.compositions:
        rest = Counter(dict(roles))
        rest.subtract(dict(certain))
        assert min(rest.values()) >= 0
        assert rest.total() == left
        assert set(+rest) <= set(choice.split(OR))


def twins(name: str) -> tuple[Game, Game]:
    """Make two games that differ in the composition alone; seat 0 is a townie in both."""
    one = opened(name)
    drawn, deal = one.state.lobby.drawn, one.state.table.roster.deal
    for _, other in drawn_setup(name).compositions:
        pack = [role for role, times in other for _ in range(times)]
        if other != drawn and pack.count("vanilla_townie") > 2:
            break
    seat = deal.index("vanilla_townie")
    pack.remove("vanilla_townie")
    swap = (*pack[:seat], "vanilla_townie", *pack[seat:])
    draws: dict[Event, Event] = {
        SetupDrawn(drawn): SetupDrawn(other),
        RolesDealt(deal): RolesDealt(swap),
    }
    return one, swapped(one, draws)


def shown(game: Game, *viewers: int) -> list[Any]:
    """Give what some viewers have got, and what they see."""
    return [(frames(game, viewer), seen(game, viewer)) for viewer in viewers]


@pytest.mark.parametrize("name", DRAWN)
def test_nobody_can_tell_which_composition_was_drawn(name: str) -> None:
    """Given twins of one public list, a townie and a spectator get the same bytes for days."""
    one, other = twins(name)
    townie = one.state.table.roster.deal.index("vanilla_townie")
    assert one.view(KEEPER).roles != other.view(KEEPER).roles
    for _ in range(3):
        assert shown(one, townie, SPECTATOR) == shown(other, townie, SPECTATOR)
        assert one.view(townie).roles == drawn_setup(name).roles
        for game in (one, other):
            end_phase(game)


def test_the_twins_notice_a_composition_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given an engine that tells everybody of the draw, the twins differ."""
    tell(monkeypatch, SetupDrawn, EVERYONE)
    one, other = twins("c9")
    assert shown(one, SPECTATOR) != shown(other, SPECTATOR)


def test_at_the_end_everybody_learns_what_was_drawn() -> None:
    """Given a game that is over, the composition is shown, and it is what was dealt."""
    game = opened("matrix6")
    drawn = game.view(KEEPER).roles
    assert Counter(game.state.table.roster.deal) == dict(drawn)
    play(game, [make("random", Dice(b"end"))] * 9)
    (told,) = [entry for entry in game.log if isinstance(entry.event, SetupShown)]
    assert (told.audience, told.event) == (EVERYONE, SetupShown(drawn))
    assert game.view(SPECTATOR).roles == game.view(3).roles == drawn
    assert setup_of("original_newbie") is not None
    plain = opened("original_newbie")
    assert not [entry for entry in plain.log if isinstance(entry.event, SetupDrawn)]


@pytest.mark.parametrize("kind", [SetupDrawn, SetupShown])
def test_a_lie_about_the_draw_is_found(kind: type[Event]) -> None:
    """Given a whole chain over another composition, or over none, the check finds it."""
    game = opened("c9")
    play(game, [make("random", Dice(b"lie"))] * 7)
    lie = drawn_setup("c9").compositions[game.view(KEEPER).roles[0][1] == 3].roles
    assert lie != game.view(KEEPER).roles
    record = game.record()
    false = [
        entry._replace(event=attrs.evolve(entry.event, roles=lie))
        if isinstance(entry.event, kind)
        else entry
        for entry in record.entries
    ]
    written = log.record(Recorded(record.header, tuple(false), record.seed), lambda: bytes(16))
    with pytest.raises(log.Damaged, match="the setup is not the one that seed and salts draw"):
        log.verify(written)


def test_a_setup_needs_its_seats_unless_roles_are_given() -> None:
    """Given a setup for thirteen, eleven cannot start it, until roles for eleven are named."""
    rules = Rules.published("white_flag")
    game = Game.open(rules, 7, 0)
    do(game, AddBots(KEEPER, 11))
    assert Start not in game.choices(KEEPER).kinds()
    assert refused(game, Start(KEEPER)) is Code.BAD_SETUP
    others = rules.with_settings({"roles": "8 vanilla_townie, 3 mafia_goon"})
    assert (others.setup(11).seats, others.white_flag) == (11, True)


def test_a_setup_goes_over_a_preset_of_choice() -> None:
    """Given a setup and a preset, the setup's rules win, and what a town cannot play is refused."""
    rules = Rules.published("c9", "district")
    assert (rules.town, rules.name, rules.setup_name) == (True, "district", "c9")
    play(table(rules, 7), [make("random", Dice(b"town"))] * 7)
    with pytest.raises(ValueError, match="a town needs its nights"):
        Rules.published("nightless", "district")


@pytest.mark.parametrize("name", ["c10", "vengefull"])
def test_an_unknown_setup_is_answered_with_the_nearest(name: str) -> None:
    """Given a name that nobody has, the error guesses, and says where all are."""
    with pytest.raises(ValueError, match=r"did you mean (c9|vengeful)\b.*; all are listed by"):
        Rules.published(name)
    with pytest.raises(ValueError, match="unknown setup"):
        Rules.preset("classic").replace(setup_name=name)


@pytest.mark.parametrize(
    ("compositions", "complaint"),
    [
        ([(1, "2 villager"), (1, "3 villager")], "all be for the same number of seats"),
        ([(1, "2 villager"), (0, "1 villager, 1 jester")], "whole number from 1"),
        ([(1, "2 villager"), (1, "1 villager, 1 jester|sheriff")], "write one for each choice"),
    ],
)
def test_a_wrong_draw_is_answered_with_what_is_wrong(
    compositions: list[tuple[int, str]], complaint: str
) -> None:
    """Given compositions that make no setup, the error says why."""
    drawn = [Composition(weight, Setup.parse(roles).roles) for weight, roles in compositions]
    with pytest.raises(ValueError, match=complaint):
        Setup.drawn(drawn)


def test_votes_go_on_in_a_drawn_game_as_in_any() -> None:
    """Given a drawn game that is replayed from its record, it shows the same and plays on."""
    game = opened("f11")
    again = Game.replay(game.record())
    for own in (game, again):
        do(own, *[CastVote(seat, 8) for seat in range(5)])
    assert shown(again, *range(9), KEEPER, SPECTATOR) == shown(game, *range(9), KEEPER, SPECTATOR)
