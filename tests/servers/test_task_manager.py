"""Task managers: never too many at once, in a fair order, and every job ends exactly once."""

import asyncio
import contextlib
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from mafia_district.machine import Code, Refused
from mafia_district_servers.adapters.clock import SystemClock
from mafia_district_servers.errors import CommitUnderWay
from mafia_district_servers.problems import Fault, Problem
from mafia_district_servers.task_manager import Priority, TaskManager, TaskStats

from .virtual import VirtualClock, in_loop, settle

LIMIT, QUEUE, TIMEOUT = 2, 5, 1_000
PATIENCE = 10.0


class Job:
    """A job of a test: it begins, and ends when it is told to."""

    def __init__(self, manager: TaskManager, priority: Priority, began: list["Job"]) -> None:
        self.priority = priority
        self.stubborn = False
        self.passed_over = 0
        self._began = began
        self._end: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.task = asyncio.create_task(manager.run(self._work, "argument", priority))

    async def _work(self, argument: str) -> str:
        assert argument == "argument"
        self._began.append(self)
        while True:
            try:
                return await asyncio.shield(self._end)
            except asyncio.CancelledError:
                if not self.stubborn:
                    raise
                self.stubborn = False

    def end(self, how: object) -> None:
        """Let the work end."""
        if isinstance(how, Exception):
            self._end.set_exception(how)
        else:
            self._end.set_result("done")

    @property
    def told(self) -> Fault | str:
        """How it ended."""
        if self.task.cancelled():
            return "cancelled"
        error = self.task.exception()
        if isinstance(error, Problem):
            assert isinstance(error.code, Fault)
            return error.code
        return self.task.result() if error is None else type(error).__name__


ENDS = st.sampled_from(["done", RuntimeError("broken"), Refused(Code.WRONG_PHASE, "not now")])


class Managed(RuleBasedStateMachine):
    """A manager, and all that may happen to it, on virtual time."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.clock = VirtualClock()
        self.manager = TaskManager("test", LIMIT, TIMEOUT, QUEUE, self.clock)
        self.began: list[Job] = []
        self.jobs: list[Job] = []
        self.seen = 0

    def do(self, act: Callable[[], object], by: int = 0) -> None:
        """Do something and let everything happen that follows within a time."""

        async def done() -> None:
            act()
            await (self.clock.advance(by) if by else settle())

        self.loop.run_until_complete(done())

    @property
    def running(self) -> list[Job]:
        """Jobs that have begun and not ended."""
        return [job for job in self.began if not job.task.done()]

    @property
    def waiting(self) -> list[Job]:
        """Jobs that have neither begun nor ended, in the order of their coming."""
        return [job for job in self.jobs if job not in self.began and not job.task.done()]

    @rule(priority=st.sampled_from(Priority))
    def come(self, priority: Priority) -> None:
        """Somebody wants something done."""
        full = len(self.running) == LIMIT and len(self.waiting) == QUEUE
        lower = [job for job in self.waiting if job.priority > priority]
        self.do(lambda: self.jobs.append(Job(self.manager, priority, self.began)))
        if full and not lower:
            assert self.jobs[-1].told is Fault.BUSY
        if full and lower:
            lowest = max(job.priority for job in lower)
            turned_away = [job for job in lower if job.priority is lowest][-1]
            assert turned_away.told is Fault.BUSY

    @precondition(lambda self: self.running)
    @rule(data=st.data(), how=ENDS)
    def end(self, data: st.DataObject, how: object) -> None:
        """Let a job's work end, well or badly."""
        job = data.draw(st.sampled_from(self.running))
        self.do(lambda: job.end(how))
        assert job.told == (how if how == "done" else type(how).__name__)

    @precondition(lambda self: [job for job in self.jobs if not job.task.done()])
    @rule(data=st.data())
    def give_up(self, data: st.DataObject) -> None:
        """Whoever waited for a job goes away; the job ends, at the same time as another perhaps."""
        job = data.draw(st.sampled_from([job for job in self.jobs if not job.task.done()]))
        others = [other for other in self.running if other is not job]

        def both() -> None:
            if others:
                others[0].end("done")
            job.task.cancel()

        self.do(both)
        assert job.told == "cancelled"

    @rule(by=st.integers(1, TIMEOUT + 1))
    def wait(self, by: int) -> None:
        """Time passes."""
        old = self.running, self.waiting
        self.do(lambda: None, by)
        for job in old[0]:
            assert not job.task.done() or job.told is Fault.TIMED_OUT
        for job in old[1]:
            assert not job.task.done() or job.told in (Fault.BUSY, Fault.TIMED_OUT)
        if by > TIMEOUT:
            assert all(job.task.done() for job in (*old[0], *old[1]))

    @invariant()
    def never_too_many(self) -> None:
        """No more jobs run than may, and none waits while one more could."""
        assert len(self.running) <= LIMIT
        assert len(self.waiting) <= QUEUE
        assert not self.waiting or len(self.running) == LIMIT

    @invariant()
    def first_come_first_served(self) -> None:
        """Of a priority nobody has overtaken anybody, and nobody is passed over for ever."""
        for job in self.began[self.seen :]:
            earlier = self.jobs[: self.jobs.index(job)]
            for other in earlier:
                if other in self.waiting:
                    assert other.priority is not job.priority
        for job in self.began[self.seen :]:
            for queue in {other.priority for other in self.waiting} - {job.priority}:
                first = next(other for other in self.waiting if other.priority is queue)
                first.passed_over += 1
                assert first.passed_over <= 4 + len(Priority)
        self.seen = len(self.began)

    @invariant()
    def stats_add_up(self) -> None:
        """Every job is counted once."""
        stats = self.manager.stats
        told = [job.told for job in self.jobs if job.task.done()]
        cancelled = [job for job in self.jobs if job.task.done() and job.told == "cancelled"]
        never_began = [job for job in cancelled if job not in self.began]
        assert stats == TaskStats(
            running=len(self.running),
            queued=len(self.waiting),
            completed=told.count("done") + told.count("Refused"),
            failed=told.count("RuntimeError") + len(cancelled) - len(never_began),
            timed_out=told.count(Fault.TIMED_OUT),
            rejected=told.count(Fault.BUSY) + len(never_began),
            limit=LIMIT,
        )

    def teardown(self) -> None:
        """Close: what runs may end, and then nothing is left."""
        closing = self.loop.create_task(self.manager.close(TIMEOUT * 3))
        while self.running or self.waiting:
            self.do(lambda: None)
            for job in self.running:
                self.do(lambda job=job: job.end("done"))  # type: ignore[misc]
        self.do(lambda: None)
        assert closing.done()
        self.stats_add_up()
        assert not asyncio.all_tasks(self.loop)
        self.loop.close()


TestManaged = Managed.TestCase
TestManaged.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)


def manager(clock: Any = None, limit: int = 1, queue: int = 10) -> TaskManager:
    """Make a manager."""
    return TaskManager("test", limit, TIMEOUT, queue, clock or VirtualClock())


@in_loop
async def test_a_low_queue_is_served_in_the_end() -> None:
    """Given commands that never cease, then a read that waits has its turn after four of them."""
    tasks, began = manager(queue=100), list[Job]()
    first = Job(tasks, Priority.COMMAND, began)
    await settle()
    read = Job(tasks, Priority.READ, began)
    commands = [Job(tasks, Priority.COMMAND, began) for _ in range(10)]
    await settle()
    for job in (first, *commands[:4]):
        assert began[-1] is job
        job.end("done")
        await settle()
    assert began[-1] is read
    for job in (read, *commands[4:]):
        job.end("done")
        await settle()
    assert tasks.stats.completed == 12
    await tasks.close(0)


@in_loop
async def test_a_commit_under_way_is_told() -> None:
    """Given a command whose commit takes too long, then nobody claims that nothing happened."""
    clock = VirtualClock()
    tasks = manager(clock)

    async def commit(_: None) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise CommitUnderWay from None

    answer = asyncio.create_task(tasks.run(commit, None))
    await clock.advance(TIMEOUT)
    with pytest.raises(Problem) as told:
        await answer
    assert told.value.code is Fault.OUTCOME_UNKNOWN
    assert told.value.status == 504
    assert tasks.stats.timed_out == 1
    await tasks.close(0)


@in_loop
async def test_a_job_that_resists_is_cancelled_again() -> None:
    """Given work that swallows a cancellation, then it is cancelled again, its slot kept."""
    clock = VirtualClock()
    tasks, began = manager(clock), list[Job]()
    job = Job(tasks, Priority.READ, began)
    job.stubborn = True
    await clock.advance(TIMEOUT)
    assert tasks.stats.running == 1
    await clock.advance(TIMEOUT)
    assert job.told is Fault.TIMED_OUT
    assert job.task.cancelling() == 0
    assert tasks.stats.running == 0
    await tasks.close(0)


@in_loop
async def test_managers_within_each_other() -> None:
    """Given a job in a job of another manager, then the one whose time is over says so."""
    clock = VirtualClock()
    outer, inner = manager(clock), TaskManager("inner", 1, TIMEOUT // 2, 0, clock)

    async def work(_: None) -> None:
        await inner.run(lambda _: inner.run(never, None), None)  # a job in a job is part of it

    async def never(_: None) -> None:
        await asyncio.Event().wait()

    answer = asyncio.create_task(outer.run(work, None))
    await clock.advance(TIMEOUT)
    with pytest.raises(Problem, match="timed_out"):
        await answer
    assert (inner.stats.timed_out, inner.stats.failed) == (1, 0)
    assert (outer.stats.timed_out, outer.stats.failed) == (0, 1)
    for each in (inner, outer):
        await each.close(0)


@in_loop
async def test_closing_lets_jobs_end_and_takes_no_new_ones() -> None:
    """Given a manager that closes, then who is there is served, and who comes is sent away."""
    tasks, began = manager(), list[Job]()
    jobs = [Job(tasks, Priority.COMMAND, began) for _ in range(2)]
    await settle()
    closing = asyncio.create_task(tasks.close(TIMEOUT))
    await settle()
    late = Job(tasks, Priority.HOUSE, began)
    await settle()
    assert late.told is Fault.CLOSING
    for job in jobs:
        assert not closing.done()
        job.end("done")
        await settle()
    assert closing.done()
    assert [job.told for job in jobs] == ["done", "done"]


@in_loop
async def test_closing_does_not_wait_for_ever() -> None:
    """Given jobs that do not end, then they are cancelled when the grace is over."""
    clock = VirtualClock()
    tasks, began = manager(clock), list[Job]()
    jobs = [Job(tasks, Priority.COMMAND, began) for _ in range(2)]
    await settle()
    closing = asyncio.create_task(tasks.close(100))
    await clock.advance(100)
    assert closing.done()
    assert [job.told for job in jobs] == ["cancelled", "cancelled"]


@in_loop
async def test_a_thread_keeps_its_slot_until_it_ends() -> None:
    """Given a thread that overruns, then its caller is told so, and nobody takes its slot yet."""
    clock = VirtualClock()
    tasks = manager(clock, queue=0)
    began, go_on = threading.Event(), threading.Event()

    def work(word: str) -> str:
        began.set()
        assert go_on.wait(PATIENCE)
        return word

    answer = asyncio.create_task(tasks.in_thread(work, "late"))
    await asyncio.to_thread(began.wait, PATIENCE)
    await clock.advance(TIMEOUT)
    with pytest.raises(Problem, match="timed_out"):
        await answer
    assert tasks.stats == TaskStats(1, 0, 0, 0, 1, 0, 1)
    with pytest.raises(Problem, match="busy"):
        await tasks.in_thread(work, "refused")
    go_on.set()
    async with asyncio.timeout(PATIENCE):
        while tasks.stats.running:
            await asyncio.sleep(0.001)
    assert await tasks.in_thread(work, "in time") == "in time"
    assert tasks.stats == TaskStats(0, 0, 1, 0, 1, 1, 1)
    await tasks.close(0)


@in_loop
async def test_threads_are_no_more_than_slots() -> None:
    """Given many jobs in threads, some of which fail, then never more run than there are slots."""
    tasks = TaskManager("test", 3, 60_000, 100, SystemClock())
    lock, now, most = threading.Lock(), 0, 0

    def work(number: int) -> int:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        threading.Event().wait(0.002)
        with lock:
            now -= 1
        if number % 5 == 0:
            raise RuntimeError(number)
        return number

    async def within(number: int) -> int:
        return await tasks.in_thread(work, number)  # in the slot of its job

    def job(number: int) -> Awaitable[int]:
        return tasks.run(within, number) if number % 2 else tasks.in_thread(work, number)

    done = await asyncio.gather(*(job(number) for number in range(40)), return_exceptions=True)
    assert [each for each in done if isinstance(each, int)] == [n for n in range(40) if n % 5]
    assert most == 3
    assert tasks.stats == TaskStats(0, 0, 32, 8, 0, 0, 3)
    await tasks.close(0)


@in_loop
async def test_a_slot_is_not_lost_between_two() -> None:
    """Given one who is let in and cancelled in the same moment, then the slot is given back."""
    tasks, began = manager(), list[Job]()
    end = asyncio.Event()

    async def first() -> None:
        await tasks.run(lambda _: end.wait(), None)
        second.task.cancel()  # it has its slot, but has not woken yet

    running = asyncio.create_task(first())
    await settle()
    second = Job(tasks, Priority.COMMAND, began)
    await settle()
    end.set()
    await settle()
    assert running.done()
    assert (second.told, began) == ("cancelled", [])
    assert tasks.stats == TaskStats(0, 0, 1, 0, 0, 1, 1)
    await tasks.close(0)


@in_loop
async def test_a_job_that_ends_well_after_all_leaves_its_task_whole() -> None:
    """Given work that is cancelled for its time and ends all the same, then its caller goes on."""
    clock = VirtualClock()
    tasks = manager(clock)

    async def stubborn(_: None) -> str:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        return "done"

    async def caller() -> tuple[str, int]:
        done = await tasks.run(stubborn, None)
        task = asyncio.current_task()
        assert task is not None
        return done, task.cancelling()

    called = asyncio.create_task(caller())
    await clock.advance(TIMEOUT)
    assert await called == ("done", 0)
    await tasks.close(0)
