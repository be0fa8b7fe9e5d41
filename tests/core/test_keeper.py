"""The keeper's desk: all know that it is open, and when it is over, every look from it."""

from mafia_district.ids import KEEPER, SPECTATOR
from mafia_district.keeper import DeskOpened, Glance, LookedIn, LookIn, LooksShown, OpenDesk
from mafia_district.lobby import Close
from mafia_district.machine import Code
from mafia_district.outcome import End

from .tables import dealt, do, frames, lobby, refused, seen


def test_all_see_at_once_that_the_desk_is_open() -> None:
    """Given a desk that is opened, by one and by another, everybody is told each time."""
    game = dealt("vvvvvmm")
    assert game.view(SPECTATOR).keepers == 0
    for count in (1, 2):
        assert do(game, OpenDesk(KEEPER)) == (DeskOpened(),)
        assert {game.view(viewer).keepers for viewer in (0, SPECTATOR, KEEPER)} == {count}


def test_looks_are_the_keepers_until_the_end_and_then_everybodys() -> None:
    """Given looks, nobody's bytes change by one; after the end all of them are shown to all."""
    game = dealt("vvvvvmm")
    do(game, OpenDesk(KEEPER))
    viewers = (*range(8), SPECTATOR)
    before = [(seen(game, viewer), frames(game, viewer)) for viewer in viewers]
    (entry,) = game.handle(LookIn(KEEPER, "view"), game.at + 10)
    game.handle(LookIn(KEEPER, "events"), game.at + 10)
    assert entry.event == LookedIn("view")
    assert [(seen(game, viewer), frames(game, viewer)) for viewer in viewers] == before
    looks = (Glance(entry.at, "view"), Glance(entry.at + 10, "events"))
    assert (game.view(0).looks, game.view(KEEPER).looks) == ((), looks)
    assert LooksShown(looks) in do(game, End(0))
    assert {game.view(viewer).looks for viewer in (*viewers, KEEPER)} == {looks}


def test_a_game_without_looks_shows_none() -> None:
    """Given no look, the end says nothing of a desk."""
    game = dealt("vvvvvmm")
    do(game, OpenDesk(KEEPER))
    assert not [told for told in do(game, End(0)) if isinstance(told, LooksShown)]


def test_the_desk_is_the_houses_and_for_a_game_that_is_not_over() -> None:
    """Given seats, or a game that is over, the desk is refused; and no look before it is open."""
    game = lobby(5)
    assert refused(game, OpenDesk(0)) is Code.NOT_HOST
    assert refused(game, LookIn(KEEPER, "view")) is Code.NOT_NOW
    do(game, OpenDesk(KEEPER), LookIn(KEEPER, "view"))
    assert refused(game, LookIn(0, "view")) is Code.NOT_HOST
    do(game, Close(0))
    for sent in (OpenDesk(KEEPER), LookIn(KEEPER, "view")):
        assert refused(game, sent) is Code.WRONG_PHASE
