"""The fair deal, computed once more by hand from its description, and with its vectors."""

from collections import Counter
from hashlib import sha256
from itertools import count, permutations
from math import factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mafia_district.chance import Dice, commitment, deal_key, number, seed_from, shuffled
from mafia_district.deal import dealt
from mafia_district.game import Game
from mafia_district.ids import KEEPER, SPECTATOR
from mafia_district.roster import GameStarted, RolesDealt
from mafia_district.rules import Rules
from mafia_district.setup import Setup

from . import monkeys
from .tables import end_phase, lobby, started

SETUP = Setup.parse("3 vanilla_townie, 1 town_cop, 1 mafia_goon")
SALTS = [(0, commitment(bytes(32)), bytes(32).hex()), (3, commitment(b"b" * 32), (b"b" * 32).hex())]


def by_hand(seed: bytes, salts: list[bytes], names: list[str]) -> list[str]:
    """Deal as the description says, with nothing but SHA-256 and long division."""
    key = sha256(seed + b"".join(salts)).digest()
    draw = int(sha256(key + b"\0deal\0" + b"0").hexdigest(), 16)
    order, cards = [], list(range(len(names)))
    for left in range(len(names), 0, -1):
        draw, which = draw // left, draw % left
        order.append(cards.pop(which))
    roles = []
    for options in (name.split("|") for name in names):
        draw, which = draw // len(options), draw % len(options)
        roles.append(options[which])
    return [roles[card] for card in order]


def test_the_vectors() -> None:
    """Given seed number 7, these are its digest, its key with two salts, and its deal of five."""
    seed = seed_from(7)
    assert commitment(seed) == "0f1a06a407414cf91c2402a686c82f4e3badec281ab49cf2cbce0c0a72aab8de"
    assert deal_key(seed, [bytes(32), bytes([1]) * 32]).hex() == (
        "4fd199024c5d57268c960038f392bdd6463d652003c7b80082b87b52c62d5e18"
    )
    assert dealt(seed, range(5), SALTS[:1], SETUP) == (
        *("vanilla_townie", "mafia_goon", "vanilla_townie", "town_cop", "vanilla_townie"),
    )


@given(st.binary(min_size=32, max_size=32), st.lists(st.binary(min_size=32, max_size=32)))
def test_a_deal_is_what_the_description_says(seed: bytes, salts: list[bytes]) -> None:
    """Given any seed and salts, the game deals as a reader of the page would."""
    given_salts = [(seat, commitment(salt), salt.hex()) for seat, salt in enumerate(salts)]
    names = by_hand(seed, salts, list(SETUP.names()))
    assert list(dealt(seed, range(5), given_salts, SETUP)) == names


def test_empty_seats_are_dealt_nothing() -> None:
    """Given seats with gaps, the k-th seat that is taken gets the k-th role."""
    roles = dealt(seed_from(1), (1, 2, 4, 7, 9), SALTS, SETUP)
    assert [seat for seat, name in enumerate(roles) if name] == [1, 2, 4, 7, 9]
    assert tuple(filter(None, roles)) == dealt(seed_from(1), range(5), SALTS, SETUP)


@pytest.mark.parametrize("count", range(7))
def test_every_order_is_drawn_once(count: int) -> None:
    """Given all draws below n!, each order of n comes out exactly once."""
    orders = {tuple(shuffled(drawn, range(count))) for drawn in range(factorial(count))}
    assert orders == set(permutations(range(count)))


def test_a_deal_is_uniform_within_chance() -> None:
    """Given 6,000 seeds, each seat is the cop as often as any other (chi-squared, p = 0.001)."""
    games = 6_000
    cops = Counter(
        dealt(seed_from(seed), range(5), (), SETUP).index("town_cop") for seed in range(games)
    )
    expected = games / 5
    assert sum((cops[seat] - expected) ** 2 / expected for seat in range(5)) < 18.47


def test_one_salt_more_is_another_deal() -> None:
    """Given the same seed, each salt, and which seats' they are, changes the key."""
    salts = [bytes([byte]) * 32 for byte in range(3)]
    keys = {deal_key(seed_from(7), salts[:count]) for count in range(4)}
    keys |= {deal_key(seed_from(7), salts[::-1]), deal_key(seed_from(8), salts)}
    assert len(keys) == 6


def test_streams_and_positions_draw_for_themselves() -> None:
    """Given one key, no other stream or position gives the same number, and each the same again."""
    draws = [number(b"k" * 32, stream, at) for stream in ("deal", "deal 1") for at in (0, 1, 10)]
    assert len(set(draws)) == 6
    assert draws[0] == number(b"k" * 32, "deal", 0)


def test_dice_stay_below_their_bound_and_throw_alike_from_one_key() -> None:
    """Given two dice of one key, they throw the same, evenly, and never the bound itself."""
    one, other = Dice(b"key"), Dice(b"key")
    thrown = [one.below(6) for _ in range(6_000)]
    assert thrown == [other.below(6) for _ in range(6_000)]
    assert set(thrown) == set(range(6))
    assert sum((thrown.count(face) - 1_000) ** 2 / 1_000 for face in range(6)) < 20.52


def _begun(first: int) -> monkeys.Monkeys:
    """Play the first game from a seed on whose lobby comes to a start."""
    games = (list(monkeys.play(seed))[-1] for seed in count(first))
    return next(played for played in games if played.game.view(SPECTATOR).roles)


@pytest.mark.parametrize("seed", range(0, 50, 10))
def test_what_a_game_tells_at_its_end_is_enough_to_check_its_deal(seed: int) -> None:
    """Given only what a spectator has been told, the deal can be computed again."""
    played = _begun(seed)
    view, told = played.game.view(SPECTATOR), played.game.entries(SPECTATOR)
    (begun,) = [sight.event for sight in told if isinstance(sight.event, GameStarted)]
    names = [name for name, count in begun.roles for _ in range(count)]
    salts = [bytes.fromhex(salt) for _, _, salt in begun.salts]
    assert commitment(bytes.fromhex(view.seed)) == begun.commitment
    assert [commitment(salt) for salt in salts] == [promised for _, promised, _ in begun.salts]
    assert [seat.role for seat in view.seats] == by_hand(bytes.fromhex(view.seed), salts, names)


def test_a_seed_is_32_bytes_or_a_number_and_the_record_says_which() -> None:
    """Given a chosen number the record is marked so; given bytes of another length, none opens."""
    rules = Rules.preset("classic")
    assert Game.open(rules, 7, 0).record().header.chosen_seed
    assert not Game.open(rules, bytes(32), 0).record().header.chosen_seed
    with pytest.raises(ValueError, match="32 bytes"):
        Game.open(rules, b"short", 0)


def test_the_deal_is_told_to_each_seat_in_part() -> None:
    """Given a deal, its event has a place for every seat, and tells each its own."""
    game = started(lobby(5))
    end_phase(game)
    deals = [
        sight.event
        for seat in range(5)
        for sight in game.entries(seat)
        if isinstance(sight.event, RolesDealt)
    ]
    assert [deal.roles[seat] for seat, deal in enumerate(deals)] == [
        seat.role for seat in game.view(KEEPER).seats
    ]
    assert all(len(deal.roles) == 5 for deal in deals)
