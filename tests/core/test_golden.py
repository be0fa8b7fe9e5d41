"""The golden games: played again, they come to the same bytes; their records stay readable."""

import pytest

from mafia_district import log
from mafia_district.game import Game
from mafia_district.wire import view_bytes

from . import golden


@pytest.mark.parametrize("name", golden.GAMES)
def test_everybody_is_shown_what_they_were_shown(name: str) -> None:
    """Given a golden game, every viewer's frames, choices and view are as they were."""
    files = dict(golden.GAMES[name]().files())
    kept = {path.name: path.read_text("utf-8") for path in (golden.FOLDER / name).glob("*.txt")}
    assert files.keys() == kept.keys()
    for file, text in files.items():
        assert text.splitlines() == kept[file].splitlines(), file


@pytest.mark.parametrize("name", golden.GAMES)
def test_the_record_is_written_as_it_was(name: str) -> None:
    """Given a golden record, this engine writes the same bytes, but for its own version."""
    kept = (golden.FOLDER / name / "log.jsonl").read_bytes()
    engine = log.read_header(kept.splitlines()[0]).engine
    assert golden.record_bytes(golden.GAMES[name]().game, engine) == kept


@pytest.mark.parametrize("name", golden.GAMES)
def test_an_old_record_verifies_and_is_replayed(name: str) -> None:
    """Given a record of any age, it verifies, and its replay shows everybody the same."""
    with (golden.FOLDER / name / "log.jsonl").open("rb") as file:
        stored = log.read(file)
    assert log.verify(stored).outcome.over
    replayed, story = Game.replay(log.recorded(stored)), golden.GAMES[name]()
    for viewer in story.viewers():
        assert view_bytes(replayed.view(viewer)) == view_bytes(story.game.view(viewer))
