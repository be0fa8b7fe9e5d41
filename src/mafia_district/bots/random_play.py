"""Random play, as the literature's odds assume it.

By day the *random lynch*: whoever votes first names one of the living, uniformly, themself
included, and all others follow, so that exactly one uniformly random player goes. By night every
role that can act acts: a killer names uniformly one of the living outside its own faction, every
other role uniformly one of its lawful targets. It never passes. Who is accused is found guilty by
all, and in the twilight before a death the same is done as by night.
"""

from mafia_district.chance import Dice
from mafia_district.choices import Choices
from mafia_district.ids import NO_LYNCH, NOBODY, PlayerId, Seats, members
from mafia_district.machine import Command
from mafia_district.night.collect import KILLS, act
from mafia_district.night.deed import FACTION_KILL
from mafia_district.phases import DAY, EVENING, JUDGEMENT, NIGHT, TWILIGHT
from mafia_district.view import View
from mafia_district.voting import VOTES

_KILLS = (FACTION_KILL, "kill")


class RandomPlay:
    """A player that draws uniformly; see the head of this page."""

    turns = 1

    def __init__(self, dice: Dice) -> None:
        self._dice = dice

    def act(self, view: View, choices: Choices) -> Command | None:
        """Follow the first vote of the day, or make it; at night use the first unused ability."""
        phase = view.phase
        if phase is DAY or phase is EVENING or phase is JUDGEMENT:
            votes, seat = view.votes, view.viewer
            for first in votes.values():
                return None if votes.get(seat) == first else VOTES[seat][first]
            return self._accuse(choices)
        return self._strike(view, choices) if phase is NIGHT or phase is TWILIGHT else None

    def _accuse(self, choices: Choices) -> Command | None:
        if open_to := choices.votes:
            return VOTES[choices.seat][self._draw(open_to)]
        return VOTES[choices.seat][NO_LYNCH] if choices.no_lynch else None

    def _strike(self, view: View, choices: Choices) -> Command | None:
        for verb, targets in choices.actions.items():
            if verb not in choices.chosen:
                outside = targets & ~view.faction if verb in _KILLS else targets
                return self._strike_at(choices, verb, self._draw(outside)) if outside else None
        return None

    def _strike_at(self, choices: Choices, verb: str, target: PlayerId) -> Command:
        if verb == FACTION_KILL:
            return KILLS[choices.seat][target]
        others = choices.seconds(verb, target)
        return act(choices.seat, verb, target, self._draw(others) if others else NOBODY)

    def _draw(self, seats: Seats) -> PlayerId:
        among = members(seats)
        return among[self._dice.below(len(among))]
