"""The throttle: who guesses has to wait, twice as long each time."""

import pytest

from mafia_district_servers.people.throttle import OF_A_NAME, OF_AN_ADDRESS, Throttle
from mafia_district_servers.problems import Problem

from ..virtual import VirtualClock


def wait(throttle: Throttle, name: str, address: str = "a") -> int:
    """Try once; give the seconds that one is told to wait, 0 for none."""
    try:
        throttle.attempt(name, address)
    except Problem as problem:
        return int(problem.headers["Retry-After"]) if problem.status == 429 else -1
    return 0


def test_waits_of_a_name_double_up_to_the_longest() -> None:
    """Given wrong passwords for a name, the first are free; each one more doubles the wait."""
    clock = VirtualClock()
    throttle = Throttle(clock)
    for number in range(OF_A_NAME.free):
        assert wait(throttle, "ann", f"a{number}") == 0
    waits = []
    for number in range(11):
        waits.append(wait(throttle, "ann", f"b{number}"))
        clock.jump(waits[-1] * 1_000)
        assert wait(throttle, "ann", f"c{number}") == 0
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    assert wait(throttle, "bob") == 0


def test_an_address_has_more_and_longer() -> None:
    """Given one address that tries many names, then it has to wait as well, and others not."""
    clock = VirtualClock()
    throttle = Throttle(clock)
    for number in range(OF_AN_ADDRESS.free):
        assert wait(throttle, f"name{number}") == 0
    assert wait(throttle, "another") == 1
    assert wait(throttle, "another", "b") == 0


def test_who_is_right_is_forgiven() -> None:
    """Given a right password after wrong ones, then the name begins anew; the address does not."""
    clock = VirtualClock()
    throttle = Throttle(clock)
    for _ in range(OF_A_NAME.free):
        assert wait(throttle, "ann") == 0
    clock.jump(1_000)
    assert wait(throttle, "ann") == 0
    throttle.succeeded("ann", "a")
    for _ in range(OF_A_NAME.free):
        assert wait(throttle, "ann") == 0
    for number in range(OF_AN_ADDRESS.free - 2 * OF_A_NAME.free):
        assert wait(throttle, f"name{number}") == 0
    throttle.attempt("mine", "b")
    throttle.succeeded("mine", "b")
    assert wait(throttle, "mine") == 1


def test_an_hour_after_the_last_wait_all_is_forgotten() -> None:
    """Given a name that was guessed at, then an hour later its first attempts are free again."""
    clock = VirtualClock()
    throttle = Throttle(clock)
    for number in range(OF_A_NAME.free):
        assert wait(throttle, "ann", f"a{number}") == 0
    clock.jump(3_600_000 + 1_001)
    for number in range(OF_A_NAME.free):
        assert wait(throttle, "ann", f"b{number}") == 0


def test_memory_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given more names than are remembered, then the oldest go."""
    monkeypatch.setattr("mafia_district_servers.people.throttle._MOST", 10)
    throttle = Throttle(VirtualClock())
    for number in range(100):
        throttle.attempt(f"name{number}", f"a{number}")
    assert len(throttle._counts) <= 10
