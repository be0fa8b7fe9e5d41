"""The table of access: every route has its row, and every row its route."""

from pathlib import Path

import pytest

from mafia_district_servers.caller import Caller, Role
from mafia_district_servers.http.routes import Route
from mafia_district_servers.identity.access import ACCESS, ANYONE
from mafia_district_servers.identity.tokens import Kind
from mafia_district_servers.tables import ROUTES

from ..served import Person, call, town
from ..virtual import in_loop

OF_THE_FRONT = {f"GET /{name}" for name in ("", "openapi.json", "asyncapi.json", "docs")}


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    """Given all services' tables, then the table of access has just their routes."""
    mounted = {f"{route.method} {route.path}" for route in ROUTES}
    assert mounted | OF_THE_FRONT == set(ACCESS)


def test_a_route_without_a_row_cannot_be_mounted() -> None:
    """Given a route that the table does not know, then it has no roles."""
    with pytest.raises(LookupError):
        _ = Route("GET", "/api/new", ROUTES[0].handler, "New").roles


@in_loop
async def test_each_role_is_let_through_where_the_table_says(tmp_path: Path) -> None:
    """Given every route and every role, then it is 401 or 403 just where the table says so."""
    async with town(tmp_path) as place:
        people = {}
        for role in Role:
            login = await place.house.sessions.begin(f"of-{role.value}", role.value, guest=True)
            caller = Caller(f"of-{role.value}", role.value, role)
            token = place.house.tokens.issue(Kind.ACCESS, caller, login.session.id)
            people[role] = Person(place, role.value, token)
        for route in (route for route in ROUTES if not route.path.endswith("/logout")):
            got = await call(place.nobody, route, "abcdefghjkmn")
            assert (got.status == 401) == (route.roles is not ANYONE), route
            for role, person in people.items():
                got = await call(person, route, "abcdefghjkmn")
                refused = got.status == 403 and got.json["code"] == "forbidden"
                assert refused == bool(route.roles and role not in route.roles), (route, role)
