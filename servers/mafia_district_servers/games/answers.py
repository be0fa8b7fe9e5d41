"""Answers: what the sender of an accepted command is told.

An answer is computed from the log alone, so that a repeat of the command gets the same bytes, now
or after a restart: the command's events that its seat may see, and the seat's place behind them.
"""

from collections.abc import Iterable
from typing import NamedTuple

from mafia_district import wire
from mafia_district.ids import EVERYONE, KEEPER, Cursor, Viewer, has
from mafia_district.machine import Entry
from mafia_district.sights import told
from mafia_district_servers.games.warm import Warm
from mafia_district_servers.ports import Receipt


class Answer(NamedTuple):
    """The sender's place in their own stream, and the command's events as they may know them."""

    epoch: str
    cursor: Cursor
    events: tuple[bytes, ...]


def answer(warm: Warm, receipt: Receipt) -> Answer:
    """Answer a command whose entries are committed and in memory."""
    game, seat = warm.game, receipt.seat
    entries, count = game.log[receipt.first - 1 :], receipt.last - receipt.first + 1
    own, later = _visible(entries[:count], seat), _visible(entries[count:], seat)
    events = tuple([wire.event_bytes(told(game.rules, entry.event, seat)) for entry in own])
    return Answer(warm.epoch_of(seat, receipt.last), game.cursor(seat) - len(later), events)


def _visible(entries: Iterable[Entry], viewer: Viewer) -> list[Entry]:
    return [
        entry
        for entry in entries
        if entry.audience == EVERYONE or viewer == KEEPER or has(entry.audience, viewer)
    ]
