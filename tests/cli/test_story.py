"""The story: every event has a sentence, and no sentence steers the terminal."""

from pathlib import Path

import attrs

from mafia_district import wire
from mafia_district.catalogue import BUILT_IN, RoleRow
from mafia_district.chat import MessageSaid
from mafia_district.game import Game
from mafia_district.ids import KEEPER
from mafia_district.roster import RoleTurned, SeatTaken
from mafia_district_cli.story import SENTENCES, clock, tell


def test_every_type_of_event_has_a_sentence() -> None:
    """Given the list of all events, each has its row, and no row is for anything else."""
    assert set(SENTENCES) == set(wire.EVENTS.values())


def test_a_whole_game_is_told(recorded: tuple[Game, Path]) -> None:
    """Given every event of a game, each sentence is one printable line that ends."""
    game, _ = recorded
    names = {seat.seat: seat.name for seat in game.view(KEEPER).seats}
    sentences = [tell(sight.event, names) for sight in game.entries(KEEPER)]
    assert all(sentence.isprintable() for sentence in sentences)
    assert any("The game is over" in sentence for sentence in sentences)


def test_no_text_of_a_player_steers_the_terminal() -> None:
    """Given control characters in a name or a message, they are replaced."""
    names = {0: "An\x1b[2Jn"}
    assert tell(MessageSaid("town", 0, "hi\x07\r\n\x1b]0;x\x07"), names).isprintable()
    assert tell(SeatTaken(0, names[0], False, ""), names).isprintable()


def test_a_role_of_ones_own_is_told_by_its_title_and_steers_nothing() -> None:
    """Given a record whose catalogue has a title with control characters, they are replaced."""
    own = RoleRow("smith", "town", "Forges.", title="Lock\x1b[2Jsmith")
    told = tell(RoleTurned(0, "smith"), {}, attrs.evolve(BUILT_IN, name="own", roles=(own,)))
    assert told == "seat 0 is a Lock\N{REPLACEMENT CHARACTER}[2Jsmith now."


def test_an_erased_name_leaves_the_number() -> None:
    """Given a seat whose name was erased, it is told by its number."""
    assert tell(SeatTaken(4, "", False, ""), {4: ""}) == "seat 4, a person, takes seat 4."


def test_the_clock_counts_from_the_beginning() -> None:
    """Given two instants, hours, minutes and seconds lie between them."""
    assert clock(3_725_999, 0) == "1:02:05"
