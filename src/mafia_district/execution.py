"""The execution: from a verdict to the deaths that it brings.

A death may wait for those who have a say in it. Then who was condemned dies, whoever they take
along and whoever cannot live without them; a lynch may be somebody's goal, may end the game by a
rule of the setup, and may open a grave for one more night.
"""

from collections.abc import Sequence

from mafia_district.ids import BITS, PlayerId, Seats, has, members
from mafia_district.machine import Events
from mafia_district.night.chains import GRIEF, bereaved, leaderless
from mafia_district.night.powers import may_take_along
from mafia_district.night.resolve import has_power
from mafia_district.outcome import JESTERS_DAY, by_the_setup, won_by_lynch
from mafia_district.phases import DAY, NIGHT, Phase
from mafia_district.roles import SHOT
from mafia_district.roster import LYNCHED, RoleRevealed, turned
from mafia_district.sentence import GraveOpened
from mafia_district.state import State
from mafia_district.table import Table
from mafia_district.turn import close


def may_speak(state: State, seat: PlayerId) -> bool:
    """Tell whether anybody may still pardon, or the condemned may shoot."""
    table = state.table
    shoots = table.rules.vengeful_shoots == "twilight" and has(table.roster.here, seat)
    return bool(governors(state, seat)) or (shoots and may_take_along(table, seat))


def governors(state: State, seat: PlayerId) -> list[PlayerId]:
    """List who may pardon a seat."""
    roster, uses = state.table.roster, state.night.uses
    others = [other for other in members(roster.cast.daily & roster.here) if other != seat]
    return [
        other
        for other in others
        if (role := roster.cast.roles[other]) is not None
        and role.can("pardon")
        and uses.get((other, "pardon"), 1)
    ]


def execute(state: State, seat: PlayerId) -> Events:
    """Let die whom the vote condemned, judge the game and go on."""
    table, next_phase = state.table, after_vote(state)
    roster, rules = table.roster, table.rules
    if _survives(table, seat):
        return RoleRevealed(seat, roster.now[seat]), *close(state, (), next_phase)
    killed = _lynched(table, seat)
    if not killed:
        return close(state, (), next_phase)
    alone = won_by_lynch(table, state.outcome, seat)
    fallen = [other for other, _ in killed]
    ended = by_the_setup(table, seat, roster.alive & ~sum(BITS[other] for other in fallen))
    if rules.jester_ends_game and any(won.seat == seat for won in alone):
        ended = (), JESTERS_DAY
    news = *alone, *_graves(state, seat), *replacements(table, fallen)
    return *news, *close(state, killed, next_phase, alone, ended)


def _survives(table: Table, seat: PlayerId) -> bool:
    """Tell whether a lynch only reveals: once, a mayor, where the house says so."""
    role = table.roster.cast.roles[seat]
    mayor = role is not None and role.mayor
    return mayor and table.rules.mayor_survives_lynch and not has(table.roster.revealed, seat)


def _lynched(table: Table, seat: PlayerId) -> tuple[tuple[PlayerId, str], ...]:
    """List who dies of a lynch: of that of some nobody; whom they take along; who dies of grief."""
    roster = table.roster
    if has(roster.with_trait("unlynchable"), seat):
        return ()
    shots = [(aim, SHOT) for who, aim in table.sentence.shots if who == seat]
    killed = ((seat, LYNCHED), *shots)
    mourning = pulled(table, sum(BITS[other] for other, _ in killed))
    return *killed, *((other, GRIEF) for other in members(mourning))


def pulled(table: Table, dead: Seats) -> Seats:
    """Give who dies of grief for the dead: lovers, and a cult that has lost its leaders."""
    roster, cult, gone = table.roster, table.rules.cult_dies_with_leader, dead
    cast, alive = roster.cast.roles, roster.alive | dead
    while True:
        devoted = leaderless(cast, alive, gone) if cult else 0
        more = (bereaved(roster.love, gone) | devoted) & roster.alive & ~gone
        if not more:
            return gone & ~dead
        gone |= more


def replacements(table: Table, dead: Sequence[PlayerId]) -> Events:
    """Let backups become what the first of the dead was who had a power and was town."""
    roster = table.roster
    backups = members(roster.with_trait("backup") & roster.alive & ~sum(BITS[s] for s in dead))
    lost = [role for seat in dead if (role := roster.cast.roles[seat]) and has_power(role)]
    if not lost:
        return ()
    return tuple(event for seat in backups for event in turned(roster, seat, lost[0].told))


def _graves(state: State, seat: PlayerId) -> Events:
    """Let those of the dead act in the night to come who may, if there is one and they are here."""
    table, rules = state.table, state.table.rules
    role, others = table.roster.cast.roles[seat], table.roster.alive & ~BITS[seat]
    if role is None or rules.nightless or not has(table.roster.here, seat):
        return ()
    if rules.vengeful_shoots == "night" and may_take_along(table, seat):
        return (GraveOpened(seat, others),)
    if not (rules.jester_haunts and role.can("haunt")):
        return ()
    guilty = sum(BITS[voter] for voter, aim in state.voting.closing.items() if aim == seat)
    return (GraveOpened(seat, guilty & others),)


def after_vote(state: State) -> Phase:
    """Give the phase that follows the vote."""
    return DAY if state.table.rules.nightless else NIGHT
