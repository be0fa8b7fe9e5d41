"""The front page: what somebody sees who opens the server's address, and the description."""

from collections.abc import Iterable
from typing import Final

from mafia_district_servers.http import asyncapi, manual, openapi
from mafia_district_servers.http.routes import Call, Nothing, Reply, Route, SocketRoute

_HEADERS: Final = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",  # for browsers that do not know frame-ancestors
}

_PAGE: Final = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Mafia District</title>
<h1>Mafia District</h1>
<p>A server for social deduction games is running here.</p>
<h2>Join</h2>
<ul>
<li>From a program: the interface is described in <a href="/docs">/docs</a>.
<li>To watch a whole game of bots in a terminal: <code>mafia-district demo</code>.
</ul>
</html>
"""


def routes(described: Iterable[Route], sockets: Iterable[SocketRoute]) -> list[Route]:
    """Make the routes of the page, and of the description of all other routes."""
    page = Reply(_PAGE.encode(), headers=_HEADERS)
    described, sockets = tuple(described), tuple(sockets)
    http, live = openapi.document(described), asyncapi.document(sockets)
    description, of_sockets = Reply(http), Reply(live)
    written = Reply(manual.page(http, live), headers=manual.HEADERS)

    async def front(call: Call[Nothing, Nothing]) -> Reply:
        return page

    async def describe(call: Call[Nothing, Nothing]) -> Reply:
        return description

    async def describe_sockets(call: Call[Nothing, Nothing]) -> Reply:
        return of_sockets

    async def docs(call: Call[Nothing, Nothing]) -> Reply:
        return written

    return [
        Route("GET", "/", front, "The front page"),
        Route("GET", "/openapi.json", describe, "This description"),
        Route("GET", "/asyncapi.json", describe_sockets, "The description of the WebSockets"),
        Route("GET", "/docs", docs, "Both descriptions, to read"),
    ]
