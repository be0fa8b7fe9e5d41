"""The game: one deterministic machine, made of the small ones.

`handle` lets a command be decided by its machine, records the events with their audience, and then
runs the *reactions*: the effects of one machine on another, all listed in `course.py`. They run
first in, first out until it is quiet, and cannot refuse, so a command is all or nothing. In a fold
of recorded events no reaction runs: their events are in the log as well.

Time enters as data. A phase ends when an instant at or after its deadline is seen, whoever says
so: a late command first lets the phase end and is then judged in the next. Chance enters as data
too: the outcome of every draw is in an event, so a replay needs no dice.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

from mafia_district import chance
from mafia_district.chat import Say
from mafia_district.choices import Choices
from mafia_district.clock import Resume
from mafia_district.course import CLOSINGS, IN_TOWN, REACTIONS, RINGS
from mafia_district.entries import Entries, Row
from mafia_district.ids import KEEPER, Cursor, Day, Instant, PlayerId, Version, Viewer
from mafia_district.keeper import LookIn, OpenDesk
from mafia_district.lobby import HandOver, Leave, Open
from mafia_district.machine import Code, Command, Entry, Events, Refused, Sight
from mafia_district.outcome import End, Outcome
from mafia_district.phases import Phase
from mafia_district.record import Header, Recorded
from mafia_district.rules import Rules
from mafia_district.sights import Index, told
from mafia_district.state import DECIDES, EVOLVES, FACTS, State
from mafia_district.substitution import OfferSeat, SeatBot, TakeOver
from mafia_district.view import View


class Game:
    """One game, from the lobby to the end; begin it with `Game.open`.

    >>> game = Game.open(Rules.preset("classic"), seed=7, at=0)
    >>> game.phase.value
    'lobby'
    """

    __slots__ = ("_decides", "_index", "_log", "_rows", "_views", "at", "chosen_seed", "state")

    def __init__(self, rules: Rules, seed: bytes | None, *, chosen_seed: bool) -> None:
        self.state = State(rules)
        self.state.table.seed = seed
        self._rows, self._decides = _ROWS[rules.town], DECIDES[rules.town]
        self.chosen_seed = chosen_seed
        self.at: Instant = 0  # of the last command that was handled
        self._log: list[Row] = []
        self._views: dict[Viewer, View] = {}
        self._index: Index | None = None  # made when somebody reads

    @classmethod
    def open(cls, rules: Rules, seed: int | bytes, at: Instant, *, code: str = "") -> "Game":
        """Open the lobby of a new game; with a code it is private.

        A number as seed is for tests and simulations and marks the record so; a served game's seed
        is 32 secret random bytes. Raises ValueError for bytes of another length.
        """
        chosen = isinstance(seed, int)
        secret = chance.seed_from(seed) if isinstance(seed, int) else seed
        if len(secret) != chance.SEED_BYTES:
            raise ValueError(f"a seed has {chance.SEED_BYTES} bytes, not {len(secret)}")
        game = cls(rules, secret, chosen_seed=chosen)
        game.handle(Open(KEEPER, code), at, "open")
        return game

    @classmethod
    def replay(cls, recorded: Recorded) -> "Game":
        """Make the game that a record tells of; it can be played on if its seed is known."""
        header = recorded.header
        game = cls(header.rules, recorded.seed, chosen_seed=header.chosen_seed)
        game.follow(recorded.entries)
        return game

    def handle(self, command: Command, at: Instant, command_id: str = "") -> tuple[Entry, ...]:
        """Decide a command at an instant, record what comes of it and return the new entries.

        Raises Refused if the command is not allowed now; it has then changed nothing, except that
        a phase whose deadline has come has ended. Raises ValueError for an instant before the last
        entry's, and KeyError for a type that is no command.
        """
        before = len(self._log)
        self.do(command, at, command_id)
        return self.log[before:]

    def do(self, command: Command, at: Instant, command_id: str = "") -> None:
        """Do what `handle` does, for callers who do not look at the entries."""
        table = self.state.table
        alarm = table.phases.alarm
        if alarm is None:
            self._require_clock(command)
        elif at >= alarm:
            self.tick(at)
        if at < self.at:
            raise ValueError(f"time runs forward: {at} is before {self.at}")
        decide, place = self._decides[type(command)]
        table.at = at
        self._record(decide(table, self.state.machines[place], command), at, command_id)

    def _require_clock(self, command: Command) -> None:
        """Refuse what cannot be done while the clock is stopped."""
        if self.state.table.phases.paused is not None and type(command) not in WHILE_PAUSED:
            raise Refused(Code.PAUSED, "the clock is stopped until the host resumes")

    def follow(self, entries: Iterable[Entry]) -> None:
        """Record entries that were decided elsewhere: in a replay, or by another process."""
        for _, at, command_id, audience, event in entries:
            self.state.apply(event, at)
            self._log.append((at, command_id, audience, event))
            self.at = at

    def pass_time(self, at: Instant) -> tuple[Entry, ...]:
        """Let happen what has fallen due: phases end; their command id is `deadline:<phase>`.

        It happens when it was due, not when somebody noticed: who was late must leave no trace.
        """
        before = len(self._log)
        self.tick(at)
        return self.log[before:]

    def tick(self, at: Instant) -> None:
        """Do what `pass_time` does, for callers who do not look at the entries."""
        table = self.state.table
        phases = table.phases
        while (alarm := phases.alarm) is not None and at >= alarm:
            if alarm < self.at:
                alarm = self.at
            table.at = alarm
            due, name = (RINGS, "alarm") if phases.ahead else (CLOSINGS, "deadline")
            events = due[phases.phase](self.state)
            self._record(events, alarm, _command_id(name, phases.number))

    def _record(self, events: Events, at: Instant, command_id: str) -> None:
        """Record events and what they bring about, each with the audience of that moment."""
        log, rows, state = self._log, self._rows, self.state
        table, machines = state.table, state.machines
        self.at = at
        while events:
            reactions: Events = ()
            for event in events:
                audience, asked, evolve, place, also, react = rows[type(event)]
                if asked is not None:
                    audience = asked(table, event)
                log.append((at, command_id, audience, event))
                evolve(table, machines[place], event)
                if also is not None:
                    for hear, other in also:
                        hear(table, machines[other], event)
                if react is not None:
                    reactions += react(state, event)
            events = reactions

    @property
    def rules(self) -> Rules:
        """The rules of this game."""
        return self.state.table.rules

    @property
    def log(self) -> Entries:
        """All entries, the first has version 1; for reading."""
        return Entries(self._log)

    @property
    def version(self) -> Version:
        """The number of entries."""
        return len(self._log)

    @property
    def phase(self) -> Phase:
        """The phase."""
        return self.state.table.phases.phase

    @property
    def phase_number(self) -> int:
        """How many phases have begun."""
        return self.state.table.phases.number

    @property
    def day(self) -> Day:
        """The day, counted from 1."""
        return self.state.table.phases.day

    @property
    def deadline(self) -> Instant | None:
        """When this phase ends; None in an open lobby, while paused, and after the end."""
        return self.state.table.phases.deadline

    @property
    def alarm(self) -> Instant | None:
        """When next anything falls due: the end of the phase, or something within it."""
        return self.state.table.phases.alarm

    @property
    def seed(self) -> bytes | None:
        """The secret seed; None for a game that was replayed without it."""
        return self.state.table.seed

    @property
    def outcome(self) -> Outcome | None:
        """How the game ended, or None while it goes on."""
        outcome = self.state.outcome
        return outcome if outcome.over else None

    @property
    def commitment(self) -> str:
        """The digest of the seed, public from the beginning."""
        if self.seed is None:
            raise ValueError("this game was replayed without its seed")
        return chance.commitment(self.seed)

    def record(self) -> Recorded:
        """Give the record of the game so far."""
        header = Header(self.rules, self.commitment, self.chosen_seed)
        return Recorded(header, self.log[:], self.seed)

    def view(self, viewer: Viewer) -> View:
        """Open a viewer's window on the game: a seat, SPECTATOR or KEEPER. It shows the present."""
        view = self._views.get(viewer)
        if view is None:
            view = self._views[viewer] = View(self.state, viewer)
        return view

    def choices(self, seat: PlayerId) -> Choices:
        """Say what a seat may do now, as far as the seat itself can know."""
        return self.view(seat).choices

    def cursor(self, viewer: Viewer) -> Cursor:
        """Count the entries that a viewer may see."""
        if viewer == KEEPER:
            return len(self._log)
        return self._read().count(viewer)

    def entries(self, viewer: Viewer, after: Cursor = 0) -> tuple[Sight, ...]:
        """Give what a viewer may see after a cursor, numbered without gaps."""
        if viewer == KEEPER:
            return tuple(Sight(entry.version, entry.at, entry.event) for entry in self.log[after:])
        seen = (self._log[version - 1] for version in self._read().after(viewer, after))
        return tuple(
            Sight(cursor, at, told(self.rules, event, viewer))
            for cursor, (at, _, _, event) in enumerate(seen, after + 1)
        )

    def _read(self) -> Index:
        """Give the index of who may see what, caught up with the log."""
        if self._index is None:
            self._index = Index()
        self._index.extend(self._log)
        return self._index

    def fork(self, seed: bytes | None = None) -> "Game":
        """Copy the game, for search with another seed; nothing that changes is shared."""
        copy = Game.__new__(Game)
        copy.state = State.__new__(State)
        copy._views = {}
        copy.become(self, seed)
        return copy

    def become(self, other: "Game", seed: bytes | None = None) -> None:
        """Turn into a copy of another game, to play on from one position again and again.

        This is `fork` without a new object: windows on this game stay open and show the copy.
        """
        self.state.become(other.state, seed)
        self._rows, self._decides = other._rows, other._decides
        self.chosen_seed = other.chosen_seed
        self.at = other.at
        self._log = other._log.copy()
        self._index = None


WHILE_PAUSED: Final = frozenset(
    {Say, Leave, Resume, End, HandOver, OfferSeat, SeatBot, TakeOver, OpenDesk, LookIn}
)


@lru_cache(maxsize=1 << 10)
def _command_id(due: str, phase: int) -> str:
    """Name the command of a clock that lets something happen."""
    return f"{due}:{phase}"


def _rows(town: bool) -> dict[type[Any], tuple[Any, ...]]:
    """Put together all that recording an event takes, in one row by event.

    That is its audience, or what to ask for it, what records it and where, who else hears of it,
    and what it brings about.
    """
    return {
        kind: (
            *((None, fact.audience) if callable(fact.audience) else (fact.audience, None)),
            *EVOLVES[town][kind][0],
            EVOLVES[town][kind][1:] or None,
            REACTIONS.get(kind) if town or kind not in IN_TOWN else None,
        )
        for kind, fact in FACTS.items()
        if kind in EVOLVES[town]
    }


_ROWS: Final = {town: _rows(town) for town in (False, True)}
