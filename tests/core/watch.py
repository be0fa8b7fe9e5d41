"""A viewer who keeps a fold of all that they are told, to be held beside the live view."""

from mafia_district.game import Game
from mafia_district.ids import KEEPER, SPECTATOR, Viewer
from mafia_district.state import State
from mafia_district.view import View
from mafia_district.wire import choices_bytes, view_bytes

from . import monkeys
from .tables import seen


def viewers(played: monkeys.Monkeys) -> tuple[Viewer, ...]:
    """List all who watch a game of monkeys, from before anybody sits."""
    return (*range(played.seats + 1), SPECTATOR, KEEPER)


class Watch:
    """One viewer's fold of their stream."""

    def __init__(self, game: Game, viewer: Viewer) -> None:
        self.viewer = viewer
        self.state = State(game.rules)
        self.view = View(self.state, viewer)
        self.cursor = 0

    def catch_up(self, game: Game) -> None:
        """Fold what is new; it is numbered without a gap, and as often as the cursor says."""
        for sight in game.entries(self.viewer, self.cursor):
            assert sight.cursor == self.cursor + 1
            self.state.apply(sight.event, sight.at)
            self.cursor = sight.cursor
        assert self.cursor == game.cursor(self.viewer)

    def seen(self) -> tuple[bytes, bytes]:
        """Give what the fold shows."""
        return view_bytes(self.view), choices_bytes(self.view.choices)


def watch(seed: int, every: int = 1) -> None:
    """Play a game of monkeys, and compare fold and view of everybody at every so many steps."""
    watches: list[Watch] = []
    for step, played in enumerate(monkeys.play(seed)):
        watches = watches or [Watch(played.game, viewer) for viewer in viewers(played)]
        if step % every == 0 or played.over():
            for each in watches:
                each.catch_up(played.game)
                assert each.seen() == seen(played.game, each.viewer), each.viewer
