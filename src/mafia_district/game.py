"""The game: one deterministic machine, made of the small ones.

`handle` lets a command be decided by its machine, records the events with their audience, and then
runs the *reactions*: the effects of one machine on another, all listed here. They run first in,
first out until it is quiet, and cannot refuse, so a command is all or nothing. In a fold of
recorded events no reaction runs: their events are in the log as well.

Time enters as data. A phase ends when an instant at or after its deadline is seen, whoever says
so: a late command first lets the phase end and is then judged in the next. Chance enters as data
too: the outcome of every draw is in an event, so a replay needs no dice.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, Final

from mafia_district import chance
from mafia_district.chat import Say
from mafia_district.choices import Choices
from mafia_district.clock import Resume
from mafia_district.deal import dealt
from mafia_district.entries import Entries, Row
from mafia_district.ids import (
    KEEPER,
    Cursor,
    Day,
    Instant,
    PlayerId,
    Version,
    Viewer,
    members,
)
from mafia_district.lobby import HandOver, Leave, Open, salts
from mafia_district.machine import Code, Command, Entry, Event, Events, Refused, Sight
from mafia_district.night.collect import NightResolved, NightsShown, armed, resolve_night
from mafia_district.outcome import (
    End,
    GameEnded,
    Outcome,
    SeedShown,
    WonAlone,
    game_ended,
    judge,
    stalemate,
    won_by_lynch,
)
from mafia_district.phases import (
    DAY,
    ENDED,
    NIGHT,
    STARTING,
    DeadlineMoved,
    DoneSet,
    Phase,
    phase_began,
)
from mafia_district.record import Header, Recorded
from mafia_district.roster import (
    LEFT_TOWN,
    LYNCHED,
    GameStarted,
    PlayerLeft,
    RolesDealt,
    Roster,
    death,
    roles_dealt,
    roles_shown,
)
from mafia_district.rules import Rules
from mafia_district.sights import Index, told
from mafia_district.state import DECIDES, EVOLVES, FACTS, State
from mafia_district.view import View
from mafia_district.voting import BallotsCounted, VoteClosed, verdict


class Game:
    """One game, from the lobby to the end; begin it with `Game.open`.

    >>> game = Game.open(Rules.preset("classic"), seed=7, at=0)
    >>> game.phase.value
    'lobby'
    """

    __slots__ = ("_index", "_log", "_views", "at", "chosen_seed", "seed", "state")

    def __init__(self, rules: Rules, seed: bytes | None, *, chosen_seed: bool) -> None:
        self.state = State(rules)
        self.seed = seed
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
        deadline = table.phases.deadline
        if deadline is None:
            self._require_clock(command)
        elif at >= deadline:
            self.tick(at)
        if at < self.at:
            raise ValueError(f"time runs forward: {at} is before {self.at}")
        decide, place = DECIDES[type(command)]
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
        """Let each phase end whose deadline has come; its command id is `deadline:<phase>`.

        It ends at its deadline, not when somebody noticed: who was late must leave no trace.
        """
        before = len(self._log)
        self.tick(at)
        return self.log[before:]

    def tick(self, at: Instant) -> None:
        """Do what `pass_time` does, for callers who do not look at the entries."""
        table = self.state.table
        phases = table.phases
        while (deadline := phases.deadline) is not None and at >= deadline:
            if deadline < self.at:
                deadline = self.at
            table.at = deadline
            self._record(CLOSINGS[phases.phase](self), deadline, _at_deadline(phases.number))

    def _record(self, events: Events, at: Instant, command_id: str) -> None:
        """Record events and what they bring about, each with the audience of that moment."""
        log, table, machines = self._log, self.state.table, self.state.machines
        self.at = at
        while events:
            reactions: Events = ()
            for event in events:
                audience, asked, evolve, place, also, react = _ROWS[type(event)]
                if asked is not None:
                    audience = asked(table, event)
                log.append((at, command_id, audience, event))
                evolve(table, machines[place], event)
                if also is not None:
                    for hear, other in also:
                        hear(table, machines[other], event)
                if react is not None:
                    reactions += react(self, event)
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
        log = self.log
        seen = (log[version - 1] for version in self._read().after(viewer, after))
        return tuple(
            Sight(cursor, entry.at, told(entry.event, viewer))
            for cursor, entry in enumerate(seen, after + 1)
        )

    def _read(self) -> Index:
        """Give the index of who may see what, caught up with the log."""
        if self._index is None:
            self._index = Index()
        self._index.extend(self.log)
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
        self.state.become(other.state)
        self.seed = other.seed if seed is None else seed
        self.chosen_seed = other.chosen_seed
        self.at = other.at
        self._log = other._log.copy()
        self._index = None


@lru_cache(maxsize=1 << 8)
def _at_deadline(number: int) -> str:
    """Name the command of a clock that lets a phase end."""
    return f"deadline:{number}"


def _deal(game: Game) -> Events:
    """End the countdown: deal the roles, fair to all who added a salt."""
    assert game.seed is not None, "a game without its seed cannot be played on"
    lobby, table = game.state.lobby, game.state.table
    seats = members(table.roster.seats)
    setup = table.rules.setup(len(seats))
    given = salts(lobby) if lobby.salts else ()
    started = GameStarted(game.commitment, setup.roles, given)
    return started, roles_dealt(dealt(game.seed, seats, given, setup))


def _close_day(game: Game) -> Events:
    """Close the vote as it stands."""
    return (verdict(game.state.table, game.state.voting),)


def _close_night(game: Game) -> Events:
    """Resolve what was chosen in the dark."""
    return resolve_night(game.state.table, game.state.night)


def _open_first_phase(game: Game, event: RolesDealt) -> Events:
    """Judge the game as it was dealt, and begin the first phase."""
    return _close(game, (), NIGHT if game.rules.first_phase == "night" else DAY)


def _lynch(game: Game, event: VoteClosed) -> Events:
    """Let die whom the vote condemned, judge the game and go on."""
    table, seat = game.state.table, event.target
    next_phase = DAY if table.rules.nightless else NIGHT
    if seat < 0:
        return _close(game, (), next_phase)
    alone = won_by_lynch(table, seat) if table.roster.neutral else ()
    return alone + _close(game, ((seat, LYNCHED),), next_phase, alone)


def _dawn(game: Game, event: NightResolved) -> Events:
    """Let die whom the night killed, judge the game and go on."""
    return _close(game, event.deaths, DAY)


def _close(
    game: Game,
    killed: Sequence[tuple[PlayerId, str]],
    phase: Phase,
    alone: tuple[WonAlone, ...] = (),
) -> Events:
    """Let die who was killed and who has walked out, then judge the game and go on.

    `alone` are those who have just won alone, which is not recorded yet.
    """
    table = game.state.table
    roster, phases, rules = table.roster, table.phases, table.rules
    alive, deaths = roster.alive, []
    if roster.gone & alive:
        killed = (*killed, *_leavers(roster, killed))
    for seat, cause in killed:
        deaths.append(death(roster, seat, cause, rules.reveal_on_death))
        alive &= ~(1 << seat)
    day, length = phases.day, rules.night_ms
    if phase is DAY:
        day, length = day + 1, rules.day_ms
    ended = judge(table, alive, armed(table, game.state.night) if roster.killers else 0)
    if ended is None and phase is DAY and not deaths:
        ended = stalemate(table, day)
    if ended is None:
        return *deaths, phase_began(phase, phases.number + 1, day, table.at + length)
    winners, reason = ended
    seats = (*game.state.outcome.seats, *[won.seat for won in alone])
    return *deaths, game_ended(winners, seats, reason)


def _leavers(roster: Roster, killed: Sequence[tuple[PlayerId, str]]) -> list[tuple[PlayerId, str]]:
    """List the deaths of those who have walked out, where nothing else has killed them."""
    dead = {seat for seat, _ in killed}
    left = members(roster.gone & roster.alive)
    return [(seat, LEFT_TOWN) for seat in left if seat not in dead]


def _reveal(game: Game, event: GameEnded) -> Events:
    """Show at the end what was secret: roles, nights and the seed."""
    assert game.seed is not None, "a game without its seed cannot be played on"
    phases = game.state.table.phases
    return (
        roles_shown(game.state.table.roster.deal),
        NightsShown(game.state.night.nights),
        SeedShown(game.seed.hex()),
        phase_began(ENDED, phases.number + 1, phases.day, None),
    )


def _end_early(game: Game, event: Event) -> Events:
    """Close the phase when all the living who are here are done, and by ballot have voted."""
    table, voting = game.state.table, game.state.voting
    phases, here = table.phases, table.roster.here
    if phases.phase not in (DAY, NIGHT) or phases.paused is not None or here & ~phases.done:
        return ()
    if voting.secret and phases.phase is DAY and voting.count < here.bit_count():
        return ()
    return CLOSINGS[phases.phase](game)


def _walk_out(game: Game, event: PlayerLeft) -> Events:
    """Count the ballots anew, since the leaver's is void, or let the others go on."""
    voting = game.state.voting
    if voting.secret and len(voting.votes) < voting.count:
        return (BallotsCounted(len(voting.votes)),)
    return _end_early(game, event)


WHILE_PAUSED: Final = frozenset({Say, Leave, Resume, End, HandOver})

# What ends a phase, by phase.
CLOSINGS: Final[dict[Phase, Callable[[Game], Events]]] = {
    STARTING: _deal,
    DAY: _close_day,
    NIGHT: _close_night,
}

# What one machine's event brings about in others, by event.
REACTIONS: Final[dict[type[Any], Callable[[Game, Any], Events]]] = {
    RolesDealt: _open_first_phase,
    VoteClosed: _lynch,
    NightResolved: _dawn,
    DeadlineMoved: _end_early,
    DoneSet: _end_early,
    BallotsCounted: _end_early,
    PlayerLeft: _walk_out,
    GameEnded: _reveal,
}

# All that recording an event takes, in one row: its audience, or what to ask for it, what records
# it and where, who else hears of it, and what it brings about.
_ROWS: Final[dict[type[Any], tuple[Any, ...]]] = {
    kind: (
        *((None, fact.audience) if callable(fact.audience) else (fact.audience, None)),
        *EVOLVES[kind][0],
        EVOLVES[kind][1:] or None,
        REACTIONS.get(kind),
    )
    for kind, fact in FACTS.items()
}
