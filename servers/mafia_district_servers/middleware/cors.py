"""Cross-origin requests: pages of the listed sites may use the interface, those of others may not.

Credentials are never allowed: a token is sent by the page itself, and no cookie exists that a
browser could add by itself.
"""

from collections.abc import Collection
from typing import Final

from aiohttp import hdrs, web

_PREFLIGHT: Final = {
    hdrs.ACCESS_CONTROL_ALLOW_METHODS: "GET, POST, PUT, PATCH, DELETE",
    hdrs.ACCESS_CONTROL_ALLOW_HEADERS: (
        "Authorization, Content-Type, Idempotency-Key, X-Join-Code, X-Request-ID"
    ),
    hdrs.ACCESS_CONTROL_MAX_AGE: "600",
}

_EXPOSED: Final = "ETag, RateLimit, RateLimit-Policy, Retry-After, X-Request-ID"


def preflight(request: web.Request, origins: Collection[str]) -> web.Response | None:
    """Answer a browser that asks beforehand for a page of a listed site."""
    if request.method != hdrs.METH_OPTIONS or request.headers.get(hdrs.ORIGIN) not in origins:
        return None
    return web.Response(status=204, headers=_PREFLIGHT)


def allow(request: web.Request, response: web.StreamResponse, origins: Collection[str]) -> None:
    """Let a page of a listed site read the answer."""
    origin = request.headers.get(hdrs.ORIGIN)
    if origin is not None and origin in origins:
        response.headers[hdrs.ACCESS_CONTROL_ALLOW_ORIGIN] = origin
        response.headers[hdrs.ACCESS_CONTROL_EXPOSE_HEADERS] = _EXPOSED
        response.headers[hdrs.VARY] = hdrs.ORIGIN
