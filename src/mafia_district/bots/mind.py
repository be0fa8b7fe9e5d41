"""A player's mind at one moment: its view and choices, its memory, and what it makes of them.

Suspicions are worked out once for all that has been heard, and anew when more is.
"""

from typing import Final

from mafia_district.bots.evidence import Evidence
from mafia_district.bots.memory import Memory
from mafia_district.bots.suspicion import Suspicion
from mafia_district.bots.talk import Line, say
from mafia_district.chance import Dice
from mafia_district.chat import Say
from mafia_district.choices import Choices
from mafia_district.ids import NOBODY, PlaceId, PlayerId, Seats, members
from mafia_district.machine import Command
from mafia_district.phases import DAY
from mafia_district.view import View

ITEMS: Final = "items"  # the parts of the town that a player may make use of
TASKS: Final = "tasks"
RUMORS: Final = "rumors"
ALL: Final = frozenset({ITEMS, TASKS, RUMORS})

Mark = tuple[int, int, int, int]  # the phase, and how much was heard and learnt


class Mind:
    """What the functions of a sensible player look at; `uses` are the parts of the town it uses."""

    __slots__ = (
        "_fresh", "_mark", "_own", "_town",
        "choices", "dice", "mates", "memory", "seat", "uses", "view",
    )  # fmt: skip

    def __init__(self, dice: Dice, uses: frozenset[str]) -> None:
        self.dice = dice
        self.memory = Memory()
        self.uses = uses
        self.view: View
        self.choices: Choices
        self.seat: PlayerId = NOBODY
        self.mates: Seats = 0
        self._fresh = False  # all that was said has been heard
        self._mark: Mark = (0, 0, 0, 0)
        self._own: Suspicion | None = None
        self._town: Suspicion | None = None

    def look(self, view: View, choices: Choices) -> None:
        """Turn to the present."""
        self.view, self.choices, self.seat = view, choices, view.viewer
        self.mates = view.faction
        self.memory.begin(view)
        self._fresh = False

    @property
    def own(self) -> Suspicion:
        """What the player itself makes of the others."""
        self.listen()
        if self._own is None:
            self._own = Suspicion(self.view, Evidence(self.view, self.memory))
        return self._own

    @property
    def town(self) -> Suspicion:
        """What the town can make of the others, from what was said in the open."""
        self.listen()
        if self._town is None:
            self._town = Suspicion(self.view, Evidence(self.view, self.memory, private=False))
        return self._town

    @property
    def others(self) -> Seats:
        """Mask of the living but the player and, for the mafia, its mates."""
        return self.view.alive & ~(1 << self.seat) & ~self.mates

    def stranger(self, names: Seats) -> PlayerId:
        """Draw one of the others who is not among some names; NOBODY where there is none."""
        strangers = members(self.others & ~names)
        return strangers[self.dice.below(len(strangers))] if strangers else NOBODY

    @property
    def daytime(self) -> bool:
        """Whether it is day."""
        return self.view.phase is DAY

    def say(
        self, room: str, kind: str, day: int, who: PlayerId = NOBODY, names: Seats = 0,
        places: tuple[PlaceId, ...] = (), role: str = "",
    ) -> Command | None:  # fmt: skip
        """Say a canned line, if the player has not said just that before."""
        called, place = self.memory.names, self.view.rules.catalogue.place
        text = say(
            Line(
                kind,
                day,
                called.get(who, ""),
                tuple(called[seat] for seat in members(names)),
                tuple(place(name).title for name in places),
                self.view.rules.book.role(role).title if role else "",
            )
        )
        self.listen()
        if (self.seat, text) in self.memory.texts or self.memory.words >= self.view.rules.messages:
            return None
        self.memory.words += 1
        return Say(self.seat, room, text)

    def listen(self) -> None:
        """Hear what was said up to now; forget what was thought before something was learnt."""
        if self._fresh:
            return
        self._fresh = True
        view, town = self.view, self.view.town
        learnt = len(town.learnt) if town else 0
        mark = (view.phase_number, self.memory.listen(view), len(view.results), learnt)
        if mark != self._mark:
            self._mark, self._own, self._town = mark, None, None
