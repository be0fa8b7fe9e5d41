"""The same server in two shapes: one process, or one for each service."""

from pathlib import Path

from mafia_district_servers.identity.service_tokens import issue as service_token

from ..served import FIVE, Person, town
from ..virtual import in_loop


@in_loop
async def test_a_server_is_of_the_shape_that_was_asked_for(tmp_path: Path, shape: str) -> None:
    """Given either shape, then there are as many processes, and the gateway knows the others."""
    async with town(tmp_path) as place:
        processes = len({id(house) for house in place.houses.values()})
        assert processes == (1 if shape == "together" else len(place.houses))
        link = {"refresh_token": place.house.sessions.host_link()}
        token = (await place.nobody.post("/api/gateway/user-token", link)).json["access_token"]
        host = Person(place, "Host", token)
        told = (await host.get("/api/gateway/services")).json["services"]
        elsewhere = [row["name"] for row in told if row["instances"]]
        assert len(elsewhere) == processes - 1
        for row in told:
            assert all(instance["health"] == "healthy" for instance in row["instances"])


@in_loop
async def test_behind_the_gateway_nobody_else_is_answered(tmp_path: Path, shape: str) -> None:
    """Given a service of its own, then it answers to the gateway alone, but for how it is."""
    async with town(tmp_path) as place:
        game, (ann, *_) = await place.day(*FIVE)
        if shape == "together":
            return
        url = place.house.upstreams["voting"].instances[0].url
        bearer = {"Authorization": f"Bearer {ann.token}"}
        for headers in (bearer, bearer | {"X-Service-Token": ann.token}):
            path = f"{url}/api/voting/{game}/tally"
            async with place.http.get(path, headers=headers) as got:
                assert got.status == 401
        async with place.http.get(f"{url}/health") as got:
            assert got.status == 200
        for service in ("voting", "shop"):
            issued = place.house.tokens
            token = service_token(issued, service)
            headers = bearer | {"X-Service-Token": token}
            async with place.http.get(f"{url}/api/voting/{game}/tally", headers=headers) as got:
                assert got.status == 401


@in_loop
async def test_what_was_answered_is_not_asked_for_again(tmp_path: Path) -> None:
    """Given an answer with its ETag, then it holds until its viewer moves on, and no longer."""
    async with town(tmp_path) as place:
        game, (ann, bob, *_) = await place.day(*FIVE)
        path = f"/api/voting/{game}/tally"
        first = await ann.get(path)
        tag = first.headers["ETag"]
        again = await ann.get(path)
        assert (again.status, again.bytes, again.headers["ETag"]) == (200, first.bytes, tag)
        held = await ann.get(path, If_None_Match=f'"x", W/{tag}')
        assert (held.status, held.bytes) == (304, b"")
        assert (await bob.get(path)).headers["ETag"] != tag
        assert (await ann.get(f"/api/voting/{game}/history")).headers["ETag"] != tag
        assert (await ann.get(f"{path}?x=1", If_None_Match=tag)).told == (400, "bad_request")
        voted = await bob.post(f"/api/voting/{game}/vote", {"target": 0})
        assert voted.status == 200
        changed = await ann.get(path, If_None_Match=tag)
        assert changed.status == 200
        assert changed.json["tally"]["ballots"] or changed.json["tally"]["votes"]
