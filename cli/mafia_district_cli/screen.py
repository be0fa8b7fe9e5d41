"""The screen: a game drawn with rich as its viewer sees it: the clock, the seats and the log."""

import time
from collections import deque
from collections.abc import Callable

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from mafia_district.machine import Event
from mafia_district.phases import ENDED, AlarmSet
from mafia_district.town import Walked
from mafia_district.town_view import Resident, TownView
from mafia_district.view import SeatView, View
from mafia_district_cli.story import role_title, tell
from mafia_district_cli.town_story import Names, printable

COLUMNS = ("seat", "name", "career", "state", "vote", "role")
LINES = 12  # of the log, on the screen
FEWEST = 6  # of them, on a small one
FRAME = 9  # lines around the log and the seats
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
        names = {row.seat: row.name for row in view.seats}
        line = tell(event, names, view.rules.catalogue)
        self._lines.append(line)
        self._say(line)

    @property
    def last(self) -> tuple[str, ...]:
        """The last lines of the story, in full."""
        return tuple(self._lines)

    def render(self, height: int) -> RenderableType:
        """Draw the game on so many lines; what may be cut off below are seats, not the news."""
        view = self._view
        if view is None:
            return Text("")
        names = Names({row.seat: row.name for row in view.seats}, view.rules.catalogue)
        town = [_news(view.town, view, names)] if view.town else []
        lines = list(self._lines)[-max(FEWEST, min(LINES, height - len(view.seats) - FRAME)) :]
        log = Text("\n".join(lines), overflow="ellipsis", no_wrap=True)
        panel = Panel(log, title="log", height=len(lines) + 2)
        return Group(_clock(view), *town, panel, _seats(view, names))


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


def _news(town: TownView, view: View, names: Names) -> Text:
    """Say what everybody in town knows: the Shop's hours, who has voted, the latest trace."""
    said = ["the Shop is open" if town.shop_open else "the Shop is closed"]
    if view.ballots:
        said.append(f"{view.ballots} have voted")
    if town.traces:
        trace = town.traces[-1]
        said.append(f"the last trace leads to the {names.place(trace.place)}")
    return Text(", ".join(said))


def _seats(view: View, called: Names) -> Table:
    """Lay out who sits at the table; the keeper also sees where they are and what they have."""
    homes = {home.seat: home for home in view.town.residents} if view.town else {}
    careers = view.town.careers if view.town else ()
    kept = ("place", "coins", "carries") if homes else ()
    table = Table(*COLUMNS, *kept, box=SIMPLE_HEAD, expand=True)
    for row in view.seats:
        vote = called(view.votes[row.seat]) if row.seat in view.votes else ""
        career = called.career(careers[row.seat]) if row.seat < len(careers) else ""
        cells = (
            str(row.seat),
            called(row.seat),
            career,
            _state(row),
            vote,
            role_title(view.rules.book, row.role),
        )
        owned = _owned(homes[row.seat], called) if row.seat in homes else ()
        table.add_row(*map(Text, (*cells, *owned)), style="" if row.alive else "dim")
    return table


def _owned(home: Resident, called: Names) -> tuple[str, str, str]:
    bag = [called.item(name) for name in home.bag]
    bag += [f"{called.item(worn.item)} (on)" for worn in home.on]
    return called.place(home.place) if home.place else "", str(home.coins), ", ".join(bag)


def _state(row: SeatView) -> str:
    if not row.alive:
        return "dead"
    return "leaving" if row.gone else "done" if row.done else "alive"
