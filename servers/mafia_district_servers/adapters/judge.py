"""The rule of every store: which of a group of commands are appended.

The commands are judged in their order against what is stored, each as if those appended before it
were stored already. One that conflicts does not touch the others.
"""

from collections.abc import Iterable, MutableMapping
from typing import Final, TypeAlias

from mafia_district.ids import Version
from mafia_district_servers.ports import Append, Appended, Conflict, Duplicate, Outcome, Receipt

Name: TypeAlias = tuple[str, str, str]  # game, actor, command id
Head: TypeAlias = tuple[Version, bytes]  # the version and the hash of a game's last entry


_APPENDED: Final = Appended()


def name(append: Append) -> Name:
    """Give what makes a command known again."""
    return append.game, append.actor, append.command_id


def judge(
    appends: Iterable[Append],
    heads: MutableMapping[str, Head],
    receipts: MutableMapping[Name, Receipt],
) -> list[Outcome]:
    """Give each command's outcome; the two mappings are brought up to date."""
    return [_judge(append, heads, receipts) for append in appends]


def _judge(
    append: Append,
    heads: MutableMapping[str, Head],
    receipts: MutableMapping[Name, Receipt],
) -> Outcome:
    key = name(append)
    known = receipts.get(key)
    if known is not None:
        return Duplicate(known)
    head = heads.get(append.game, (0, b""))
    if head != (append.expected, append.previous):
        return Conflict(head[0])
    if append.lines:
        heads[append.game] = append.lines[-1].version, append.lines[-1].hash
    receipts[key] = append.receipt
    return _APPENDED
