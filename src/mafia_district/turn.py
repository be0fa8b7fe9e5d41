"""The turn of a phase: the dead are buried, the game is judged, and the next phase begins.

Whatever closes a phase comes here: the end of a vote, of a night, or of a day without either. Those
who have walked out die with the rest. Only then is victory judged, once, for all that happened.
"""

from collections.abc import Sequence

from mafia_district.ids import Day, PlayerId, Seats, members
from mafia_district.machine import Event, Events
from mafia_district.night.powers import armed, factions_kill
from mafia_district.outcome import (
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
    table = state.table
    roster, phases, rules = table.roster, table.phases, table.rules
    alive = roster.alive
    deaths: list[Event] = []
    if roster.gone & alive:
        killed = (*killed, *_leavers(roster, killed))
    for seat, cause in killed:
        deaths.append(death(roster, seat, cause, rules.reveal_on_death))
        alive &= ~(1 << seat)
    day, length = phases.day, rules.night_ms
    if phase is DAY:
        day, length = day + 1, rules.day_ms
    elif phase is EVENING:
        length = rules.evening_ms
    special = state.outcome.special
    if special and rules.stalemate_wins and not factions_kill(table, state.night):
        ended = ended or unarmed(table, alive)
    if ended is None and (deaths or not spared):
        ended = judge(table, alive, armed(table, state.night) if roster.cast.killers else 0)
    if ended is None and phase is DAY and not deaths:
        ended = stalemate(table, day)
    if special:
        deaths += _changed(state, alive)
    if ended is None:
        began = phase_began(phase, phases.number + 1, day, table.at + length)
        return (*deaths, began, *_opening(rules, phase, day)) if rules.town else (*deaths, began)
    winners, reason = ended
    seats = (*state.outcome.seats, *[won.seat for won in alone])
    if roster.cast.neutral & alive:
        seats += survivors(table, alive)
    return *deaths, game_ended(winners, seats, reason)


def _changed(state: State, alive: Seats) -> list[Event]:
    """Make jesters of the executioners whose target has died another death."""
    roster = state.table.roster
    bereft_of = bereft(state.table, state.outcome, roster.alive & ~alive)
    return [event for seat in bereft_of for event in turned(roster, seat, "jester")]


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
