"""Secrets stay secret: twins before every kind of viewer, and the proof that they would notice.

Two properties guard what a viewer is told. *Fold equals view*: nobody is told too little, and no
view shows what no event told. *Twins*: nobody is told too much. Neither can do without the other:
a secret told to all by an event is in both fold and view, and a public event that is told to nobody
makes no difference between twins.

Who is told of an event is recorded with it and changes nothing else. So every wrong row of the
table of audiences is tried on games that were played once, by the stream that it would have made.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import groupby, takewhile
from typing import Final

import pytest

from mafia_district.deal import SetupDrawn
from mafia_district.game import Game
from mafia_district.ids import EVERYONE, KEEPER_ONLY, SPECTATOR, Viewer, has
from mafia_district.keeper import LooksShown
from mafia_district.lobby import CodeTold
from mafia_district.machine import Event
from mafia_district.night.collect import NightResolved, NightsShown, PowerUsed, ResultLearned
from mafia_district.outcome import GoalSet
from mafia_district.phases import AlarmSet
from mafia_district.roster import LoversPaired, RolesDealt, RolesShown
from mafia_district.sentence import GraveOpened
from mafia_district.shop import SpecialsCame
from mafia_district.sights import told
from mafia_district.state import FACTS, State
from mafia_district.voting import VoteCast, VotesStolen

from . import monkeys, twins
from .leaks import LEAKS, TOWN_LEAKS, tell
from .watch import Watch, viewers, watch

PAIRS: Final = 40  # enough to notice what is planted
TOWNS: Final = 40  # enough for everything to have happened
GAMES: Final = 800

KEEPER, ALL, SEATED, NOT_SEATED = (
    "the keeper alone",
    "everyone",
    "seat 4 as well",
    "seat 11 as well",
)
TOLD: Final = {
    ALL: SPECTATOR,
    SEATED: 4,
    NOT_SEATED: twins.SEATS,
}  # before whom it would be noticed

# Mutations of the table of audiences that nobody can notice, and why.
HARMLESS: Final = {
    (CodeTold, SEATED): "who sits in a private lobby has been told its code already",
    (RolesDealt, SEATED): "every seat is told of the deal, each in its own form",
    (SpecialsCame, ALL): "when which special goods come is in the rules; if they are left is not",
    (SpecialsCame, SEATED): "the same",
    (SpecialsCame, NOT_SEATED): "the same",
    (AlarmSet, KEEPER): "no view shows when something will be due, but what comes of it then",
}


# Of roles that the twins do not hold, and of deals that are drawn: who is told of them is looked at
# in `test_sentence.py` and in `test_setups.py`.
APART: Final = {GoalSet, GraveOpened, LoversPaired, PowerUsed, SetupDrawn, VotesStolen}


@pytest.mark.parametrize("town", [False, True], ids=["classic", "town"])
@pytest.mark.parametrize("viewer", twins.VIEWERS)
def test_twins_give_a_viewer_the_same_bytes(viewer: Viewer, town: bool) -> None:
    """Given pairs of games that differ in secrets alone, no viewer can tell them apart."""
    for seed in range(2):
        twins.play(1_000 + seed, viewer, town=town)


@lru_cache
def _pair(seed: int, viewer: Viewer, *, town: bool) -> tuple[Game, ...]:
    """Play a pair of twins, once for all tests."""
    return tuple(twins.play(seed, viewer, town=town).games)


def _pairs(viewer: Viewer) -> Iterator[tuple[Game, ...]]:
    yield from (_pair(seed, viewer, town=False) for seed in range(4))
    towns = sorted(range(TOWNS), key=lambda seed: (seed != WITH_SUBSTITUTE, seed))
    yield from (_pair(seed, viewer, town=True) for seed in towns)


def test_twins_differ_in_all_that_is_secret_and_in_nothing_else() -> None:
    """Given many pairs, every private event has differed, and public ones only after the end."""
    secret = {kind for kind, fact in FACTS.items() if fact.audience != EVERYONE}
    secret -= {SpecialsCame} | APART
    at_the_end, saved = {RolesShown, NightsShown, LooksShown}, 0
    varied: set[type[Event]] = set()
    for pair in _pairs(SPECTATOR):
        ours, theirs = ({(entry.at, entry.event) for entry in game.log} for game in pair)
        varied |= {type(event) for _, event in ours ^ theirs}
        saved += _saved(pair[0]) != _saved(pair[1])
        if varied >= secret and saved:
            break
    assert varied - at_the_end == secret
    assert saved


def _saved(game: Game) -> list[tuple[int, int]]:
    nights = [entry.event for entry in game.log if isinstance(entry.event, NightResolved)]
    return [
        (night.night, reason.target)
        for night in nights
        for reason in night.reasons
        if reason.outcome == "protected"
    ]


# What happens rarely is looked for first in games in which it does: it saves a minute.
WITH_SUBSTITUTE = 30
NOTICED = {
    "a_rumor_speaks_of_roles_that_somebody_holds": 16,
    "a_trace_tells_who_could_have_seen_it_made": 17,
}


@pytest.mark.parametrize("leak", [*LEAKS, *TOWN_LEAKS])
def test_twins_notice_a_leak(leak: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given an engine with a leak in it, some pair of twins gives it away."""
    (LEAKS | TOWN_LEAKS)[leak](monkeypatch)
    seeds = sorted(range(PAIRS), key=lambda seed: (seed != NOTICED.get(leak), seed))
    assert any(_twins_notice(seed, town=leak in TOWN_LEAKS) for seed in seeds)


@pytest.mark.parametrize("told_to", TOLD)
def test_who_is_told_too_much_is_noticed_by_twins(told_to: str) -> None:
    """Given any row of the table of audiences with a wider one, the streams of twins differ."""
    viewer, harmless = TOLD[told_to], {kind for kind, to in HARMLESS if to == told_to}
    unnoticed = {kind for kind, fact in FACTS.items() if fact.audience != EVERYONE} - harmless
    unnoticed -= APART
    for seed, pair in enumerate(_pairs(viewer if viewer < twins.SEATS else SPECTATOR)):
        unnoticed = {kind for kind in unnoticed if not _differ(*pair, viewer, kind)}
        if not unnoticed and seed >= 8:
            break
        assert not [kind for kind in harmless if _differ(*pair, viewer, kind)]
    assert not unnoticed


def _differ(one: Game, other: Game, viewer: Viewer, kind: type[Event]) -> bool:
    """Tell whether the streams of twins differ, if the viewer is told of a kind too."""
    try:
        return _stream(one, viewer, kind) != _stream(other, viewer, kind)
    except LookupError:  # a form of what was never meant for a seat
        return True


def _stream(game: Game, viewer: Viewer, kind: type[Event]) -> list[tuple[int, Event]]:
    before = takewhile(lambda entry: not isinstance(entry.event, RolesShown), game.log)
    return [
        (entry.at, told(game.rules, entry.event, viewer))
        for entry in before
        if entry.audience == EVERYONE
        or has(entry.audience, viewer)
        or isinstance(entry.event, kind)
    ]


def test_who_is_told_too_little_is_noticed_by_the_fold() -> None:
    """Given any row of the table of audiences with the keeper alone, some fold is not the view."""
    silent = {kind for kind, to in HARMLESS if to == KEEPER}
    unnoticed = {kind for kind, fact in FACTS.items() if fact.audience != KEEPER_ONLY} - silent
    for seed in range(GAMES):
        unnoticed = {kind for kind in unnoticed if not _missed(_played(seed), kind)}
        if not unnoticed:
            break
    assert not unnoticed
    assert not any(_missed(_played(seed), kind) for seed in range(4) for kind in silent)


@lru_cache(maxsize=1)
def _played(seed: int) -> monkeys.Monkeys:
    *_, played = monkeys.play(seed)
    return played


def _missed(played: monkeys.Monkeys, kind: type[Event]) -> bool:
    """Tell whether somebody would miss a kind of event in a game that was played."""
    happened = any(isinstance(entry.event, kind) for entry in played.game.log)
    return happened and any(_misses(played.game, who, kind) for who in viewers(played)[:-1])


def _misses(game: Game, viewer: Viewer, kind: type[Event]) -> bool:
    """Tell whether a viewer's fold without a kind of event is another than with it."""
    whole, less = Watch(game, viewer), Watch(game, viewer)
    for _, sights in groupby(game.entries(viewer), key=lambda sight: sight.at):
        kept_back = False
        for sight in sights:
            whole.state.apply(sight.event, sight.at)
            if isinstance(sight.event, kind):
                kept_back = True
            elif not _follows(less.state, sight.event, sight.at):
                return True
        if kept_back and whole.seen() != less.seen():
            return True
    return False


def _follows(state: State, event: Event, at: int) -> bool:
    try:
        state.apply(event, at)
    except (LookupError, ValueError):
        return False
    return True


def test_neither_property_does_without_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a secret told to all, fold and view agree; given news kept back, twins do."""
    with monkeypatch.context() as patch:
        tell(patch, ResultLearned, EVERYONE)
        assert not any(_fold_notices(seed) for seed in range(3))
        assert any(_twins_notice(seed, town=False) for seed in range(PAIRS))
    tell(monkeypatch, VoteCast, KEEPER_ONLY)
    assert not any(_twins_notice(seed, town=False) for seed in range(5))
    assert any(_fold_notices(seed) for seed in range(PAIRS))


def _fold_notices(seed: int) -> bool:
    return _notices(lambda drawn: watch(drawn, every=10), seed)


def _twins_notice(seed: int, *, town: bool) -> bool:
    viewer = seed % twins.SEATS if town else None
    return _notices(lambda drawn: twins.play(drawn, viewer, town=town), seed)


def _notices(play: Callable[[int], object], seed: int) -> bool:
    try:
        play(seed)
    except (AssertionError, LookupError, ValueError):  # what cannot be followed, or has no form
        return True
    return False
