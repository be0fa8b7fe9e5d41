"""The table: what every machine may read.

The rules, who sits and lives (`roster`), which phase it is (`phases`), who is condemned
(`sentence`), the instant of the command in hand, and where the game is played in a town, where
everybody is (`town`), what they have (`purse`, `bags`), how they look and what they are about
(`looks`, `tasks`). Machines write none of it: a machine changes its own state alone, and the
effects of one on another are the reactions that `course.py` lists.

Who decides draws lots for the town here too, from the key of the deal: so they are part of the deal
that is fair to all who added a salt. A stream of draws is named by its purpose and by the seat that
is told, its position is something that the recorded events fix; see `chance`.
"""

from typing import TYPE_CHECKING

from mafia_district.chance import deal_key, number
from mafia_district.ids import Instant
from mafia_district.phases import Phases
from mafia_district.roster import Roster
from mafia_district.rules import Rules

if TYPE_CHECKING:
    from mafia_district.items import Bags
    from mafia_district.looks import Looks
    from mafia_district.purse import Purse
    from mafia_district.sentence import Sentence
    from mafia_district.tasks import Tasks
    from mafia_district.town import Town


class Table:
    """What all machines of one game may read; `at` is the instant of what is being handled.

    `seed` is None in a fold, where nothing is decided and so no lot is drawn.
    """

    __slots__ = (
        "at", "bags", "looks", "phases", "purse", "roster", "rules", "seed", "sentence",
        "tasks", "town",
    )  # fmt: skip

    bags: "Bags"
    looks: "Looks"
    purse: "Purse"
    sentence: "Sentence"
    tasks: "Tasks"
    town: "Town"

    def __init__(self, rules: Rules, roster: Roster, phases: Phases, at: Instant = 0) -> None:
        self.rules = rules
        self.roster = roster
        self.phases = phases
        self.at = at
        self.seed: bytes | None = None

    def lot(self, stream: str, position: int) -> int:
        """Draw a number of 256 bits."""
        assert self.seed is not None, "a game without its seed cannot be played on"
        return number(deal_key(self.seed, self.town.salts), stream, position)
