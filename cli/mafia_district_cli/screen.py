"""The screen: a game drawn with rich as its viewer sees it: the clock, the seats and the log."""

import time
from collections import deque
from collections.abc import Callable

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from mafia_district.ids import NO_LYNCH, PlayerId
from mafia_district.machine import Event
from mafia_district.phases import ENDED, AlarmSet
from mafia_district.roles import ROLES
from mafia_district.town import Walked
from mafia_district.town_view import Resident, TownView
from mafia_district.view import SeatView, View
from mafia_district_cli.story import printable, tell
from mafia_district_cli.town_story import item, place

COLUMNS = ("seat", "name", "career", "state", "vote", "role")
LINES = 12  # of the log, on the screen
SILENT = (AlarmSet, Walked)  # what is told by others: those who see somebody come and go


class Screen:
    """Keeps the last lines of a game's story; `say` gets each line as well."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._lines: deque[str] = deque(maxlen=LINES)
        self._view: View | None = None

    def show(self, event: Event, view: View) -> None:
        """Tell an event of the game, and show the view from now on."""
        self._view = view
        if isinstance(event, SILENT):
            return
        line = tell(event, {row.seat: row.name for row in view.seats})
        self._lines.append(line)
        self._say(line)

    def render(self) -> RenderableType:
        """Draw the game."""
        view = self._view
        if view is None:
            return Text("")
        log = Text("\n".join(self._lines), overflow="ellipsis", no_wrap=True)
        town = [_news(view.town, view)] if view.town else []
        return Group(_clock(view), *town, _seats(view), Panel(log, title="log", height=LINES + 2))


def verdict(view: View) -> str:
    """Say in one line who has won, and why."""
    outcome = view.outcome
    if outcome is None:
        return "nobody has won yet"
    names = {row.seat: printable(row.name) for row in view.seats}
    winners = [*outcome.winners, *(names[seat] for seat in outcome.seats)]
    who = f"won by {' and '.join(winners)}" if winners else "a draw"
    return f"After day {view.day}: {who}. {outcome.reason.capitalize()}."


def _clock(view: View) -> Text:
    day = f" {view.day}" if view.day else ""
    left = ""
    if view.deadline is not None and view.phase is not ENDED:
        left = f", {max(0, view.deadline - int(time.time() * 1_000)) // 1_000} s left"
    return Text(f"{view.phase.value}{day}{left}", style="bold")


def _news(town: TownView, view: View) -> Text:
    """Say what everybody in town knows: the Shop's hours, who has voted, the latest trace."""
    said = ["the Shop is open" if town.shop_open else "the Shop is closed"]
    if view.ballots:
        said.append(f"{view.ballots} have voted")
    if town.traces:
        trace = town.traces[-1]
        said.append(f"the last trace leads to the {place(trace.place)}")
    return Text(", ".join(said))


def _seats(view: View) -> Table:
    """Lay out who sits at the table; the keeper also sees where they are and what they have."""
    homes = {home.seat: home for home in view.town.residents} if view.town else {}
    kept = ("place", "coins", "carries") if homes else ()
    table = Table(*COLUMNS, *kept, box=SIMPLE_HEAD, expand=True)
    names = {row.seat: printable(row.name) for row in view.seats} | {NO_LYNCH: "no lynch"}
    for row in view.seats:
        vote = names[view.votes[row.seat]] if row.seat in view.votes else ""
        role = ROLES[row.role].title if row.role in ROLES else row.role
        cells = (str(row.seat), names[row.seat], _career(view, row.seat), _state(row), vote, role)
        owned = _owned(homes[row.seat]) if row.seat in homes else ()
        table.add_row(*cells, *owned, style="" if row.alive else "dim")
    return table


def _owned(home: Resident) -> tuple[str, str, str]:
    bag = [item(name) for name in home.bag] + [f"{item(worn.item)} (on)" for worn in home.on]
    return place(home.place) if home.place else "", str(home.coins), ", ".join(bag)


def _career(view: View, seat: PlayerId) -> str:
    held = view.town.careers if view.town else ()
    return held[seat].replace("_", " ") if seat < len(held) else ""


def _state(row: SeatView) -> str:
    if not row.alive:
        return "dead"
    return "leaving" if row.gone else "done" if row.done else "alive"
