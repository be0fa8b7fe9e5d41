"""Streets to test in: a small town by day, its machines folded as a game folds them.

Nothing happens here by itself but what walking, using and being paid bring about; dawns, deaths and
deals are told as events, so that a test says exactly what it is about.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import pytest

from mafia_district.catalogue import Asset, Career, Catalogue, Place, Rumor, Task, Trade
from mafia_district.catalogue.items import ITEMS
from mafia_district.catalogue.records import SLOTS
from mafia_district.chance import seed_from
from mafia_district.course import REACTIONS
from mafia_district.ids import EVERYONE, PlayerId, Seats, has
from mafia_district.items import ItemUsed
from mafia_district.looks import LookChosen
from mafia_district.machine import Code, Command, Event, Events, Refused
from mafia_district.phases import DAY, EVENING, PhaseBegan
from mafia_district.purse import AT_START, CoinsMoved
from mafia_district.roster import GameStarted, RolesDealt, SeatTaken
from mafia_district.rules import Rules
from mafia_district.state import MACHINES, State
from mafia_district.tasks import ErrandPaid
from mafia_district.town import CareersDealt, DawnBroke, DuskFell, Move, Walked

SQUARE: Final = "town_square"
BUREAU: Final = "informator_bureau"
LIVELY: Final = (Walked, ItemUsed, ErrandPaid)  # the events that bring something about
COLOURS: Final = ("red", "green", "blue")

PLACES: Final = (
    Place(SQUARE, "Town Square", "The middle."),
    Place("shop", "Shop", "Goods."),
    Place(BUREAU, "Informator Bureau", "Sentences."),
    Place("docks", "Docks", "Fog."),
    Place("church", "Church", "Bells."),
    Place("vault", "Vault", "Coins.", careers=("banker",)),
)
CAREERS: Final = (
    Career("hunter", "Hunter", "docks", "."),
    Career("banker", "Banker", "vault", "."),
)
TASKS: Final = (
    Task("hunt", "visit", 20, "Hunt rats at the {place}.", "hunter", "docks"),
    Task("brag", "meet", 40, "Brag to {person}.", "hunter"),
    Task("count", "visit", 20, "Count coins in the {place}.", "banker", "vault"),
    Task("lend", "meet", 40, "Lend to {person} at the {place}.", "banker", "church"),
    Task(
        "pray", "visit", 30, "Pray in the {place}.", "", "church", leaks=True,
        voices=(("mafia_goon", "Count the exits of the {place}."),),
    ),
    Task("look", "use", 50, "Use {item}.", "", "", "glass"),
    Task("shine", "use", 50, "Use {item} at the {place}.", "", "docks", "lantern", leaks=True),
    Task("chat", "meet", 35, "Talk to {person}.", "", leaks=True),
    Task("audit", "visit", 60, "Audit the {place}.", "", "vault"),
)  # fmt: skip
RUMORS: Final = (
    Rumor("a1", "appearance", "A {asset} was at the {place}."),
    Rumor("w1", "whereabouts", "{person} was at the {place}."),
    Rumor("w2", "whereabouts", "The {place} has seen {person}."),
    Rumor("t1", "task", "{person} is wanted at the {place}."),
    Rumor("r1", "role", "One of {persons} is a {role}."),
)
ASSETS: Final = tuple(Asset(f"{c}_{s}", s, f"{c} {s}") for s in SLOTS for c in COLOURS)


DECIDES: Final = {
    kind: (decide, place)
    for place, machine in enumerate(MACHINES)
    for kind, decide in machine.commands.items()
}


def catalogue(reliability: int = 1_000) -> Catalogue:
    """Make the town's catalogue, with rumors of all kinds so reliable, in thousandths."""
    kinds = (("appearance", 30), ("whereabouts", 50), ("task", 60), ("role", 90))
    trades = tuple(Trade(kind, price, reliability) for kind, price in kinds)  # type: ignore[arg-type]
    return Catalogue("street", PLACES, CAREERS, ITEMS, TASKS, RUMORS, ASSETS, trades)


class Street:
    """A town on its first morning: everybody on the Square with 1000 coins and no errands yet."""

    def __init__(
        self, deal: Sequence[str], *, seed: int = 7, reliability: int = 1_000, **settings: Any
    ) -> None:
        roles = tuple(Counter(deal).items())
        settings = {"roles": roles, "moves_a_day": 99, "rumor_garbled": 0, **settings}
        rules = Rules.preset("district").replace(catalogue=catalogue(reliability), **settings)
        self.state = State(rules)
        self.table = self.state.table
        self.table.seed = seed_from(seed)
        self.log: list[tuple[Seats, Event]] = []
        seats = range(len(deal))
        self.record(*[SeatTaken(seat, f"Player {seat}", False, "") for seat in seats])
        self.record(GameStarted("", roles, ()), RolesDealt(tuple(deal)))
        self.record(CareersDealt(tuple(CAREERS[seat % 2].id for seat in seats)))
        self.record(*[LookChosen(seat, _look(seat)) for seat in seats])
        self.record(*[CoinsMoved(seat, 1_000, AT_START) for seat in seats])
        self.dawn(1)

    def record(self, *events: Event) -> Events:
        """Record events and what they bring about; give all of them."""
        happened: list[Event] = []
        for event in events:
            self.log.append((self.state.audience(event), event))
            self.state.apply(event)
            happened += (event, *self.record(*_reactions(self.state, event)))
        return tuple(happened)

    def decide(self, command: Command) -> Events:
        """Give what a command would bring about, and record nothing."""
        decide, place = DECIDES[type(command)]
        events: Events = decide(self.table, self.state.machines[place], command)
        return events

    def do(self, *commands: Command) -> Events:
        """Send commands; give all events that came of them."""
        return tuple(event for sent in commands for event in self.record(*self.decide(sent)))

    def refused(self, command: Command) -> Code:
        """Give the code with which a command is refused."""
        with pytest.raises(Refused) as refusal:
            self.decide(command)
        return refusal.value.code

    def walk(self, place: str, *seats: PlayerId) -> Events:
        """Let seats walk to a place, one after the other."""
        return self.do(*[Move(seat, place) for seat in seats])

    def dawn(self, day: int) -> None:
        """Let a day begin, without new errands."""
        self.record(PhaseBegan(DAY, 2 * day, day, None), DawnBroke(day))

    def dusk(self) -> None:
        """Let the evening come."""
        day = self.table.phases.day
        self.record(PhaseBegan(EVENING, 2 * day + 1, day, None), DuskFell(day, False))

    def fold(self, seat: PlayerId) -> State:
        """Fold what one seat may know of all that has happened."""
        state = State(self.table.rules)
        for audience, event in self.log:
            if audience == EVERYONE or has(audience, seat):
                state.apply(event)
        return state


def _reactions(state: State, event: Event) -> Events:
    """Give what an event brings about in a street."""
    return REACTIONS[type(event)](state, event) if type(event) in LIVELY else ()


def _look(seat: PlayerId) -> tuple[str, ...]:
    """Dress a seat so that colours come together differently for everybody."""
    return tuple(f"{COLOURS[seat // 3**at % 3]}_{slot}" for at, slot in enumerate(SLOTS))
