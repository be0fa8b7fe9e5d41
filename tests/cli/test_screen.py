"""The screen: a game as rich draws it."""

from pathlib import Path

from rich.console import Console

from mafia_district.game import Game
from mafia_district.ids import KEEPER
from mafia_district_cli.screen import Screen


def test_a_town_is_shown_by_its_own_titles_and_names_as_they_are(town: tuple[Game, Path]) -> None:
    """Given titles and names that look like markup, story and seats show them as they are."""
    game, _ = town
    said: list[str] = []
    screen = Screen(said.append)
    for sight in game.entries(KEEPER):
        screen.show(sight.event, game.view(KEEPER))
    console = Console(width=200)
    with console.capture() as drawn:
        console.print(screen.render(60))
    assert any("has tasks today" in line and "[/b]" in line for line in said)
    assert " Ann [/red] " in drawn.get()
