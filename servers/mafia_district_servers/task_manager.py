"""Task managers: how much is done at once, who waits, and how long anything may take.

A job takes a slot and gives it back at its end. When all slots are taken, jobs wait in three
queues, and are let in first come, first served within each. What keeps the server whole goes first:
other services, and who asks for its health. Then commands, for they count only before a deadline
that does not wait for them; then reads, which lose nothing by being late. So that nobody starves, a
queue that was passed over a few times in a row is served next, however low it is.

When the queues are full, a job is refused, or the youngest of a lower queue in its stead. A job
that takes too long, with its waiting, is told so and cancelled; one that had not begun is told to
come back instead. Whether a command that was cancelled will be stored is not known if its commit
was under way: that answer says so.

A job that does not wait has its work done in the caller's own task: it costs a few integers and an
entry in a dict. One timer serves all jobs of a manager, for all may take equally long.

Work that takes the processor for long runs in threads, by `in_thread`. A thread cannot be stopped:
the job that waits for it may end, but keeps its slot until the thread has ended.
"""

import asyncio
import enum
from collections import deque
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Final, ParamSpec, TypeVar

import attrs

from mafia_district.ids import Instant, Millis
from mafia_district_servers.errors import CommitUnderWay
from mafia_district_servers.ports import Clock
from mafia_district_servers.problems import Fault, Problem, is_our_fault

P = ParamSpec("P")
T = TypeVar("T")
A = TypeVar("A")

_PATIENCE: Final = 4  # how often in a row a queue is passed over
_COME_BACK: Final = {"Retry-After": "1"}  # seconds
_RESTARTED: Final = {"Retry-After": "5"}


@enum.unique
class Priority(enum.IntEnum):
    """Who goes first; the index of a queue."""

    HOUSE = 0  # other services, and questions about health
    COMMAND = 1
    READ = 2


@attrs.frozen
class TaskStats:
    """Jobs: now, and since the start. Every one ends as just one of the last four.

    `completed` ones may have been refused by the game; `failed` are those whose failure was the
    server's; `rejected` are those that never began.
    """

    running: int
    queued: int
    completed: int
    failed: int
    timed_out: int
    rejected: int
    limit: int


class _Job:
    """A job from its arrival to the end of its last thread."""

    # What most jobs have is written once, here, for one is made for every request.
    admission: "asyncio.Future[None] | None" = None  # what it waits for, while it waits
    overdue = 0  # how often it was cancelled for that
    ended = False
    threads = 0

    def __init__(self, task: "asyncio.Task[object]", deadline: Instant) -> None:
        self.task = task
        self.deadline = deadline


class TaskManager:
    """Runs at most `limit` jobs at once, lets `queue` more wait, and ends each after a time."""

    def __init__(self, name: str, limit: int, timeout_ms: Millis, queue: int, clock: Clock) -> None:
        self.name = name
        self._limit = limit
        self._timeout = timeout_ms
        self._queue = queue
        self._clock = clock
        self._running = 0
        self._queued = 0
        self._completed = self._failed = self._timed_out = self._rejected = 0
        self._waiting: tuple[deque[_Job], ...] = tuple(deque() for _ in Priority)
        self._passed = [0 for _ in Priority]
        self._jobs: dict[asyncio.Task[object], _Job] = {}  # in the order of their deadlines
        self._watch: asyncio.Task[None] | None = None
        self._closing = False
        self._idle = asyncio.Event()
        self._pool: ThreadPoolExecutor | None = None

    @property
    def stats(self) -> TaskStats:
        """How many jobs there are and were."""
        return TaskStats(
            self._running, self._queued, self._completed, self._failed, self._timed_out,
            self._rejected, self._limit,
        )  # fmt: skip

    async def run(
        self, work: Callable[[A], Awaitable[T]], argument: A, priority: Priority = Priority.COMMAND
    ) -> T:
        """Do a job, in the caller's own task; a job within a job is part of it.

        Raises a `busy`, `closing`, `timed_out` or `outcome_unknown` problem, and what the work
        raises.
        """
        task = asyncio.current_task()
        assert task is not None, "jobs are done by tasks"
        if task in self._jobs:
            return await work(argument)
        if self._closing:
            self._rejected += 1
            raise _closing()
        job = _Job(task, self._clock.now() + self._timeout)
        if self._running < self._limit:  # then nobody waits, or they would have been let in
            self._running += 1
            self._keep(job)
        else:
            await self._admitted(job, priority)
        try:
            result = await work(argument)
        except asyncio.CancelledError as error:
            if not job.overdue:
                self._failed += 1
                raise
            self._timed_out += 1
            if _uncancel(job):
                raise  # others have cancelled it too
            raise _too_late(error) from None
        except BaseException as error:
            ours = is_our_fault(error)
            self._failed += ours
            self._completed += not ours
            _uncancel(job)
            raise
        else:
            self._completed += 1
            if job.overdue:
                _uncancel(job)
            return result
        finally:
            del self._jobs[task]
            if job.threads:
                job.ended = True
            elif self._queued or self._closing:
                self._give_back()
            else:
                self._running -= 1

    async def in_thread(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do what takes the processor for long in a thread; a job of its own, or part of one."""
        task = asyncio.current_task()
        assert task is not None, "jobs are done by tasks"
        job = self._jobs.get(task)
        if job is None:
            return await self.run(lambda _: self.in_thread(work, *args, **kwargs), None)
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._limit, f"{self.name} job")
        loop = asyncio.get_running_loop()

        def ended(_: "Future[T]") -> None:
            with suppress(RuntimeError):  # the loop is closed, and nobody counts any more
                loop.call_soon_threadsafe(self._thread_ended, job)

        future = self._pool.submit(work, *args, **kwargs)
        job.threads += 1
        future.add_done_callback(ended)  # before the one that wakes the job
        return await asyncio.wrap_future(future)

    async def close(self, grace_ms: Millis) -> None:
        """Refuse new jobs, and wait for those that are there; cancel what is left after a time."""
        self._closing = True
        if self._running:
            last = asyncio.create_task(self._cancel_at(self._clock.now() + grace_ms))
            await self._idle.wait()
            last.cancel()
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)

    async def _cancel_at(self, at: Instant) -> None:
        await self._clock.sleep_until(at)
        for job in list(self._jobs.values()):
            job.task.cancel()
        await asyncio.sleep(0)
        self._idle.set()  # threads that overrun are not waited for

    def _keep(self, job: _Job) -> None:
        self._jobs[job.task] = job
        if self._watch is None:
            self._watch = asyncio.create_task(self._look_at_deadlines())

    async def _admitted(self, job: _Job, priority: Priority) -> None:
        """Wait for a slot."""
        if self._queued >= self._queue and not self._turn_away_below(priority):
            self._rejected += 1
            raise _busy()
        admission = job.admission = asyncio.get_running_loop().create_future()
        self._waiting[priority].append(job)
        self._queued += 1
        self._keep(job)
        try:
            await admission
        except BaseException:
            if admission.done() and not admission.cancelled() and admission.exception() is None:
                self._give_back()  # it was let in, and cancelled in the same moment
            elif job in self._waiting[priority]:
                self._waiting[priority].remove(job)
                self._queued -= 1
            self._rejected += 1
            del self._jobs[job.task]
            raise
        finally:
            job.admission = None

    def _turn_away_below(self, priority: Priority) -> bool:
        """Make room in the queues by refusing the youngest that waits in the lowest."""
        for lower in reversed(Priority):
            if lower > priority and self._waiting[lower]:
                self._refuse(self._waiting[lower].pop())
                return True
        return False

    def _refuse(self, job: _Job) -> None:
        """Tell a job, which is in no queue any more, that it will not be let in."""
        self._queued -= 1
        if job.admission is not None and not job.admission.done():
            job.admission.set_exception(_busy())

    def _give_back(self) -> None:
        """Give a slot back, or to whom it is due."""
        while self._queued:
            job = self._next()
            self._queued -= 1
            if job.admission is not None and not job.admission.done():
                job.admission.set_result(None)
                return
        self._running -= 1
        if self._closing and not self._running:
            self._idle.set()

    def _next(self) -> _Job:
        """Take the next job: of the highest queue, or of one that was passed over too often."""
        waiting = [queue for queue in Priority if self._waiting[queue]]
        patient = [queue for queue in waiting if self._passed[queue] >= _PATIENCE]
        chosen = patient[0] if patient else waiting[0]
        for queue in waiting:
            self._passed[queue] = 0 if queue is chosen else self._passed[queue] + 1
        return self._waiting[chosen].popleft()

    def _thread_ended(self, job: _Job) -> None:
        job.threads -= 1
        if job.ended and not job.threads:
            self._give_back()

    async def _look_at_deadlines(self) -> None:
        """Look at the oldest job when it should have ended; go when there is none."""
        while self._jobs:
            await self._clock.sleep_until(next(iter(self._jobs.values())).deadline)
            now = self._clock.now()
            for job in list(self._jobs.values()):
                if job.deadline > now:
                    break
                self._expire(job, now)
        self._watch = None

    def _expire(self, job: _Job, now: Instant) -> None:
        """Refuse a job that still waits, cancel one that runs; and again, should it resist."""
        for waiting in self._waiting:
            if job in waiting:
                waiting.remove(job)
                self._refuse(job)
                break
        else:
            job.overdue += 1
            job.task.cancel()
        del self._jobs[job.task]
        job.deadline = now + self._timeout
        self._jobs[job.task] = job


def _uncancel(job: _Job) -> int:
    """Take back what the manager has asked of a job's task; gives what others have asked."""
    for _ in range(job.overdue):
        job.task.uncancel()
    return job.task.cancelling()


def _busy() -> Problem:
    return Problem(Fault.BUSY, "there is too much to do: come back in a moment", _COME_BACK)


def _closing() -> Problem:
    return Problem(Fault.CLOSING, "the server is closing: come back in a moment", _RESTARTED)


def _too_late(error: asyncio.CancelledError) -> Problem:
    if isinstance(error, CommitUnderWay):
        return Problem(Fault.OUTCOME_UNKNOWN, "send it again with the same key")
    return Problem(Fault.TIMED_OUT, "it took too long, and was given up")
