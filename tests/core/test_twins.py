"""Secrets stay secret: twins before every kind of viewer, and the proof that they would notice.

Two properties guard what a viewer is told. *Fold equals view*: nobody is told too little, and no
view shows what no event told. *Twins*: nobody is told too much. Neither can do without the other:
a secret told to all by an event is in both fold and view, and a public event that is told to nobody
makes no difference between twins.
"""

from collections.abc import Iterator
from typing import Final

import pytest

from mafia_district.game import Game
from mafia_district.ids import EVERYONE, KEEPER_ONLY, SPECTATOR, Viewer
from mafia_district.lobby import CodeTold
from mafia_district.machine import Event
from mafia_district.night.collect import NightResolved, NightsShown, ResultLearned
from mafia_district.roster import RolesDealt, RolesShown
from mafia_district.state import FACTS
from mafia_district.voting import VoteCast
from mafia_district.wire import NAMES

from . import twins
from .leaks import LEAKS, tell
from .watch import watch

PAIRS: Final = 40  # enough to notice what is planted
HARMLESS_PAIRS: Final = 6
GAMES: Final = 60

KEEPER, ALL, SEATED, NOT_SEATED = "the keeper alone", "everyone", "seat 4 as well", "seat 9 as well"

# Mutations of the table of audiences that nobody can notice, and why.
HARMLESS: Final = {
    (CodeTold, SEATED): "who sits in a private lobby has been told its code already",
    (RolesDealt, SEATED): "every seat is told of the deal, each in its own form",
}


@pytest.mark.parametrize("viewer", twins.VIEWERS)
def test_twins_give_a_viewer_the_same_bytes(viewer: Viewer) -> None:
    """Given pairs of games that differ in secrets alone, no viewer can tell them apart."""
    for seed in range(3):
        twins.play(1_000 + seed, viewer)


def test_twins_differ_in_all_that_is_secret_and_in_nothing_else() -> None:
    """Given many pairs, every private event has differed, and public ones only after the end."""
    varied: set[type[Event]] = set()
    saved = 0
    for seed in range(16):
        pair = twins.play(seed)
        ours, theirs = ({(entry.at, entry.event) for entry in game.log} for game in pair.games)
        varied |= {type(event) for _, event in ours ^ theirs}
        saved += _saved(pair.games[0]) != _saved(pair.games[1])
    secret = {kind for kind, fact in FACTS.items() if fact.audience != EVERYONE}
    assert varied == secret | {RolesShown, NightsShown}
    assert saved


def _saved(game: Game) -> list[tuple[int, int]]:
    nights = [entry.event for entry in game.log if isinstance(entry.event, NightResolved)]
    return [
        (night.night, reason.target)
        for night in nights
        for reason in night.reasons
        if reason.outcome == "protected"
    ]


@pytest.mark.parametrize("leak", LEAKS)
def test_twins_notice_a_leak(leak: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given an engine with a leak in it, some pair of twins gives it away."""
    LEAKS[leak](monkeypatch)
    assert any(_twins_notice(seed) for seed in range(PAIRS))


def _mutants() -> Iterator[tuple[type[Event], str]]:
    """List the wrong audiences that each row of the table could have."""
    for kind, fact in FACTS.items():
        if fact.audience != KEEPER_ONLY:
            yield kind, KEEPER
        if fact.audience != EVERYONE:
            yield from ((kind, ALL), (kind, SEATED), (kind, NOT_SEATED))


@pytest.mark.parametrize(("kind", "told"), [*_mutants()], ids=lambda part: NAMES.get(part, part))
def test_a_wrong_audience_is_noticed(
    kind: type[Event], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a row of the table of audiences with another one, fold and view or twins differ."""
    _mutate(monkeypatch, kind, told)
    if told == KEEPER:
        assert any(_fold_notices(seed) for seed in range(GAMES))
    else:
        viewer = {ALL: SPECTATOR, SEATED: 4, NOT_SEATED: 9}[told]
        harmless = (kind, told) in HARMLESS
        pairs = range(HARMLESS_PAIRS if harmless else PAIRS)
        assert any(_twins_notice(seed, viewer) for seed in pairs) != harmless


def test_neither_property_does_without_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a secret told to all, fold and view agree; given news kept back, twins do."""
    with monkeypatch.context() as patch:
        _mutate(patch, ResultLearned, ALL)
        assert not any(_fold_notices(seed) for seed in range(5))
    _mutate(monkeypatch, VoteCast, KEEPER)
    assert not any(_twins_notice(seed) for seed in range(5))


def _mutate(patch: pytest.MonkeyPatch, kind: type[Event], told: str) -> None:
    right, extra = FACTS[kind].audience, {SEATED: 1 << 4, NOT_SEATED: 1 << 9}.get(told, 0)
    if told in (KEEPER, ALL):
        tell(patch, kind, KEEPER_ONLY if told == KEEPER else EVERYONE)
    elif callable(right):
        tell(patch, kind, lambda table, event: right(table, event) | extra)
    else:
        tell(patch, kind, extra)


def _twins_notice(seed: int, viewer: Viewer | None = None) -> bool:
    try:
        twins.play(seed, viewer)
    except (twins.Leak, LookupError):  # a form of what was never meant for a seat
        return True
    return False


def _fold_notices(seed: int) -> bool:
    try:
        watch(seed, every=3)
    except (AssertionError, LookupError, ValueError):  # a fold that cannot follow
        return True
    return False
