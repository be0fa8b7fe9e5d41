"""What an authority refuses beside the game's own refusals."""

import asyncio


class NoSuchGame(Exception):
    """There is no game of that id."""


class NotSeated(Exception):
    """The caller has no seat in that game."""


class Forbidden(Exception):
    """Who asks may never have that here; the words say who may."""


class NotOver(Exception):
    """The game is not over."""


class KeyReused(Exception):
    """The idempotency key was used before, for something else."""


class CommitUnderWay(asyncio.CancelledError):
    """Whoever waited for a commit was cancelled; the commit goes on, and may succeed."""
