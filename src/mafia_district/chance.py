"""Chance: every draw of a game comes from one secret seed, and the seed was promised beforehand.

A draw is a pure function of (seed, stream, position). A *stream* is named by its purpose and by
the seat that is told the outcome, so that a new role's dice or another seat's hidden draw shift
nobody else's; its *position* is something that the recorded events fix (a day, a count), so that a
restart repeats no draw. One digest serves a whole decision: a shuffle of thirty seats takes one.

The deal is fair in this sense: the digest of the seed is public when the lobby opens, players add
salts to which they committed before, and the seed is revealed at the end. Nobody, the host
included, could choose the deal after seeing the salts. `docs/fair-deal.md` says it to the bit.
"""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256, sha512
from math import factorial
from struct import Struct
from typing import TypeVar

T = TypeVar("T")

SEED_BYTES = 32
_WORDS = Struct("<16I")


def seed_from(number: int) -> bytes:
    """Make the seed of a game whose seed was chosen as a number, for tests and simulations."""
    return sha256(b"mafia-district seed %d" % number).digest()


def commitment(secret: bytes) -> str:
    """Promise a secret without telling it: the hexadecimal SHA-256 digest."""
    return sha256(secret).hexdigest()


def deal_key(seed: bytes, salts: Sequence[bytes]) -> bytes:
    """Mix the house's seed and the players' salts, in seat order, into the key of the deal."""
    return sha256(seed + b"".join(salts)).digest()


def number(key: bytes, stream: str, position: int) -> int:
    """Draw a number of 256 bits."""
    return int.from_bytes(sha256(key + f"\0{stream}\0{position}".encode()).digest(), "big")


def shuffled(drawn: int, cards: Iterable[T]) -> list[T]:
    """Draw the cards of a pack one by one, by one drawn number; all orders are equally likely.

    Which of the cards that are left comes next is read from the number's digits in the factorial
    base. The bias is below `n! / 2**256`, less than 2**-148 for thirty cards.
    """
    pack, order = list(cards), []
    drawn %= factorial(len(pack))  # the digits that count; the rest would only make long division
    for left in range(len(pack), 1, -1):
        order.append(pack.pop(drawn % left))
        drawn //= left
    return order + pack


class Dice:
    """Many small draws for a player that is a program: a stream of 32-bit words from one key."""

    __slots__ = ("_block", "_key", "_words")

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._block = 0
        self._words: Iterator[int] = iter(())

    def below(self, bound: int) -> int:
        """Draw from `range(bound)`; the bias is below `bound / 2**32`."""
        try:
            return next(self._words) * bound >> 32
        except StopIteration:
            self._refill()
            return next(self._words) * bound >> 32

    def _refill(self) -> None:
        self._words = iter(_WORDS.unpack(sha512(b"%b%d" % (self._key, self._block)).digest()))
        self._block += 1
