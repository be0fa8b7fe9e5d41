"""The sensible player: it plays to win, by what a person in its seat could see.

By day it does its errands, shops and asks about; in the evening it tells what it knows and votes
for whom it suspects most; at night it uses its role. How it does each is a page of its own, and
this one only says when. It goes by its view and by what it remembers (see `memory.py`). One that
takes a seat over in the middle of a game plays on from the view; what the view does not show, such
as whom the seat has met, it lacks, and makes no claims about it.
"""

from mafia_district.bots.errands import by_day
from mafia_district.bots.evening import by_evening
from mafia_district.bots.mind import ALL, Mind
from mafia_district.bots.nightwork import by_night, by_power
from mafia_district.chance import Dice
from mafia_district.choices import Choices
from mafia_district.ids import has
from mafia_district.machine import Command
from mafia_district.phases import DAY, EVENING, JUDGEMENT, NIGHT, TWILIGHT
from mafia_district.view import View


class Sensible:
    """A player that plays to win; `uses` names the parts of the town that it makes use of.

    Without one it walks the same ways, so that where it goes tells no more, but buys no items,
    claims no pay, or asks for no rumors.
    """

    turns = 7

    def __init__(self, dice: Dice, uses: frozenset[str] = ALL) -> None:
        self._mind = Mind(dice, uses)

    def act(self, view: View, choices: Choices) -> Command | None:
        """Do the next sensible thing, or nothing."""
        phase, mind = view.phase, self._mind
        alive = has(view.alive, view.viewer)
        if not alive and not (phase is NIGHT and choices.actions):
            return None
        mind.look(view, choices)
        if not alive or phase is TWILIGHT:
            return by_power(mind)
        if phase is NIGHT:
            return by_night(mind)
        if phase is DAY and (town := view.town) is not None:
            return by_day(mind, town)
        return by_evening(mind) if phase in (DAY, EVENING, JUDGEMENT) else None
