"""Cases: small tables whose outcome somebody has settled, played through the real engine.

A case names its players with their roles and lists what they do; the file format is described in
`docs/cases.md` and read by `case_file.py`. It is played as a game would be: from a record that
deals those roles, by commands that the engine may refuse. A refused action is dropped, its actor is
told `illegal_action`, and the account of the case says why (`refusals.py`).
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from mafia_district.catalogue import BUILT_IN, Catalogue
from mafia_district.game import Game
from mafia_district.house import HOUSES
from mafia_district.ids import EVERYONE, KEEPER, NO_LYNCH, NOBODY, PlayerId, members
from mafia_district.lab.account import account
from mafia_district.lab.case_file import (
    ALSO,
    DEAD,
    NO_LYNCH_WORD,
    VOTES,
    BadCase,
    Case,
    Step,
    faults,
    read,
)
from mafia_district.lab.refusals import refusal
from mafia_district.machine import Command, Entry, Event, Refused
from mafia_district.near import hint
from mafia_district.night.collect import Act, NightResolved, ResultLearned
from mafia_district.night.deed import FACTION_KILL
from mafia_district.night.powers import REVENGE
from mafia_district.night.resolve import Reason
from mafia_district.night.verbs import VERBS
from mafia_district.night.verbs.looking import bare, unsided
from mafia_district.outcome import BY_LYNCH, GoalSet
from mafia_district.phases import DAY, JUDGEMENT, NIGHT, TRIAL, TWILIGHT, Phase, PhaseBegan
from mafia_district.roles import Role
from mafia_district.roster import GameStarted, PlayerDied, RolesDealt, SeatTaken
from mafia_district.rules import Rules
from mafia_district.sentence import GraveOpened, Strike
from mafia_district.setups import PUBLISHED
from mafia_district.voting import CastVote, Unvote, voters

ILLEGAL: Final = "illegal_action"
OF_A_SETUP: Final = "setup:"  # before the name of a setup, whose rules are meant
ONESELF: Final = ("reveal",)  # besides the verbs of the night that name nobody

__all__ = ["BadCase", "Case", "Step", "check", "read", "solve"]


def solve(case: Case, house: str = "", catalogue: Catalogue = BUILT_IN) -> dict[str, Any]:
    """Play a case and say what came of it, in the words that `expected` uses.

    `house` overrules the house that the case names; its roles are those of a catalogue's book.
    Raises BadCase.
    """
    if wrong := faults(case, catalogue.book):
        raise BadCase("\n".join(wrong))
    played = Played(case, house or case.ruleset, catalogue)
    played.play()
    return played.answer()


class Played:
    """A case while it is played."""

    def __init__(self, case: Case, house: str, catalogue: Catalogue) -> None:
        self.case = case
        self.names = list(case.players)
        find = catalogue.book.role
        self.cast = [find(name.removeprefix(DEAD)) for name in case.players.values()]
        self.illegal: dict[str, str] = {}
        self.refusals: list[str] = []
        self.rules = _rules(case, house, self.cast, catalogue)
        self.game = _dealt(self.rules, case, self.cast, self._begins())
        self.begun = self.game.version

    def _begins(self) -> tuple[Phase, int]:
        """Say in what the case begins: a day case by day, unless its first action is a night's."""
        first = self.case.actions[0].action if self.case.actions else ""
        by_day = self.case.kind == "day" and not self._nightly(first)
        return (DAY if by_day or self.rules.nightless else NIGHT), self.case.night

    def play(self) -> None:
        """Do what the case lists, each in its phase; a night or a table is played to its end.

        What comes too late by day is refused and does not count.
        """
        for step in self.case.actions:
            if step.action == "end_day":
                self._end_day()
            elif step.action in (*VOTES, "dies"):
                self._reach(DAY, JUDGEMENT)
                self._handle(self._by_day(step), step)
                self._close_ballot()
            else:
                self._act(step)
        if self.case.kind != "day" or self.game.phase is TWILIGHT:
            self._pass()

    def _handle(self, command: Command, step: Step) -> bool:
        """Do something, or note why it was refused; tell whether it was done."""
        try:
            self.game.handle(command, self.game.at)
        except Refused as refused:
            self.refusals.append(refusal(self.game, command, refused, step))
            return False
        return True

    def _end_day(self) -> None:
        """Let the vote run out; where a death waits for a word, a second end of the day ends it."""
        waiting = self.game.phase is TWILIGHT
        while self.game.phase in (DAY, TRIAL, JUDGEMENT) or waiting:
            self._pass()
            waiting = False

    def _close_ballot(self) -> None:
        """End a secret vote when all have voted, as they would say that they are done."""
        voting, table = self.game.state.voting, self.game.state.table
        if voting.secret and voting.count == voters(table).bit_count():
            self._pass()

    def _by_day(self, step: Step) -> Command:
        seat = self._seat(step.actor)
        if step.action == "dies":
            return Strike(KEEPER, seat)
        if step.action == "unvote":
            return Unvote(seat)
        nobody = step.target == NO_LYNCH_WORD
        return CastVote(seat, NO_LYNCH if nobody else self._seat(step.target))

    def _nightly(self, word: str) -> bool:
        """Tell whether an action is one of a night; revenge is of any hour."""
        return any(verb in VERBS and verb != REVENGE for verb in ALSO.get(word, (word,)))

    def _reach(self, *phases: Phase, night: int = 0) -> None:
        """Let the time pass until a phase, or a night by its number; no further than the end."""
        while self.game.deadline is not None and (
            self.game.phase not in phases or (night and self.game.day + 1 < night)
        ):
            self._pass()

    def _pass(self) -> None:
        deadline = self.game.deadline
        if deadline is None:
            raise BadCase(f"case {self.case.id}: the game is over before all has been done")
        self.game.pass_time(deadline)

    def _act(self, step: Step) -> None:
        if self._nightly(step.action):
            self._reach(NIGHT, night=step.night)
        actor = self._seat(step.actor)
        verb = self._verb(actor, step.action)
        names_nobody = verb in ONESELF or (verb in VERBS and not VERBS[verb].targets)
        target = self._seat(step.target) if step.target else actor if names_nobody else NOBODY
        second = self._seat(step.target2) if step.target2 else NOBODY
        if not self._handle(Act(actor, verb, target, second), step):
            self.illegal[step.actor] = ILLEGAL

    def _seat(self, name: str) -> PlayerId:
        return self.names.index(name)

    def _verb(self, seat: PlayerId, word: str) -> str:
        """Find the verb that a case's word means for a seat."""
        own = [ability.verb for ability in self.cast[seat].abilities]
        faction = [FACTION_KILL] if self.cast[seat].faction else []
        known = ALSO.get(word, (word,))
        found = [verb for verb in known if verb in (*own, *faction)]
        return found[0] if found else known[0]

    def answer(self) -> dict[str, Any]:
        """Say what came of it."""
        events = [entry.event for entry in self.game.log[self.begun :]]
        nights = [event for event in events if isinstance(event, NightResolved)]
        reasons = [reason for night in nights for reason in night.reasons]
        blocked = {reason.actor for reason in reasons if reason.outcome in ("blocked", "loop")}
        blocked |= {reason.target for reason in reasons if _blocks(reason)}
        return {
            "id": self.case.id,
            "deaths": self._named({e.seat for e in events if isinstance(e, PlayerDied)}),
            "results": dict(self._results(events)),
            "blocked": self._named(blocked),
            "state": dict(self._state()),
            "roles": dict(zip(self.names, self.game.state.table.roster.now, strict=True)),
            "phase": self.game.phase.value,
            **self._outcome(),
            "next_night_deaths": self._next_night(),
            "why": [*self.refusals, *account(events, self.names.__getitem__)],
        }

    def _named(self, seats: Iterable[PlayerId]) -> list[str]:
        return sorted(self.names[seat] for seat in seats)

    def _results(self, events: Iterable[Event]) -> Iterator[tuple[str, Any]]:
        yield from self.illegal.items()
        for told in events:
            if isinstance(told, ResultLearned):
                yield self.names[told.seat], self._told(told)

    def _told(self, told: ResultLearned) -> Any:
        if VERBS[told.action].tells and not VERBS[told.action].nameless:
            return f"{self.names[told.target]}_{told.result}"
        return self._named(told.seen) if told.result == "seen" else told.result

    def _state(self) -> Iterator[tuple[str, Any]]:
        night, roster = self.game.state.night, self.game.state.table.roster
        yield "doused", self._named(members(night.doused & roster.alive))
        for seat, name in enumerate(self.names):
            held = roster.cast.roles[seat]
            assert held is not None, "every seat of a case has a role"
            yield f"{name}.role", bare(held)
            yield f"{name}.vest", night.vests.get(seat, 0)
            uses = [uses for (who, _), uses in night.uses.items() if who == seat]
            if uses:
                yield f"{name}.shots", sum(uses)

    def _outcome(self) -> dict[str, Any]:
        outcome = self.game.state.outcome
        winners = [*outcome.winners, *self._named(outcome.seats)]
        return {
            "winners": winners if outcome.over or winners else None,
            "game_over": outcome.over,
        }

    def _next_night(self) -> list[str]:
        """Let a day and a night pass in which nobody does anything."""
        if self.case.kind != "night" or self.game.deadline is None:
            return []
        later = self.game.fork()
        while later.deadline is not None and later.phase is not NIGHT:
            later.pass_time(later.deadline)
        since = later.version
        if later.deadline is not None:
            later.pass_time(later.deadline)
        return self._named(
            {entry.event.seat for entry in later.log[since:] if isinstance(entry.event, PlayerDied)}
        )


def _blocks(reason: Reason) -> bool:
    """Tell whether an action has blocked whomever it named, who may have had nothing to do."""
    return reason.verb in ("roleblock", "jail") and reason.outcome == "done"


def check(case: Case, answer: Mapping[str, Any]) -> list[str]:
    """List where an answer is not what the case expects; lists are compared as sets.

    A role may be expected by the short name that a role cop reads, or by the catalogue's.
    """
    return [
        f"{key}: expected {wanted!r}, found {found!r}"
        for key, wanted, found in _compared(case, answer)
        if not _same(wanted, found)
    ]


def _compared(case: Case, answer: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    for key, wanted in case.expected.items():
        if key in ("results", "state"):
            for name, value in wanted.items():
                found = answer[key].get(name)
                yield f"{key} {name}", _short(value, found, _meant(key, name, case, answer)), found
        elif key == "blocked":
            yield key, wanted, [name for name in answer[key] if name in wanted]
        else:
            yield key, wanted, answer.get(key)


def _meant(key: str, name: str, case: Case, answer: Mapping[str, Any]) -> list[str]:
    """List the roles that may be meant: the one of a player, or those of all the table."""
    roles: dict[str, str] = answer["roles"]
    if key == "state":
        return [roles.get(name.removesuffix(".role"), "")]
    return [*case.players.values(), *roles.values()]


def _short(wanted: Any, found: Any, roles: Iterable[str]) -> Any:
    """Give what is expected as it is answered, where it is a role of the table that is meant."""
    full = isinstance(wanted, str) and wanted in [role.removeprefix(DEAD) for role in roles]
    return found if full and unsided(wanted) == found else wanted


def _same(wanted: Any, found: Any) -> bool:
    if isinstance(wanted, list) and isinstance(found, list):
        return set(wanted) == set(found)
    return bool(wanted == found)


def _rules(case: Case, house: str, cast: list[Role], catalogue: Catalogue) -> Rules:
    names = [held.name for held in cast]
    counts = tuple((name, names.count(name)) for name in dict.fromkeys(names))
    rules = _ruleset(case, house).replace(catalogue=catalogue, roles=counts, min_seats=1)
    if case.kind == "win" and rules.stalemate_wins:
        rules = rules.replace(faction_kills=0)  # the table is judged as if all kills were spent
    return rules if rules.nightless else rules.replace(first_phase="night")


def _ruleset(case: Case, name: str) -> Rules:
    """Give the rules that a ruleset names: a house's, or those of a setup over the first house."""
    if not name.startswith(OF_A_SETUP):
        return _in_house(case, name)
    try:
        return Rules.published(name.removeprefix(OF_A_SETUP), "classic")
    except ValueError as unknown:
        raise BadCase(f"case {case.id}: {unknown}") from None


def _in_house(case: Case, name: str) -> Rules:
    if name not in HOUSES:
        raise BadCase(f"case {case.id}: {no_house(name)}")
    return Rules.preset("classic").in_house(name)


def no_house(name: str) -> str:
    """Say that there is no such house, and which there are."""
    if name in PUBLISHED:
        return f"{name!r} is no house but a setup: write {OF_A_SETUP}{name}"
    near = hint(name, HOUSES)
    return f"no house is called {name!r}: choose {', '.join(HOUSES)}, or {OF_A_SETUP}NAME{near}"


def _goals(case: Case, cast: list[Role]) -> Iterator[tuple[PlayerId, PlayerId]]:
    """Say whose lynch is wanted: a case tells nobody's, so the last of the town's voted for."""
    names = list(case.players)
    aims = [names.index(step.target) for step in case.actions if step.target in names]
    town = [aim for aim in aims if cast[aim].alignment == "town"]
    for seat, held in enumerate(cast):
        if held.wins in BY_LYNCH and town:
            yield seat, town[-1]


def _dealt(rules: Rules, case: Case, cast: list[Role], begins: tuple[Phase, int]) -> Game:
    """Make a game in which these roles were dealt, at the beginning of a night or a day."""
    phase, night = begins
    events: list[Event] = [
        SeatTaken(seat, name, True, "") for seat, name in enumerate(case.players)
    ]
    events += [GameStarted("", rules.roles, ()), RolesDealt(tuple(held.name for held in cast))]
    for seat, name in enumerate(case.players.values()):
        if name.startswith(DEAD):
            events.append(PlayerDied(seat, "before", ""))
    events.append(PhaseBegan(phase, 1, night - 1, rules.night_ms))
    events += [GoalSet(seat, goal) for seat, goal in _goals(case, cast)]
    if rules.jester_haunts:
        everybody = (1 << len(cast)) - 1
        names = enumerate(case.players.values())
        events += [GraveOpened(seat, everybody) for seat, name in names if name == DEAD + "jester"]
    game = Game.open(rules, 0, 0)
    game.follow(
        Entry(game.version + place, 0, "case", EVERYONE, event)
        for place, event in enumerate(events, 1)
    )
    return game
