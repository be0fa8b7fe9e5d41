"""Authentication: the caller is who the token says, whatever the rest of the request states.

This is the design's `auth_cache_middleware`: a token is verified once and remembered by `Sessions`
for as long as it is good and its session lives.
"""

from collections.abc import Mapping

from aiohttp.hdrs import AUTHORIZATION

from mafia_district_servers.identity.access import ANYONE, HOSTS, Roles
from mafia_district_servers.identity.sessions import Sessions
from mafia_district_servers.identity.tokens import Session, bearer
from mafia_district_servers.problems import Fault, Problem


async def session(sessions: Sessions, headers: Mapping[str, str], roles: Roles) -> Session | None:
    """Verify what token a route asks for.

    Raises an `unauthorized` problem, or `forbidden` for a caller whose role is not among these.
    """
    if roles is ANYONE:
        return None
    verified = await sessions.access(bearer(headers.get(AUTHORIZATION)))
    if verified.caller.role not in roles:
        raise Problem(Fault.FORBIDDEN, _whose(roles))
    return verified


def _whose(roles: Roles) -> str:
    if roles is HOSTS:
        return "that is for the host of this server"
    names = " or ".join(sorted(role.value for role in roles))
    return f"that is for the role {names}"
