"""Passwords: kept as argon2id hashes, computed off the loop by a few threads.

To hash takes 20 ms and 19 MiB on purpose (the parameters are OWASP's), so only so many hashes run
at once and only so many wait; who comes then is told to come again. The hasher runs once for every
password that is tried, also for a name that nobody has: time tells nothing of who is registered.

A password counts in its NFKC form, so that it is the same from every keyboard. It is long enough,
none of those that are tried first, and not one's own name.
"""

import asyncio
import os
import threading
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.resources import files
from typing import Any, Final, NamedTuple, TypeVar
from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from mafia_district_servers.names import folded
from mafia_district_servers.problems import Fault, Problem

T = TypeVar("T")

OWASP: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
SHORTEST: Final = 8
LONGEST: Final = 128
_WAITING: Final = 16  # that may wait for each thread
_BUSY: Final = {"Retry-After": "1"}


class Checked(NamedTuple):
    """Whether a password was right, and whether its hash should be made anew."""

    right: bool
    stale: bool


class Passwords:
    """Hashes and verifies in `threads` threads."""

    def __init__(self, threads: int, hasher: PasswordHasher = OWASP) -> None:
        self.hasher = hasher
        self._pool = ThreadPoolExecutor(threads, "password-hasher")
        self._slots = threading.BoundedSemaphore(threads * (1 + _WAITING))
        self._salt, self._nobodys = os.urandom(16), os.urandom(32)

    async def hash(self, password: str) -> str:
        """Hash a password; raises a `busy` problem."""
        return await self._run(self.hasher.hash, normalize("NFKC", password))

    async def verify(self, known: str | None, password: str) -> Checked:
        """Verify a password by its hash; None is for somebody who is not there.

        Raises a `busy` problem.
        """
        hashed = self._dummy() if known is None else known
        right = await self._run(_verify, self.hasher, hashed, normalize("NFKC", password))
        right = right and known is not None
        return Checked(right, right and self.hasher.check_needs_rehash(hashed))

    def close(self) -> None:
        """Let the threads end."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _dummy(self) -> str:
        """Spell a hash that no password has, and that takes as long as any other."""
        costs = self.hasher
        costly = f"m={costs.memory_cost},t={costs.time_cost},p={costs.parallelism}"
        return f"$argon2id$v=19${costly}${_spell(self._salt)}${_spell(self._nobodys)}"

    async def _run(self, work: Callable[..., T], *args: Any) -> T:
        """Do work in a thread; a slot is held until the thread is done, whoever waits."""
        if not self._slots.acquire(blocking=False):
            raise Problem(Fault.BUSY, "too many are logging in: try again in a second", _BUSY)
        future = self._pool.submit(work, *args)
        future.add_done_callback(lambda _: self._slots.release())
        return await asyncio.wrap_future(future)


def check(password: str, *own: str) -> None:
    """Refuse a password that would be guessed; `own` are its owner's name and e-mail.

    Raises a `bad_password` problem.
    """
    if not SHORTEST <= len(normalize("NFKC", password)) <= LONGEST:
        raise Problem(Fault.BAD_PASSWORD, f"a password has {SHORTEST} to {LONGEST} characters")
    plain = folded(password)
    if plain in _common() or plain in map(folded, own):
        raise Problem(Fault.BAD_PASSWORD, "that password is one of the first to be tried")


def _verify(hasher: PasswordHasher, known: str, password: str) -> bool:
    try:
        return hasher.verify(known, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _common() -> frozenset[str]:
    text = (files(__package__) / "common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if not line.startswith("# "))


def _spell(raw: bytes) -> str:
    return b64encode(raw).decode().rstrip("=")
