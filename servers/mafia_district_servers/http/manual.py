"""The manual, `/docs`: the two descriptions as one page that needs nothing from anywhere else.

It is written once, when the server starts, from the same documents that programs read. Everything
in it is escaped, and its policy allows no script at all.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from hashlib import sha256
from html import escape
from typing import Any, Final

import msgspec

_STYLE: Final = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "code,pre{font-family:ui-monospace,monospace}pre{overflow:auto;padding:.5rem;"
    "background:color-mix(in srgb,currentColor 8%,transparent)}summary{cursor:pointer}"
    ":root{color-scheme:light dark}"
)
_STYLE_HASH: Final = b64encode(sha256(_STYLE.encode()).digest()).decode()
HEADERS: Final = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none';"
        " form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}


def page(openapi: bytes, asyncapi: bytes) -> bytes:
    """Write the page of both descriptions."""
    http, live = msgspec.json.decode(openapi), msgspec.json.decode(asyncapi)
    return "\n".join(
        [
            '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width">',
            f"<title>Mafia District: the interface</title>\n<style>{_STYLE}</style>",
            f"<h1>Mafia District {escape(http['info']['version'])}</h1>",
            '<p>For programs: <a href="/openapi.json">/openapi.json</a>,'
            ' <a href="/asyncapi.json">/asyncapi.json</a>.</p>',
            *_routes(http["paths"]),
            *_sockets(live),
            "<h2>Schemas</h2>",
            *_schemas(http["components"]["schemas"] | live["components"]["schemas"]),
            "</html>",
        ]
    ).encode()


def _routes(paths: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    service = ""
    for path, methods in paths.items():
        for method, operation in methods.items():
            if operation["tags"][0] != service:
                service = operation["tags"][0]
                yield f"<h2>{escape(service)}</h2>"
            head = f"<code>{method.upper()} {escape(path)}</code> {escape(operation['summary'])}"
            yield _folded(head, operation)


def _sockets(live: Mapping[str, Any]) -> Iterator[str]:
    yield f"<h2>Frames</h2>\n<p>{escape(live['info']['description'])}</p>"
    for name, message in live["components"]["messages"].items():
        schema = live["components"]["schemas"][name]
        yield _folded(f"<code>{escape(name)}</code> {escape(message['summary'])}", schema)


def _schemas(schemas: Mapping[str, Any]) -> Iterator[str]:
    for name, schema in sorted(schemas.items()):
        yield _folded(f"<code>{escape(name)}</code>", schema)


def _folded(head: str, document: object) -> str:
    text = msgspec.json.format(msgspec.json.encode(document), indent=2).decode()
    return f"<details><summary>{head}</summary><pre>{escape(text)}</pre></details>"
