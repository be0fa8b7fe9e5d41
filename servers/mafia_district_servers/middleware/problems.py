"""Errors: whatever went wrong leaves as one form, `application/problem+json`."""

from aiohttp import web

from mafia_district_servers.middleware import security
from mafia_district_servers.problems import CONTENT_TYPE, Fault, Problem, problem_of

_UNROUTED = {
    404: Problem(Fault.NOT_FOUND, "there is nothing at this address: see /openapi.json"),
    417: Problem(Fault.BAD_REQUEST, "that expectation cannot be met"),
}

_HEADERS = {"Cache-Control": "no-store", **security.HEADERS}


def answer(error: Exception, request_id: str) -> web.Response:
    """Make the answer for an error, whoever raised it."""
    problem = _of_aiohttp(error) if isinstance(error, web.HTTPException) else problem_of(error)
    return web.Response(
        body=problem.body(request_id),
        status=problem.status,
        headers={"Content-Type": CONTENT_TYPE, **_HEADERS, **problem.headers},
    )


def _of_aiohttp(error: web.HTTPException) -> Problem:
    """Translate what the library's router or WebSocket handshake refused."""
    if isinstance(error, web.HTTPMethodNotAllowed):
        allowed = ", ".join(sorted(error.allowed_methods))
        detail = f"this address takes {allowed}, and not {error.method[:40]}"
        return Problem(Fault.METHOD_NOT_ALLOWED, detail, {"Allow": allowed})
    return _UNROUTED.get(error.status, Problem(Fault.BAD_REQUEST, "the request is malformed"))
