"""What an authority refuses beside the game's own refusals."""


class NoSuchGame(Exception):
    """There is no game of that id."""


class NotSeated(Exception):
    """The caller has no seat in that game."""


class KeyReused(Exception):
    """The idempotency key was used before, for something else."""
