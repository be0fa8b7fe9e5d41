"""The turn of a phase: the dead are buried, the game is judged, and the next phase begins.

Whatever closes a phase comes here: the end of a vote, of a night, or of a day without either. Those
who have walked out die with the rest. Only then is victory judged, once, for all that happened. A
death by day is judged in the same way, within the phase.
"""

from collections.abc import Sequence

from mafia_district.ids import Day, PlayerId, Seats, members
from mafia_district.machine import Event, Events
from mafia_district.night.powers import armed, factions_kill
from mafia_district.outcome import (
    GameEnded,
    Verdict,
    WonAlone,
    bereft,
    game_ended,
    judge,
    stalemate,
    survivors,
    unarmed,
)
from mafia_district.phases import DAY, EVENING, Phase, phase_began
from mafia_district.roster import LEFT_TOWN, Roster, death, turned
from mafia_district.rules import Rules
from mafia_district.state import State
from mafia_district.table import Table
from mafia_district.town import DawnBroke, DuskFell


def close(
    state: State,
    killed: Sequence[tuple[PlayerId, str]],
    phase: Phase,
    alone: tuple[WonAlone, ...] = (),
    ended: Verdict | None = None,
    spared: bool = False,
) -> Events:
    """Let die who was killed and who has walked out, then judge the game and go on.

    `alone` are those who have just won alone, which is not recorded yet; `ended` is a verdict that
    has been found already. Where somebody was `spared` and nobody dies there is nothing to judge.
    """
    table, outcome = state.table, state.outcome
    deaths, alive = _buried(table, killed)
    if ended is None and (deaths or not spared):
        ended = _judged(state, alive)
    if ended is None and phase is DAY and not deaths:
        ended = stalemate(table, table.phases.day + 1)
    if outcome.special:
        deaths += disappointed(state, table.roster.alive & ~alive, alone)
    if ended is None:
        return *deaths, *_opened(table, phase)
    return *deaths, _over(state, alive, ended, alone)


def judged_by_day(state: State) -> Events:
    """Judge the game within a phase; who has walked out counts as dead, and dies if it is over."""
    deaths, alive = _buried(state.table, ())
    ended = _judged(state, alive)
    return (*deaths, _over(state, alive, ended)) if ended is not None else ()


def disappointed(state: State, dead: Seats, alone: tuple[WonAlone, ...] = ()) -> list[Event]:
    """Make jesters of the executioners whose target has died another death than they wanted."""
    roster, won = state.table.roster, [winner.seat for winner in alone]
    lost = [seat for seat in bereft(state.table, state.outcome, dead) if seat not in won]
    return [event for seat in lost for event in turned(roster, seat, "jester")]


def _buried(table: Table, killed: Sequence[tuple[PlayerId, str]]) -> tuple[list[Event], Seats]:
    """Make the deaths of who was killed and who has walked out, and give who lives after them."""
    roster, reveal = table.roster, table.rules.reveal_on_death
    alive = roster.alive
    if roster.gone & alive:
        killed = (*killed, *_leavers(roster, killed))
    deaths: list[Event] = []
    for seat, cause in killed:
        deaths.append(death(roster, seat, cause, reveal))
        alive &= ~(1 << seat)
    return deaths, alive


def _judged(state: State, alive: Seats) -> Verdict | None:
    """Judge the game for those who will be alive; None while it goes on."""
    table, night = state.table, state.night
    if table.rules.stalemate_wins and not factions_kill(table, night):
        found = unarmed(table, alive)
        if found is not None:
            return found
    return judge(table, alive, armed(table, night) if table.roster.cast.killers else 0)


def _over(
    state: State, alive: Seats, ended: Verdict, alone: tuple[WonAlone, ...] = ()
) -> GameEnded:
    """End the game, for the winners and for those who win by living until then."""
    winners, reason = ended
    seats = (*state.outcome.seats, *[won.seat for won in alone])
    if state.table.roster.cast.neutral & alive:
        seats += survivors(state.table, alive)
    return game_ended(winners, seats, reason)


def _opened(table: Table, phase: Phase) -> Events:
    """Begin the next phase, with its length, and in a town with what it begins with."""
    phases, rules = table.phases, table.rules
    day, length = phases.day, rules.night_ms
    if phase is DAY:
        day, length = day + 1, rules.day_ms
    elif phase is EVENING:
        length = rules.evening_ms
    began = phase_began(phase, phases.number + 1, day, table.at + length)
    return (began, *_opening(rules, phase, day)) if rules.town else (began,)


def _opening(rules: Rules, phase: Phase, day: Day) -> Events:
    """Say what a phase of the town begins with."""
    if phase is DAY:
        return (DawnBroke(day),)
    return (DuskFell(day, day > 1 or rules.vote_on_day_one),) if phase is EVENING else ()


def _leavers(roster: Roster, killed: Sequence[tuple[PlayerId, str]]) -> list[tuple[PlayerId, str]]:
    """List the deaths of those who have walked out, where nothing else has killed them."""
    dead = {seat for seat, _ in killed}
    left = members(roster.gone & roster.alive)
    return [(seat, LEFT_TOWN) for seat in left if seat not in dead]
