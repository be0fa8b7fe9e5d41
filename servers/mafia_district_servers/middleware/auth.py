"""Authentication: the caller is who the token says, whatever the rest of the request states."""

from collections.abc import Mapping

from aiohttp.hdrs import AUTHORIZATION

from mafia_district_servers.http.routes import Auth
from mafia_district_servers.identity.tokens import Session, Tokens, bearer
from mafia_district_servers.problems import Fault, Problem


async def session(tokens: Tokens, headers: Mapping[str, str], needed: Auth) -> Session | None:
    """Verify what token the route asks for.

    Raises an `unauthorized` problem, or `forbidden` for a token that does not administer.
    """
    if needed is Auth.NONE:
        return None
    verified = await tokens.access(bearer(headers.get(AUTHORIZATION)))
    if needed is Auth.ADMIN and not verified.caller.admin:
        raise Problem(Fault.FORBIDDEN, "that is for the host's token")
    return verified
