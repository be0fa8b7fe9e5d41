"""Refusals: why the engine let an action of a case not happen, in the case's own words.

The engine refuses by a code and speaks of seats; whoever settles an argument wants to know which
rule it was, and of whom. The question is asked in the order in which the engine asks it, so what is
said here is what has stopped it first.
"""

import re
from collections.abc import Iterator
from typing import Final

from mafia_district.game import Game
from mafia_district.ids import NOBODY, PlayerId, has, members
from mafia_district.lab.case_file import Step
from mafia_district.machine import Code, Command, Refused
from mafia_district.night.collect import Act
from mafia_district.night.deed import FACTION_KILL
from mafia_district.night.powers import REVENGE, abilities, number_of, prey, targets
from mafia_district.night.verbs import VERBS
from mafia_district.phases import ENDED, NIGHT
from mafia_district.roles import Ability

SEAT: Final = re.compile(r"\bseat (\d+)\b")

HOURS_TOLD: Final = {
    "day": "by day",
    "twilight": "in the twilight before a death",
    "grave": "in the night after one's own lynch, where the house allows it",
}

# What an ability's `nights` mean.
NIGHTS: Final = {"odd": "odd nights", "even": "even nights", "later": "nights after the first"}


def refusal(game: Game, command: Command, refused: Refused, step: Step) -> str:
    """Say which action was refused and why, in one sentence."""
    night = game.phase is NIGHT
    hour = f"in night {number_of(game.state.table)}" if night else f"on day {game.day}"
    named = " and ".join(filter(None, (step.target, step.target2)))
    of = f" {'for' if step.action == 'vote' else 'of'} {named}" if named else ""
    return f"{step.actor}'s {step.action}{of} {hour} was refused: {_why(game, command, refused)}."


def _why(game: Game, command: Command, refused: Refused) -> str:
    if game.phase is ENDED:
        return "the game was over"
    if refused.code is Code.DEAD:
        return f"{_name(game, command.actor)} was dead"
    said = next(_of_an_action(game, command, refused.code), "") if isinstance(command, Act) else ""
    return said or SEAT.sub(lambda seat: _name(game, int(seat[1])), refused.detail)


def _name(game: Game, seat: PlayerId) -> str:
    return game.state.table.roster.names.get(seat, f"seat {seat}")


def _of_an_action(game: Game, act: Act, code: Code) -> Iterator[str]:
    """Say why somebody could not do something; nothing where the engine's own words will do."""
    table = game.state.table
    if code is Code.NOT_YOUR_ACTION:
        own = ", ".join(held.verb for held in abilities(table.roster, act.actor))
        role = table.roster.now[act.actor]
        yield f"{role} has no {act.action}, {f'but {own}' if own else 'and no other ability'}"
    if code is Code.NO_USES_LEFT:
        yield "all its uses were spent"
    ability = next((a for a in abilities(table.roster, act.actor) if a.verb == act.action), None)
    if ability is not None and code is Code.NOT_TONIGHT:
        yield _nights(game, act, ability)
    if ability is not None and code is Code.BAD_TARGET:
        yield from _of_a_target(game, act, ability)


def _nights(game: Game, act: Act, ability: Ability) -> str:
    """Say on which nights an ability may be used."""
    if ability.when != "night":
        return f"it is not done at night, but {HOURS_TOLD[ability.when]}"
    if ability.rests and (act.actor, act.action) in game.state.night.last:
        return "it is not used on two nights running"
    if ability.nights == "all":
        return "nobody of the town shoots in the first night by these rules"
    allowed = NIGHTS.get(ability.nights, f"the {ability.nights} night")
    return f"it is for {allowed} alone"


def _of_a_target(game: Game, act: Act, ability: Ability) -> Iterator[str]:
    """Say what is wrong with whom an action names."""
    table, row, night = game.state.table, VERBS.get(act.action), game.phase is NIGHT
    alive, target = table.roster.alive, _name(game, act.target)
    if act.target == NOBODY:
        yield "it names somebody, and target is missing"
    if row is not None and not row.targets and act.target != act.actor:
        yield "it names nobody: leave target out"
    if act.action == FACTION_KILL and night and not prey(table, game.state.night, act.actor):
        yield "no faction may kill in this night by these rules"
    if not has(alive, act.target):
        yield f"{target} was dead"
    if not night:
        yield from _of_a_target_by_day(game, ability)
    if night and act.target not in members(targets(table, game.state.night, act.actor, ability)):
        yield _closed(game, act, ability)
    if row is not None and row.names_two:
        yield _second(game, act)
    if act.target2 != NOBODY:
        yield "it names one: leave target2 out"


def _of_a_target_by_day(game: Game, ability: Ability) -> Iterator[str]:
    condemned = game.state.table.sentence.condemned
    if ability.verb == "pardon" and condemned != NOBODY:
        yield f"it is for {_name(game, condemned)}, who was to die, and nobody pardons themself"
    if ability.verb == REVENGE and condemned != NOBODY:
        yield "it is for who is about to die, against another, as far as the rules allow revenge"
    if ability.verb == "reveal":
        yield "one reveals oneself, once, and not where a lynch does it"


def _closed(game: Game, act: Act, ability: Ability) -> str:
    """Say why somebody who lives may not be named tonight."""
    target, roster = _name(game, act.target), game.state.table.roster
    if act.target == act.actor:
        return "one may not name oneself"
    if not has(roster.alive, act.actor):
        return f"{target} is not among those whom the dead may reach"
    if act.action == FACTION_KILL:
        return f"{target} is one of their own"
    last = game.state.night.last.get((act.actor, act.action))
    if not ability.repeats and last is not None and last.target == act.target:
        return f"{target} was named the night before, and may not be on two nights running"
    return f"{target} was named before, and may not be twice"


def _second(game: Game, act: Act) -> str:
    """Say what is wrong with the second whom an action names."""
    if act.target2 == NOBODY:
        return "it names two, and target2 is missing"
    if act.target2 == act.target:
        return "it names two who are not the same"
    if act.target2 == act.actor:
        return "one may not name oneself"
    return f"{_name(game, act.target2)} was dead"
