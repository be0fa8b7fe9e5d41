"""The table: what every machine may read.

The rules, who sits and lives (`roster`), which phase it is (`phases`), and the instant of the
command in hand. Machines write none of it: a machine changes its own state alone, and the effects
of one on another are the reactions that `game.py` lists.
"""

from mafia_district.ids import Instant
from mafia_district.phases import Phases
from mafia_district.roster import Roster
from mafia_district.rules import Rules


class Table:
    """Rules, roster and phases of one game; `at` is the instant of what is being handled."""

    __slots__ = ("at", "phases", "roster", "rules")

    def __init__(self, rules: Rules, roster: Roster, phases: Phases, at: Instant = 0) -> None:
        self.rules = rules
        self.roster = roster
        self.phases = phases
        self.at = at
