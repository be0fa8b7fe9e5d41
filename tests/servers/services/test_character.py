"""The character service: looks for all to see, bags for their owners."""

from pathlib import Path

import pytest

from mafia_district.catalogue import BUILT_IN

from ..served import FIVE, town
from ..virtual import in_loop
from .districts import district, kinds


@in_loop
async def test_what_is_used_is_on(tmp_path: Path) -> None:
    """Given a lantern in the bag, then who lights it has it on, and in the bag no more."""
    async with district(tmp_path) as here:
        ann, *_ = here.people
        assert (await here.read(ann, "character", "inventory"))["bag"] == []
        await here.buy(ann, "lantern")
        held = await here.read(ann, "character", "inventory")
        assert (held["coins"], held["bag"], held["on"]) == (940, ["lantern"], [])
        used = await here.do(ann, "character", "inventory/lantern/use")
        assert kinds(used) == ["items.item_used"]
        now = await here.read(ann, "character", "inventory")
        assert (now["bag"], now["on"]) == (
            [], [{"item": "lantern", "effect": "lantern", "target": -2, "nights": 1}],
        )  # fmt: skip
        again = await here.refused(ann, "character", "inventory/lantern/use", {})
        assert again == (409, "not_yours")


@in_loop
async def test_the_glass_shows_yesterday_to_who_looks(tmp_path: Path) -> None:
    """Given Bob, who was at the farm, then Ann sees it by her glass, and Bob notices nothing."""
    async with district(tmp_path) as here:
        ann, bob, *_ = here.people
        await here.buy(ann, "glass")
        await here.walk("farm", bob)
        await here.to("day", 2)
        before = await here.told(bob)
        seen = await here.do(ann, "character", "inventory/glass/use", {"target": bob.seat})
        assert seen[-1]["type"] == "items.path_seen"
        assert seen[-1]["places"] == ["farm"]
        assert await here.told(bob) == before


@in_loop
async def test_a_gift_is_known_to_two(tmp_path: Path) -> None:
    """Given Ann, who gives Bob water, then the two know of it, and Cat beside them does not."""
    async with district(tmp_path) as here:
        ann, bob, cat, *_ = here.people
        await here.buy(ann, "water")
        await here.walk("farm", ann, bob, cat)
        before = await here.told(cat, here.zoe)
        given = await here.do(ann, "character", "inventory/water/give", {"to": bob.seat})
        assert kinds(given) == ["items.item_given"]
        assert (await here.read(ann, "character", "inventory"))["bag"] == []
        assert (await here.read(bob, "character", "inventory"))["bag"] == ["water"]
        assert await here.told(cat, here.zoe) == before


@in_loop
async def test_a_gift_to_a_full_bag_comes_back(tmp_path: Path) -> None:
    """Given Bob, whose bag is full, then Ann's gift comes back, and Bob hears nothing of it."""
    async with district(tmp_path, carried=1) as here:
        ann, bob, *_ = here.people
        await here.buy(ann, "water")
        await here.buy(bob, "tools")
        before = await here.told(bob)
        back = await here.do(ann, "character", "inventory/water/give", {"to": bob.seat})
        assert kinds(back) == ["items.gift_refused"]
        assert (await here.read(ann, "character", "inventory"))["bag"] == ["water"]
        assert await here.told(bob) == before


@in_loop
async def test_what_cannot_be_used_or_given_is_refused(tmp_path: Path) -> None:
    """Given every wrong use and gift, then each has its own code, and nothing has changed."""
    async with district(tmp_path) as here:
        ann, bob, *_ = here.people
        bag, huge = "inventory", 2**63 - 1
        await here.buy(ann, "glass")
        for name, body, told in (
            ("crown/use", {}, (409, "no_such_item")),
            ("water/use", {}, (409, "not_yours")),
            ("glass/use", {}, (422, "bad_target")),
            ("glass/use", {"target": -3}, (422, "bad_target")),
            ("glass/use", {"target": huge}, (422, "bad_target")),
            ("glass/use", {"target": 10**30}, None),
            ("glass/use", {"target": bob.seat}, (409, "not_here")),
            ("glass/use", {"target": ann.seat}, (409, "not_here")),
            ("glass/use", {"target": "1"}, (400, "bad_request")),
            ("glass/use", {"seat": 1}, (400, "bad_request")),
            ("crown/give", {"to": bob.seat}, (409, "no_such_item")),
            ("water/give", {"to": bob.seat}, (409, "not_yours")),
            ("glass/give", {"to": bob.seat}, (409, "not_here")),
            ("glass/give", {"to": ann.seat}, (409, "not_here")),
            ("glass/give", {"to": -1}, (409, "not_here")),
            ("glass/give", {"to": huge}, (409, "not_here")),
            ("glass/give", {}, (400, "bad_request")),
            ("glass/give", {"to": bob.seat, "from": 2}, (400, "bad_request")),
        ):
            got = await here.refused(ann, "character", f"{bag}/{name}", body)
            assert got == told if told else 400 <= got[0] < 500, (name, body, got)


@in_loop
async def test_what_others_carry_changes_no_refusal(tmp_path: Path) -> None:
    """Given Bob, who is refused what he does not carry, then it is so too when Ann has it."""
    async with district(tmp_path) as here:
        ann, bob, *_ = here.people
        path = here.path("character", "inventory/vest/give")
        await here.to("day", 2)
        await here.walk("shop", ann)
        before = await bob.post(path, {"to": 2}, X_Request_ID="same")
        assert before.told == (409, "not_yours")
        await here.do(ann, "shop", "purchases", {"item": "vest"})
        after = await bob.post(path, {"to": 2}, X_Request_ID="same")
        assert after.bytes == before.bytes


@in_loop
async def test_a_bag_is_ones_own(tmp_path: Path) -> None:
    """Given two who carry different things, then each reads their own, an onlooker nobody's."""
    async with district(tmp_path) as here:
        ann, bob, *_ = here.people
        await here.buy(ann, "lantern")
        await here.buy(bob, "water")
        path = here.path("character", "inventory")
        mine, others = await ann.get(path), await bob.get(path)
        assert b"lantern" in mine.bytes
        assert b"water" not in mine.bytes
        assert b"water" in others.bytes
        assert b"lantern" not in others.bytes
        assert (mine.json["coins"], others.json["coins"]) == (940, 960)
        assert (await here.zoe.get(path)).told == (403, "not_seated")
        for deed, body in (("use", {}), ("give", {"to": 1})):
            got = await here.zoe.post(f"{path}/lantern/{deed}", body)
            assert got.told == (403, "not_seated")
        assert (await here.place.nobody.get(path)).told == (401, "unauthorized")


@in_loop
async def test_looks_are_for_all_to_see(tmp_path: Path) -> None:
    """Given the deal, then all are dressed, alike for every eye, and nobody changes any more."""
    async with district(tmp_path) as here:
        ann, bob, *_ = here.people
        looks = [(await here.read(one, "character", "looks"))["looks"] for one in (ann, here.zoe)]
        assert looks[0] == looks[1]
        assert [row["seat"] for row in looks[0]] == [0, 1, 2, 3, 4]
        path, mine = here.path("character", "looks"), {"assets": looks[0][0]["assets"]}
        assert (await bob.send("PUT", path, mine)).told == (409, "wrong_phase")
        assert (await here.zoe.send("PUT", path, mine)).told == (403, "not_seated")


@in_loop
async def test_a_look_is_whole_and_from_the_catalogue(tmp_path: Path) -> None:
    """Given a lobby, then only a whole look of known assets is taken; the last one counts."""
    async with town(tmp_path) as place:
        game, (ann, bob) = await place.lobby("Ann", "Bob", rules="district")
        path = f"/api/character/{game}/looks"
        assets = (await place.nobody.get("/api/character/assets")).json["assets"]
        assert [row["id"] for row in assets] == [row.id for row in BUILT_IN.assets]
        one = list({row["slot"]: row["id"] for row in reversed(assets)}.values())[::-1]
        look = [row.id for row in BUILT_IN.assets if row.id in one]
        for wrong in ([], look[:1], look[::-1], [*look, look[0]], ["crown"] * len(look)):
            assert (await bob.send("PUT", path, {"assets": wrong})).told == (409, "bad_look")
        for wrong in ({}, {"assets": "hat"}, {"assets": [1]}, {"assets": look, "seat": 0}):
            assert (await bob.send("PUT", path, wrong)).told == (400, "bad_request")
        assert (await ann.get(path)).json["looks"] == []
        assert (await bob.send("PUT", path, {"assets": look})).status == 200
        assert (await ann.get(path)).json["looks"] == [{"seat": 1, "assets": look}]


@in_loop
@pytest.mark.parametrize("name", ["garlic/use", "garlic/give", "crown/use", "crown/give"])
async def test_a_classic_game_has_no_bags(tmp_path: Path, name: str) -> None:
    """Given a game without a town, then whatever one would use or give is refused alike."""
    async with town(tmp_path) as place:
        game, (ann, *_) = await place.day(*FIVE)
        body = {"to": 1} if name.endswith("give") else {}
        got = await ann.post(f"/api/character/{game}/inventory/{name}", body)
        assert got.told == (409, "no_town")


@in_loop
async def test_what_has_a_rank_is_bought_before_it_is_worn(tmp_path: Path) -> None:
    """Given a look that takes reputation, then who has not bought it may not wear it."""
    async with town(tmp_path) as place:
        ada = await place.member("Ada")
        assets = (await place.nobody.get("/api/character/assets")).json["assets"]
        dear = next(row for row in assets if row["rank"])
        look = {row["slot"]: row["id"] for row in assets if not row["rank"]} | {
            dear["slot"]: dear["id"]
        }
        game = (await ada.post("/api/game/lobbies", {"rules": "district"})).json["game"]
        assert (await ada.post(f"/api/game/{game}/join", {})).status == 200
        worn = await ada.send(
            "PUT", f"/api/character/{game}/looks", {"assets": list(look.values())}
        )
        assert worn.told == (403, "forbidden")
        for person, asset, told in (
            (ada, dear["id"], (409, "too_expensive")),
            (await place.guest("Bob"), dear["id"], (403, "not_registered")),
            (ada, "nothing", (404, "not_found")),
        ):
            assert (await person.post("/api/character/assets", {"asset": asset})).told == told
        free = next(row["id"] for row in assets if not row["rank"])
        closet = (await ada.post("/api/character/assets", {"asset": free})).json
        assert closet["reputation"] == 0
        assert free in closet["assets"]
        assert dear["id"] not in closet["assets"]
