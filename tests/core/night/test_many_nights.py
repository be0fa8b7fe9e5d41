"""Nights of random roles, played through the whole engine by the rules of every house.

In its long form it plays ten thousand of them. Each night is played twice, its actions handed in in
another order: all that is recorded must be the same. What depends on the order by the rules, which
of the mafia picked first, keeps it.
"""

from collections.abc import Iterator
from itertools import combinations
from random import Random
from typing import Final

import pytest

from mafia_district.game import Game
from mafia_district.house import HOUSES
from mafia_district.ids import EVERYONE, KEEPER, NOBODY, PlayerId, members
from mafia_district.lobby import AddBots, Start
from mafia_district.machine import Entry
from mafia_district.night.collect import Act, NightResolved
from mafia_district.night.deed import FACTION_KILL
from mafia_district.night.explain import whys
from mafia_district.night.verbs import VERBS
from mafia_district.outcome import GameEnded
from mafia_district.phases import NIGHT, PhaseBegan
from mafia_district.roles import ROLES, find_role
from mafia_district.roles.modifiers import MODIFIERS
from mafia_district.roster import PlayerDied
from mafia_district.rules import Rules

NIGHTS, SHORT = 10_000, 2_000  # of all houses together
SEATS: Final = 18
MODIFIED: Final = 0.2  # of the roles stand behind a modifier

# All that a night makes known to everybody, while the game goes on.
KNOWN: Final = (PlayerDied, PhaseBegan, GameEnded)


def dealt(dice: Random, names: list[str], house: str) -> Game:
    """Deal roles, some of them behind a modifier, and begin with the night."""
    cast = [_modified(dice, name) for name in names]
    rules = Rules.preset("classic").in_house(house)
    rules = rules.replace(
        first_phase="night",
        roles=tuple((name, 1) for name in cast),
        reveal_on_death=dice.choice(("role", "alignment", "nothing")),
        lovers=dice.choice(("chain", "pairs")),
    )
    game = Game.open(rules, dice.randbytes(32), 0)
    game.handle(AddBots(KEEPER, SEATS), 0)
    game.handle(Start(KEEPER), 0)
    game.pass_time(game.deadline or 0)
    return game


def _modified(dice: Random, name: str) -> str:
    """Put a modifier before some; not every role can be a mason."""
    made = f"{dice.choice(list(MODIFIERS))}_{name}" if dice.random() < MODIFIED else name
    return made if find_role(made) else name


def chosen(dice: Random, game: Game) -> list[Act]:
    """Draw what each seat does of all that it may do."""
    return [act for seat in range(SEATS) for act in _of(dice, game, seat) if dice.random() < 0.85]


def _of(dice: Random, game: Game, seat: PlayerId) -> Iterator[Act]:
    choices = game.choices(seat)
    for verb, targets in choices.actions.items():
        target = dice.choice(members(targets))
        seconds = members(choices.seconds(verb, target))
        yield Act(seat, verb, target, dice.choice(seconds) if seconds else NOBODY)


def another_order(dice: Random, acts: list[Act]) -> list[Act]:
    """Shuffle actions, but for those of which the first counts: of a faction, and of one seat."""
    fixed = [act for act in acts if act.action == FACTION_KILL]
    others = [act for act in acts if act.action != FACTION_KILL]
    seats = dice.sample(range(SEATS), SEATS)
    return [act for seat in seats for act in others if act.actor == seat] + fixed


def played(game: Game, acts: list[Act]) -> tuple[Entry, ...]:
    """Hand actions in and let the night end; give what came of it."""
    for act in acts:
        game.handle(act, game.at)
    before = game.version
    game.pass_time(game.deadline or 0)
    return tuple(entry._replace(version=entry.version - before) for entry in game.log[before:])


@pytest.mark.parametrize("house", HOUSES)
def test_every_night_is_decided_tells_no_secret_and_knows_no_order(
    house: str, *, long: bool
) -> None:
    """Given random roles and actions, each has its reason, and only deaths are told to all."""
    dice = Random(house)
    met: set[frozenset[str]] = set()
    for _ in range((NIGHTS if long else SHORT) // len(HOUSES)):
        names = dice.sample(list(ROLES), SEATS)
        game = dealt(dice, names, house)
        if game.phase is not NIGHT:  # as for a killer among many who belong to nobody
            continue
        acts, twin = chosen(dice, game), game.fork()
        entries = played(game, acts)
        assert played(twin, another_order(dice, acts)) == entries
        assert all(_known(entry) for entry in entries)
        _decided(game, entries, acts)
        met |= {frozenset(pair) for pair in combinations(names, 2)}
    assert len(met) == len(ROLES) * (len(ROLES) - 1) // 2 or not long


def _known(entry: Entry) -> bool:
    """Tell whether an entry may be told to whom it is told: after the end all is."""
    public = entry.audience == EVERYONE
    return not public or isinstance(entry.event, KNOWN) or _after_the_end(entry)


def _after_the_end(entry: Entry) -> bool:
    return type(entry.event).__name__ in ("RolesShown", "NightsShown", "SeedShown")


def _decided(game: Game, entries: tuple[Entry, ...], acts: list[Act]) -> None:
    """Check that each action of the night has one reason, and that it can be read."""
    (night,) = [entry.event for entry in entries if isinstance(entry.event, NightResolved)]
    told = [(reason.actor, reason.verb) for reason in night.reasons]
    own = {(act.actor, act.action) for act in acts if act.action != FACTION_KILL}
    kept = {act for act in own if act[0] not in _of_one_act(game)}
    assert {act: told.count(act) for act in kept} == dict.fromkeys(kept, 1)
    assert all(VERBS[verb] for _, verb in told)
    assert all(said.endswith(".") for said in whys(night.reasons, "ABCDEFGHIJKLMNOPQR".__getitem__))


def _of_one_act(game: Game) -> set[PlayerId]:
    """List the seats whose roles do one thing a night, so that a later choice undoes another."""
    book, deal = game.rules.book, game.state.table.roster.deal
    return {seat for seat, name in enumerate(deal) if book.role(name).exclusive}
