"""The account of a case: why it ended as it did, a sentence for each thing that decided it.

What happened at night is told by the night itself; here is what a day decides, and who has won.
"""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from mafia_district.ids import PlayerId
from mafia_district.machine import Event
from mafia_district.night.collect import NightResolved
from mafia_district.night.explain import whys
from mafia_district.outcome import GameEnded, WonAlone
from mafia_district.roster import PlayerDied, RoleRevealed
from mafia_district.sentence import Condemned, LastShot, Pardoned, TrialCalled
from mafia_district.voting import VoteClosed

Names: TypeAlias = Callable[[PlayerId], str]


def account(events: Iterable[Event], names: Names) -> list[str]:
    """Tell in order why things came as they did; `names` gives each seat's name."""
    told = (TELLS[type(event)](event, names) for event in events if type(event) in TELLS)
    return [sentence for sentences in told for sentence in sentences]


def _closed(event: VoteClosed, names: Names) -> list[str]:
    return [f"The vote went against {names(event.target)}." if event.target >= 0 else _NOBODY]


def _died(event: PlayerDied, names: Names) -> list[str]:
    return [f"{names(event.seat)} died: {event.cause.replace('_', ' ')}."]


_NOBODY: Final = "The vote went against nobody."

TELLS: Final[Mapping[type[Any], Callable[[Any, Names], list[str]]]] = MappingProxyType(
    {
        NightResolved: lambda e, n: whys(e.reasons, n),
        VoteClosed: _closed,
        TrialCalled: lambda e, n: [f"A majority accused {n(e.seat)}."],
        Condemned: lambda e, n: [f"Somebody had a say before {n(e.seat)} died."],
        Pardoned: lambda e, n: [f"A governor pardoned {n(e.seat)}."],
        LastShot: lambda e, n: [f"{n(e.seat)} took {n(e.target)} along."],
        RoleRevealed: lambda e, n: [f"{n(e.seat)} was revealed."],
        PlayerDied: _died,
        WonAlone: lambda e, n: [f"{n(e.seat)} won alone by a lynch."],
        GameEnded: lambda e, n: [f"The game was over: {e.reason}."],
    }
)
