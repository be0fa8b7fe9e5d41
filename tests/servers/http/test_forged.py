"""Forged tokens at the real door: 401, each of them, wherever one may be shown."""

from pathlib import Path

import aiohttp

from ..attacks.tokens import NOW, ROOT, attacks
from ..served import Person, town
from ..virtual import in_loop


@in_loop
async def test_no_forged_token_is_let_in(tmp_path: Path) -> None:
    """Given every forgery that a header can carry, then each is 401, at all kinds of doors."""
    tried = 0
    async with town(tmp_path, jwt_secret=ROOT) as place:
        assert place.clock.now() == NOW * 1_000
        game, _ = await place.lobby("Ann")
        for name, token in attacks():
            person = Person(place, name, token)
            try:
                got = await person.get(f"/api/game/{game}/view?as=spectator")
            except (ValueError, aiohttp.ClientError):
                continue  # no header can say that
            refused = (431, "head_too_large") if len(token) > 7_000 else (401, "unauthorized")
            assert got.told == refused, name
            if refused[0] == 431:
                continue  # it was not even looked at
            assert (await person.post("/api/game/lobbies", {})).told == (401, "unauthorized")
            asked = {"refresh_token": token.encode(errors="replace").decode()}
            renewed = await place.nobody.post("/api/gateway/user-token", asked)
            assert renewed.told in ((401, "unauthorized"), (400, "bad_json")), name
            tried += 1
        assert tried > 80
        assert (await place.guest("Bob")).token
