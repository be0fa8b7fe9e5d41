"""A caller: who asks, as a verified token says."""

import enum

import attrs


@enum.unique
class Role(enum.Enum):
    """What somebody is to the server; what a role may do is the table in `identity.access`."""

    PLAYER = "player"  # plays, with an account or as a guest
    HOST = "host"  # besides, looks after the games of this server
    ADMIN = "admin"  # besides, after its people
    SERVICE = "service"  # one of the server's own processes


@attrs.frozen
class Caller:
    """An account, by what name, and in which role."""

    account: str
    name: str
    role: Role = Role.PLAYER

    @property
    def looks_after(self) -> bool:
        """Whether this is somebody who may enter every game of the server."""
        return self.role in (Role.HOST, Role.ADMIN)
