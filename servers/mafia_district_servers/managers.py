"""The task managers of a process: one for all that it is asked, and one each for some services.

The design's three. Every request takes a slot of the first, once its body has been read and its
caller is known; what is for the voting or the task service takes one of that service's besides. A
socket takes none: its life is longer than any job's.
"""

import asyncio
from typing import Final

import attrs

from mafia_district.ids import Millis
from mafia_district_servers.ports import Clock
from mafia_district_servers.settings import Settings
from mafia_district_servers.task_manager import TaskManager

_WAITING: Final = 10  # times as many may wait as may run


@attrs.frozen
class Managers:
    """All of them."""

    gateway: TaskManager
    task: TaskManager
    voting: TaskManager

    @classmethod
    def of(cls, settings: Settings, clock: Clock) -> "Managers":
        """Make them as the settings say."""

        def manager(name: str, limit: int, timeout_ms: Millis) -> TaskManager:
            return TaskManager(name, limit, timeout_ms, limit * _WAITING, clock)

        return cls(
            manager(
                "gateway", settings.gateway_max_concurrent_tasks, settings.gateway_task_timeout_ms
            ),
            manager("task", settings.max_concurrent_tasks, settings.task_timeout.ms),
            manager(
                "voting",
                settings.voting_max_concurrent_tasks,
                round(settings.voting_task_timeout_seconds * 1_000),
            ),
        )

    def own(self, path: str) -> TaskManager | None:
        """Give the manager of the service that a path belongs to, if that has one of its own."""
        if path.startswith("/api/voting/"):
            return self.voting
        return self.task if path.startswith("/api/task/") else None

    async def close(self, grace_ms: Millis) -> None:
        """Refuse new jobs, and wait for those that run."""
        managers = (self.gateway, self.task, self.voting)
        await asyncio.gather(*(manager.close(grace_ms) for manager in managers))
