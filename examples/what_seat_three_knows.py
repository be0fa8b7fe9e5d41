"""What one seat knows: as a view of the whole game, and as a fold of the events told to it.

Both show the same, because the game and a player's screen are the same machine: one is fed with
every event, the other with fewer.
"""

import io

from mafia_district import Game, Rules, log, wire
from mafia_district.bots import make
from mafia_district.chance import Dice
from mafia_district.ids import KEEPER
from mafia_district.lab.play import play, table
from mafia_district.state import State
from mafia_district.view import View

SEAT = 3


def main() -> None:
    """Play a game, look at it with one seat's eyes, write it down, check it and play it back."""
    rules = Rules.preset("classic")
    game = table(rules, 7)
    play(game, [make("random", Dice(b"a key")) for _ in range(7)])

    fold = State(rules)
    for sight in game.entries(SEAT):
        fold.apply(sight.event, sight.at)
    assert wire.view_bytes(View(fold, SEAT)) == wire.view_bytes(game.view(SEAT))
    print(f"seat {SEAT} was told {game.cursor(SEAT)} of {game.cursor(KEEPER)} events")

    file = io.BytesIO()
    log.write(log.record(game.record(), salts=lambda: bytes(16)), file)
    file.seek(0)
    stored = log.read(file)
    log.verify(stored)
    again = Game.replay(log.recorded(stored))
    assert again.log == game.log
    print(f"the log of {again.version} entries checks out, and tells the same game")


if __name__ == "__main__":
    main()
