"""Passwords: hashed off the loop, once whoever asks, and none that is tried first."""

import asyncio
import threading

import pytest
from argon2 import PasswordHasher

from mafia_district_servers.people import passwords
from mafia_district_servers.people.passwords import OWASP, Passwords, check
from mafia_district_servers.problems import Problem

from ..served import CHEAP, PASSWORD
from ..virtual import in_loop


class Counted(PasswordHasher):
    """A hasher that counts how often it is run."""

    runs = 0

    def verify(self, *args: object, **more: object) -> bool:
        """Verify, and count it."""
        Counted.runs += 1
        return super().verify(*args, **more)  # type: ignore[arg-type]


class Held(PasswordHasher):
    """A hasher that waits for a word."""

    word: threading.Event

    def hash(self, *args: object, **more: object) -> str:
        """Wait, and hash."""
        assert self.word.wait(10)
        return "hash"


def counted() -> Counted:
    """Give a cheap hasher that counts from now."""
    Counted.runs = 0
    return Counted(time_cost=1, memory_cost=8, parallelism=1)


def test_the_parameters_are_those_of_owasp() -> None:
    """Given the hasher of a server, then it costs what OWASP asks for at least."""
    assert OWASP.type.name == "ID"
    assert OWASP.memory_cost >= 19 * 1024
    assert (OWASP.time_cost, OWASP.parallelism) == (2, 1)


@in_loop
async def test_only_the_right_password_is_right(tmp_path: object) -> None:
    """Given a hash, then its password is right in every spelling, and nothing else is."""
    hashing = Passwords(1, CHEAP)
    hashed = await hashing.hash("caf\u00e9 au lait")
    assert (await hashing.verify(hashed, "cafe\u0301 au lait")).right
    assert not (await hashing.verify(hashed, "cafe au lait")).right
    assert not (await hashing.verify("no hash", "no hash")).right
    assert await hashing.hash("caf\u00e9 au lait") != hashed
    hashing.close()


@in_loop
async def test_the_hasher_runs_once_whether_there_is_a_name_or_not() -> None:
    """Given a wrong password and a wrong name, then each costs one run of the same kind."""
    hashing = Passwords(1, counted())
    hashed = await hashing.hash(PASSWORD)
    for known in (hashed, None):
        before = Counted.runs
        assert not (await hashing.verify(known, "wrong horse")).right
        assert Counted.runs == before + 1
    assert not (await hashing.verify(None, PASSWORD)).right
    hashing.close()


@in_loop
async def test_a_hash_of_other_parameters_is_made_anew() -> None:
    """Given a hash that was cheaper, then it is right and stale; of a wrong one nothing is told."""
    cheap, dear = Passwords(1, CHEAP), Passwords(1, PasswordHasher(time_cost=2, memory_cost=8))
    hashed = await cheap.hash(PASSWORD)
    assert await cheap.verify(hashed, PASSWORD) == (True, False)
    assert await dear.verify(hashed, PASSWORD) == (True, True)
    assert await dear.verify(hashed, "wrong horse") == (False, False)
    for each in (cheap, dear):
        each.close()


@in_loop
async def test_a_full_queue_refuses_and_a_slot_is_free_when_its_thread_is() -> None:
    """Given all slots taken, then the next is told to wait, also if the first went away."""
    held = Held(time_cost=1, memory_cost=8)
    held.word = threading.Event()
    hashing = Passwords(1, held)
    waiting = [asyncio.create_task(hashing.hash(PASSWORD)) for _ in range(17)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    await asyncio.sleep(0)
    with pytest.raises(Problem) as refused:
        await hashing.hash(PASSWORD)
    assert (refused.value.status, refused.value.code.value) == (503, "busy")
    assert refused.value.headers["Retry-After"] == "1"
    held.word.set()
    await asyncio.gather(*waiting[1:])
    assert await hashing.hash(PASSWORD) == "hash"
    hashing.close()


@in_loop
async def test_the_loop_is_not_blocked_while_passwords_are_hashed() -> None:
    """Given eight who log in at once at full cost, then the loop's heart goes on beating."""
    hashing = Passwords(2)
    hashed = await hashing.hash(PASSWORD)
    beats = 0

    async def heart() -> None:
        nonlocal beats
        while True:
            beats += 1
            await asyncio.sleep(0)

    beating = asyncio.create_task(heart())
    checked = await asyncio.gather(*(hashing.verify(hashed, PASSWORD) for _ in range(8)))
    beating.cancel()
    assert all(each.right for each in checked)
    assert beats > 8 * 2  # on the loop's own thread it would be one beat a login
    hashing.close()


@pytest.mark.parametrize(
    "password",
    ["short 7", "x" * 129, "password1", "PassWord1", "\uff50assword1", "Ada Lovelace", "ADA@x.org"],
)
def test_what_is_guessed_first_is_refused(password: str) -> None:
    """Given a password that is short, long, common in any case, or one's own name, then not."""
    with pytest.raises(Problem) as refused:
        check(password, "Ada Lovelace", "ada@x.org")
    assert (refused.value.status, refused.value.code.value) == (422, "bad_password")


@pytest.mark.parametrize("password", ["eight ch", "x" * 128, PASSWORD, "пароль на языке"])
def test_all_others_are_taken(password: str) -> None:
    """Given any other, whatever it is made of, then it is taken."""
    check(password, "Ada")


def test_the_list_holds_about_a_thousand_that_could_be_chosen() -> None:
    """Given the list, then there are enough of them, and each is long enough to be chosen."""
    listed = passwords._common()
    assert len(listed) >= 1_000
    assert all(passwords.SHORTEST <= len(word) <= passwords.LONGEST for word in listed)
    assert all(word == passwords.folded(word) for word in listed)
