"""What a browser is told with every answer, and what kinds of body are read."""

from pathlib import Path

import pytest

from mafia_district_servers.tables import ROUTES

from ..served import FIVE, Got, call, town
from ..virtual import in_loop

HEADERS = {
    "Server": "mafia-district",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def check(got: Got) -> None:
    """Check the headers of an answer."""
    for name, value in HEADERS.items():
        assert got.headers[name] == value, name
        assert len(got.headers.getall(name)) == 1
    policy = got.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "Set-Cookie" not in got.headers
    assert "Strict-Transport-Security" not in got.headers


@in_loop
async def test_every_answer_has_the_headers(tmp_path: Path) -> None:
    """Given every route, well asked or not, then its answer says what a browser may not do."""
    friend = "https://friend.example"
    async with town(tmp_path, cors_origins=(friend,)) as place:
        game, (ann, *_) = await place.day(*FIVE)
        for route in (route for route in ROUTES if not route.path.endswith("/logout")):
            check(await call(ann, route, game))
            check(await call(place.nobody, route, "nowhere"))
        for path in ("/", "/openapi.json", "/nowhere"):
            check(await ann.get(path))
        for method in ("OPTIONS", "PATCH", "HEAD", "TRACE"):
            check(await ann.send(method, "/health"))
        before = await ann.send(
            "OPTIONS", "/health", Origin=friend, Access_Control_Request_Method="PUT"
        )
        check(before)
        assert before.status == 204
        allowed = before.headers["Access-Control-Allow-Methods"].split(", ")
        assert set(allowed) == {"GET", "POST", "PUT", "PATCH", "DELETE"}
        told = (await ann.get("/health", Origin=friend)).headers["Access-Control-Expose-Headers"]
        assert {"RateLimit", "Retry-After"} <= set(told.split(", "))


@in_loop
async def test_a_server_behind_tls_says_so(tmp_path: Path) -> None:
    """Given a public address with TLS, then browsers are told to come by that alone."""
    async with town(tmp_path, public_url="https://mafia.example") as place:
        for path in ("/health", "/nowhere"):
            got = await place.nobody.get(path)
            assert got.headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("application/json", 200),
        ("Application/JSON; charset=UTF-8", 200),
        ('application/json;charset="utf-8"', 200),
        ("application/json;", 200),
        ("application/json; charset=utf-16", 415),
        ("application/json; charset=latin-1", 415),
        ("application/json; charset=utf-8; x=y", 415),
        ("application/json; boundary=x", 415),
        ("application/json, text/plain", 415),
        ("application/jsonp", 415),
        ("application/problem+json", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("text/plain", 415),
        ("text/plain; application/json", 415),
        ("", 415),
    ],
)
@in_loop
async def test_a_body_is_json_and_says_so(tmp_path: Path, kind: str, status: int) -> None:
    """Given a content type, then only JSON is read, in the one encoding that it has."""
    async with town(tmp_path) as place:
        body = b'{"guest_name":"Ann"}'
        got = await place.nobody.post("/api/gateway/user-token", body, Content_Type=kind)
        assert got.status == status, got.bytes
        if status == 415:
            assert got.told == (415, "unsupported_media_type")
