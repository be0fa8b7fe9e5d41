"""The view: what one viewer may see of a game, as a window on its state.

Nothing is copied and nothing is computed until it is looked at. The same window opens on the whole
game and on the fold of one viewer's events, and shows the same through both: the whole state is
asked only for what its events have told that viewer. Spectators see what is public; the keeper
sees everything.
"""

from collections.abc import Mapping

import attrs

from mafia_district.chat import Message, MessageSaid, WhisperHeard, WhisperSeen
from mafia_district.choices import Choices
from mafia_district.ids import (
    EVERYONE,
    KEEPER,
    NOBODY,
    Day,
    Instant,
    Millis,
    PlayerId,
    Seats,
    Viewer,
    has,
    members,
)
from mafia_district.keeper import Glance
from mafia_district.night.collect import ActionChosen, NightResolved, ResultLearned
from mafia_district.night.deed import FACTION_KILL
from mafia_district.outcome import Outcome
from mafia_district.phases import Phase
from mafia_district.rules import Rules
from mafia_district.state import State
from mafia_district.substitution import offered
from mafia_district.town_view import TownView
from mafia_district.voting import VoteClosed


@attrs.frozen
class SeatView:
    """One seat as a viewer sees it.

    `role` is a catalogue name where the viewer knows the role, or what its death has shown
    (a role, an alignment, or nothing); empty otherwise.
    """

    seat: PlayerId
    name: str
    bot: bool
    alive: bool
    ready: bool
    done: bool
    gone: bool
    offered: bool
    role: str


@attrs.frozen
class SentenceView:
    """What lies between a vote and a death.

    Who was `accused` last and who was `condemned` last, each NOBODY if nobody was; whether the
    condemned was pardoned, and the last shots as (who, at whom).
    """

    accused: PlayerId
    condemned: PlayerId
    pardoned: bool
    shots: tuple[tuple[PlayerId, PlayerId], ...]


class View:
    """A read-only window on a game for one viewer: a seat, SPECTATOR or KEEPER."""

    __slots__ = ("_state", "choices", "viewer")

    def __init__(self, state: State, viewer: Viewer) -> None:
        self._state = state
        self.viewer = viewer
        self.choices = Choices(state, viewer)  # what the viewer may do now

    @property
    def rules(self) -> Rules:
        """The rules of the game."""
        return self._state.table.rules

    @property
    def phase(self) -> Phase:
        """The phase."""
        return self._state.table.phases.phase

    @property
    def phase_number(self) -> int:
        """How many phases have begun."""
        return self._state.table.phases.number

    @property
    def day(self) -> Day:
        """The day, counted from 1."""
        return self._state.table.phases.day

    @property
    def deadline(self) -> Instant | None:
        """When the phase ends, or None."""
        return self._state.table.phases.deadline

    @property
    def paused(self) -> Millis | None:
        """What is left of the phase while the clock is stopped."""
        return self._state.table.phases.paused

    @property
    def extensions(self) -> int:
        """How often this phase has been extended."""
        return self._state.table.phases.extensions

    @property
    def host(self) -> PlayerId:
        """The host's seat, or NOBODY."""
        return self._state.table.roster.host

    @property
    def public(self) -> bool:
        """Whether anyone may sit down without a code."""
        return self._state.lobby.public

    @property
    def code(self) -> str:
        """The code of a private lobby, for those who sit in it."""
        lobby = self._state.lobby
        return lobby.code if self._is(lobby.told) else ""

    @property
    def closed(self) -> str:
        """Why the lobby closed without a game, or empty."""
        return self._state.lobby.closed

    @property
    def alive(self) -> Seats:
        """Mask of the living."""
        return self._state.table.roster.alive

    @property
    def roles(self) -> tuple[tuple[str, int], ...]:
        """The roles that were dealt and their counts, as far as they are public.

        Of a setup that was drawn, the composition: the keeper's, and after the end everybody's.
        """
        lobby = self._state.lobby
        drawn = lobby.drawn if self.viewer == KEEPER else lobby.shown
        return drawn or lobby.roles

    @property
    def role(self) -> str:
        """The viewer's own role, as it was told them, or empty."""
        role = self._state.table.roster.role(self.viewer)
        return role.told if role else ""

    @property
    def faction(self) -> Seats:
        """Mask of the viewer's faction, themself included; 0 for those without one."""
        mates, viewer = self._state.table.roster.cast.mates, self.viewer
        return mates[viewer] if 0 <= viewer < len(mates) else 0

    @property
    def goal(self) -> PlayerId:
        """Whose lynch the viewer wants, or NOBODY."""
        return self._state.outcome.goals.get(self.viewer, NOBODY)

    @property
    def lovers(self) -> Seats:
        """Mask of the pair that the viewer is of, where lovers are paired; 0 for all others."""
        pairs = self._state.table.roster.pairs
        return next((pair for pair in pairs if has(pair, self.viewer)), 0)

    @property
    def sentence(self) -> SentenceView:
        """Who is accused or condemned, and what has come of it."""
        own = self._state.table.sentence
        return SentenceView(own.accused, own.condemned, own.pardoned, own.shots)

    @property
    def seats(self) -> tuple[SeatView, ...]:
        """All seats that are taken, lowest first."""
        return tuple(self._seat(seat) for seat in members(self._state.table.roster.seats))

    def role_of(self, seat: PlayerId) -> str:
        """Give what the viewer knows of a seat's role: a role, an alignment, or empty."""
        roster = self._state.table.roster
        over = self._state.outcome.seed
        if self._is(roster.faction(seat) | 1 << seat) and not over:
            role = roster.role(seat)
            if role is None:
                return ""
            return role.name if self.viewer == KEEPER else role.told
        return roster.shown.get(seat, "")

    @property
    def votes(self) -> Mapping[PlayerId, PlayerId]:
        """The votes of today by voter, in the order of first votes; of ballots only one's own."""
        voting = self._state.voting
        if voting.secret and self.viewer != KEEPER:
            own = voting.votes.get(self.viewer, NOBODY)
            return {} if own == NOBODY else {self.viewer: own}
        return voting.votes

    @property
    def ballots(self) -> int:
        """How many have cast a secret ballot today."""
        return self._state.voting.count

    @property
    def verdicts(self) -> tuple[VoteClosed, ...]:
        """How each vote closed."""
        return self._state.voting.verdicts

    @property
    def actions(self) -> tuple[ActionChosen, ...]:
        """Tonight's actions that the viewer knows of, in the order of their choosing."""
        return tuple(choice for choice in self._state.night.choices.values() if self._knows(choice))

    @property
    def results(self) -> tuple[ResultLearned, ...]:
        """What the viewer's own actions have told them."""
        results = self._state.night.results
        if self.viewer == KEEPER:
            return tuple(result for seat in sorted(results) for result in results[seat])
        return tuple(results.get(self.viewer, ()))

    @property
    def nights(self) -> tuple[NightResolved, ...]:
        """How the nights went: the keeper's, and after the end everybody's."""
        over = self._state.outcome.seed or self.viewer == KEEPER
        return self._state.night.nights if over else ()

    @property
    def messages(self) -> tuple[MessageSaid | WhisperHeard | WhisperSeen, ...]:
        """What the viewer has heard, and the whispering that they saw."""
        return tuple(kept.said for kept in self._state.chat.messages if self._heard(kept))

    @property
    def won_alone(self) -> tuple[PlayerId, ...]:
        """The seats that have won alone, in the order in which they did."""
        return self._state.outcome.seats

    @property
    def outcome(self) -> Outcome | None:
        """How the game ended, or None."""
        outcome = self._state.outcome
        return outcome if outcome.over else None

    @property
    def seed(self) -> str:
        """The seed in hexadecimal, after the end."""
        return self._state.outcome.seed

    @property
    def keepers(self) -> int:
        """How often the keeper's desk was opened: so many who do not play may see everything."""
        return self._state.desk.opened

    @property
    def looks(self) -> tuple[Glance, ...]:
        """The looks from the keeper's desk: the keeper's, and after the end everybody's."""
        over = self._state.outcome.seed or self.viewer == KEEPER
        return self._state.desk.looks if over else ()

    @property
    def town(self) -> TownView | None:
        """What the viewer may see of the town, or None where the game is played without one."""
        return TownView(self._state, self.viewer) if self.rules.town else None

    def _is(self, seats: Seats) -> bool:
        return self.viewer == KEEPER or has(seats, self.viewer)

    def _seat(self, seat: PlayerId) -> SeatView:
        roster, phases = self._state.table.roster, self._state.table.phases
        return SeatView(
            seat,
            roster.names[seat],
            has(roster.bots, seat),
            has(roster.alive, seat) or not roster.dealt,
            has(self._state.lobby.ready, seat),
            has(phases.done, seat),
            has(roster.gone, seat),
            has(offered(self._state.table, self._state.substitution), seat),
            self.role_of(seat),
        )

    def _knows(self, choice: ActionChosen) -> bool:
        roster = self._state.table.roster
        shared = roster.faction(choice.seat) & roster.here if choice.action == FACTION_KILL else 0
        return self._is(shared | 1 << choice.seat)

    def _heard(self, kept: Message) -> bool:
        return kept.hearers == EVERYONE or self._is(kept.hearers)
