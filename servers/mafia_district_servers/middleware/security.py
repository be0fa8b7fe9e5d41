"""Security headers: what a browser may not do with any answer of this server.

An answer is of the type that it says and no other; no page may show it in a frame; a page of
another site that is not listed (`CORS_ORIGINS`) cannot load it; a link that is followed from it
tells nobody where it was. Behind TLS the browser is told to come back by TLS alone: where this
server speaks it itself, and where `PUBLIC_URL` says that a proxy does.
"""

from typing import Final

from aiohttp import web

from mafia_district_servers.settings import Settings

NOSNIFF: Final = "X-Content-Type-Options"
POLICY: Final = "Content-Security-Policy"
HEADERS: Final = {
    "Server": "mafia-district",  # and not what it is made of
    NOSNIFF: "nosniff",
    "Referrer-Policy": "no-referrer",
    POLICY: "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_TRANSPORT: Final = "Strict-Transport-Security"
_YEAR: Final = "max-age=31536000"
_MARK: Final = "Cross-Origin-Resource-Policy"  # who has this one has them all


def is_behind_tls(settings: Settings) -> bool:
    """Tell whether players reach the server by TLS, whoever speaks it."""
    return (settings.public_url or "").startswith("https://")


def protect(request: web.Request, response: web.StreamResponse, *, behind_tls: bool) -> None:
    """Put the headers on that an answer does not have already."""
    headers = response.headers
    if _MARK not in headers:
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
    if behind_tls or getattr(request.protocol, "speaks_tls", False):
        headers[_TRANSPORT] = _YEAR
