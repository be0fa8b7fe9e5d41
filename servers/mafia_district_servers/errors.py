"""What an authority refuses beside the game's own refusals."""


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
