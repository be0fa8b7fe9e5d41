"""The description of the HTTP interface, `/openapi.json`, made from the tables that run it.

OpenAPI 3.1. Request, query and response classes become schemas by msgspec, the game's commands and
events from the wire's own registry, so that nothing here can fall behind the code.
"""

import re
from collections.abc import Iterable, Mapping
from inspect import getdoc
from typing import Any, Final

import attrs
import msgspec

from mafia_district import wire
from mafia_district.version import __version__
from mafia_district_servers import problems
from mafia_district_servers.games.gate import JOIN_CODE
from mafia_district_servers.http.application import IDEMPOTENCY_KEY
from mafia_district_servers.http.routes import JSON, Nothing, Route

_REFS: Final = "#/components/schemas/{name}"
_PARAMETER: Final = re.compile(r"{(\w+)}")


@attrs.frozen
class ProblemDocument:
    """An error (RFC 9457); `code` is from a closed list."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str


def document(routes: Iterable[Route]) -> bytes:
    """Write the description of these routes as JSON."""
    routes = tuple(routes)
    schemas = Schemas(routes)
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, schemas)
    return msgspec.json.encode(
        {
            "openapi": "3.1.0",
            "info": {"title": "Mafia District", "version": __version__},
            "paths": paths,
            "components": {
                "schemas": schemas.components,
                "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
            },
        }
    )


class Schemas:
    """JSON schemas of all that the routes name, and of the game's commands and events."""

    def __init__(self, routes: Iterable[Route]) -> None:
        routes = tuple(routes)
        kinds = [*wire.COMMANDS.values(), *wire.EVENTS.values(), *_named(routes)]
        made, self.components = msgspec.json.schema_components(kinds, ref_template=_REFS)
        self._by_kind = list(zip(kinds, made, strict=True))
        for route in routes:
            if route.request not in (dict, bytes):
                self._component(route.request)["additionalProperties"] = False
        found = dict(self._by_kind[: len(wire.COMMANDS) + len(wire.EVENTS)])
        self.components["Command"] = any_of(wire.COMMANDS, found, self.components)
        self.components["Event"] = any_of(wire.EVENTS, found, self.components)

    def of(self, kind: Any) -> Mapping[str, Any]:
        """Give the schema of a kind; a plain dict is a command, plain bytes are a text."""
        if kind is dict:
            return {"$ref": _REFS.format(name="Command")}
        if kind is bytes:
            return {"type": "string"}
        return next(schema for known, schema in self._by_kind if known is kind)

    def needs(self, kind: Any) -> bool:
        """Tell whether a request of a kind has to say anything."""
        return kind is dict or bool(self._component(kind).get("required"))

    def fields(self, kind: type) -> dict[str, Any]:
        """Give the schemas of a class's fields."""
        fields: dict[str, Any] = self._component(kind)["properties"]
        return fields

    def _component(self, kind: type) -> dict[str, Any]:
        component: dict[str, Any] = self.components[self.of(kind)["$ref"].rpartition("/")[2]]
        return component


def any_of(
    names: Mapping[str, type], schemas: Mapping[type, Any], components: dict[str, Any]
) -> dict[str, Any]:
    """Describe one of several messages, each by its `type`, and none by its actor."""
    for name, kind in names.items():
        own = components[schemas[kind]["$ref"].rpartition("/")[2]]
        own["properties"].pop("actor", None)
        own["properties"]["type"] = {"const": name}
        own["required"] = ["type", *(key for key in own["required"] if key != "actor")]
    return {"oneOf": [schemas[kind] for kind in names.values()]}


def _named(routes: Iterable[Route]) -> list[Any]:
    """List what the routes need a schema of, each once."""
    found: list[Any] = [ProblemDocument]
    for route in routes:
        for kind in (route.request, route.query, route.response):
            if kind not in (bytes, dict) and not any(kind is known for known in found):
                found.append(kind)
    return found


def _operation(route: Route, schemas: Schemas) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": f"{route.handler.__module__.rpartition('.')[2]}.{route.handler.__name__}",
        "tags": [route.handler.__module__.rpartition(".")[2]],
        "summary": route.summary,
        "description": getdoc(route.handler),
        "parameters": _parameters(route, schemas),
        "responses": {
            str(route.status): _answer("Done", route.content_type, schemas.of(route.response)),
            "default": _answer("Refused", problems.CONTENT_TYPE, schemas.of(ProblemDocument)),
        },
    }
    if route.request is not Nothing:
        operation["requestBody"] = {
            "required": schemas.needs(route.request),
            "content": {JSON: {"schema": schemas.of(route.request)}},
        }
    if route.roles:
        operation["security"] = [{"bearer": []}]
    return operation


def _parameters(route: Route, schemas: Schemas) -> list[dict[str, Any]]:
    text = {"type": "string"}
    found = in_path(route.path)
    if route.query is not Nothing:
        fields = schemas.fields(route.query)
        found += [_parameter("query", name.rstrip("_"), fields[name]) for name in fields]
    if "{game}" in route.path:
        found.append(_parameter("header", JOIN_CODE, text))
    if route.method != "GET" and route.roles:
        found.append(_parameter("header", IDEMPOTENCY_KEY, text | {"maxLength": 64}))
    return found


def in_path(path: str) -> list[dict[str, Any]]:
    """Describe the parameters in a path."""
    return [
        _parameter("path", name, {"type": "string"}) | {"required": True}
        for name in _PARAMETER.findall(path)
    ]


def _parameter(place: str, name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"in": place, "name": name, "schema": schema}


def _answer(description: str, content_type: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {content_type: {"schema": schema}}}
