"""The description: valid, complete, and true of what the server really answers."""

import re
from pathlib import Path
from typing import Any

import attrs
import jsonschema
import msgspec
from openapi_spec_validator import validate

from mafia_district import wire
from mafia_district.machine import Code
from mafia_district_servers import problems
from mafia_district_servers.http import openapi
from mafia_district_servers.http.routes import Nothing
from mafia_district_servers.identity.access import HOSTS
from mafia_district_servers.problems import Fault, Problem
from mafia_district_servers.tables import ROUTES

from ..served import FIVE, Got, Person, town
from ..virtual import in_loop


def document() -> Any:
    """Read the description."""
    return msgspec.json.decode(openapi.document(ROUTES))


def test_the_description_is_valid_and_complete() -> None:
    """Given the routes' tables, then each is described once, with what it takes and asks for."""
    described = document()
    validate(described)
    operations = [operation for path in described["paths"].values() for operation in path.values()]
    assert len(operations) == len(ROUTES)
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    for route in ROUTES:
        operation = described["paths"][route.path][route.method.lower()]
        assert operation["summary"] == route.summary
        assert operation["description"]
        assert ("requestBody" in operation) == (route.request is not Nothing)
        assert ("security" in operation) == bool(route.roles)
        named = {row["name"] for row in operation["parameters"] if row["in"] == "path"}
        assert named == set(re.findall(r"{(\w+)}", route.path))


def test_services_do_not_overlap() -> None:
    """Given all tables, then no two routes answer the same request."""
    keys = [(route.method, route.path) for route in ROUTES]
    assert len(set(keys)) == len(keys)


def test_messages_are_those_of_the_game() -> None:
    """Given the commands and events, then each is described by its type, and none by its actor."""
    schemas = document()["components"]["schemas"]
    for group, kinds in (("Command", wire.COMMANDS), ("Event", wire.EVENTS)):
        shown = [schemas[row["$ref"].rpartition("/")[2]] for row in schemas[group]["oneOf"]]
        assert [row["properties"]["type"]["const"] for row in shown] == list(kinds)
        for row, kind in zip(shown, kinds.values(), strict=True):
            fields = {field.name for field in attrs.fields(kind)} - {"actor"}
            assert row["properties"].keys() == fields | {"type"}


@in_loop
async def test_answers_are_as_described(tmp_path: Path) -> None:
    """Given real requests of a day, then every answer fits the schema of its route."""
    described = document()

    def check(method: str, template: str, got: Got) -> None:
        operation = described["paths"][template][method]
        answers = operation["responses"]
        answer = answers.get(str(got.status), answers["default"])
        ((content_type, form),) = answer["content"].items()
        assert got.headers["Content-Type"] == content_type
        schema = {**form["schema"], "components": described["components"]}
        jsonschema.Draft202012Validator(schema).validate(got.json)

    async with town(tmp_path) as place:
        game, (ann, *_) = await place.day(*FIVE)
        await ann.post(f"/api/communication/{game}/channels/town/messages", {"text": "hello"})
        for route in ROUTES:
            if route.method != "GET" or route.roles is HOSTS or route.path.endswith("/log"):
                continue
            path = route.path.format(game=game, channel="town", user=ann.account)
            check("get", route.path, await ann.get(path))
            check("get", route.path, await ann.get(path + "?x=1"))
        vote = "/api/voting/{game}/vote"
        for body in (b'{"target":1}', b'{"target":29}', b"{}", b"{"):
            check("post", vote, await ann.post(vote.format(game=game), body))
        check("post", "/api/game/lobbies", await ann.post("/api/game/lobbies", {}))
        token = "/api/gateway/user-token"
        check("post", token, await Person(place, "x").post(token, {"guest_name": "Zoe"}))
        check("post", token, await Person(place, "x").post(token, {"guest_name": ""}))


def test_every_code_has_a_status_and_one_meaning() -> None:
    """Given all codes of game and server, then their names differ and each has an error status."""
    codes = [*Code, *Fault]
    assert len({code.value for code in codes}) == len(codes)
    for code in codes:
        assert 400 <= problems.status(code) < 600
        told = msgspec.json.decode(Problem(code, "why").body("id"))
        assert (told["code"], told["status"]) == (code.value, problems.status(code))
