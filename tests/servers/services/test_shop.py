"""The shop service: prices for everybody, purchases for those who made them."""

from pathlib import Path
from typing import Any

import pytest

from ..served import FIVE, Person, town
from ..virtual import in_loop
from .districts import District, district, kinds

ONE_OF_EACH = {"purchases_a_day": 12, "carried": 12}


async def ware(here: District, person: Person, item: str) -> Any:
    """Read an item's line of the price list."""
    rows = (await here.read(person, "shop", "items"))["items"]
    return next(row for row in rows if row["item"] == item)


@in_loop
async def test_a_sale_moves_coins_goods_stock_and_price(tmp_path: Path) -> None:
    """Given garlic on the shelf, then who buys it has it, and it is rarer and dearer for all."""
    async with district(tmp_path) as here:
        ann, bob, *_ = here.people
        before = await ware(here, bob, "garlic")
        await here.walk("shop", ann)
        events = await here.do(ann, "shop", "purchases", {"item": "garlic"})
        assert kinds(events) == [
            "shop.sold", "purse.coins_moved", "items.item_gained", "shop.priced",
        ]  # fmt: skip
        for person in (ann, bob, here.zoe):
            now = await ware(here, person, "garlic")
            assert now["stock"] == before["stock"] - 1
            assert now["price"] > before["price"] == 60
        assert (await here.read(ann, "shop", "items"))["coins"] == 1_000 - 60
        assert (await here.read(bob, "shop", "items"))["coins"] == 1_000
        assert (await here.read(here.zoe, "shop", "items"))["coins"] == 0
        mine = (await here.read(ann, "shop", "purchases"))["events"]
        assert [(row["event"]["type"], row["event"]["price"]) for row in mine] == [
            ("shop.sold", 60)
        ]
        assert mine[0]["at"] == here.place.clock.now()


@in_loop
async def test_a_purchase_that_is_sent_twice_is_made_once(tmp_path: Path) -> None:
    """Given the same purchase under the same key, then one item is bought and one paid."""
    async with district(tmp_path, **ONE_OF_EACH) as here:
        ann, path = here.people[0], here.path("shop", "purchases")
        await here.walk("shop", ann)
        body = {"item": "tools"}
        first, again = [await ann.post(path, body, Idempotency_Key="one") for _ in range(2)]
        assert (first.status, first.bytes) == (200, again.bytes)
        assert (await here.read(ann, "character", "inventory"))["bag"] == ["tools"]
        other = await ann.post(path, {"item": "garlic"}, Idempotency_Key="one")
        assert other.told == (422, "key_reused")


@in_loop
async def test_what_is_not_for_sale_to_one_is_refused(tmp_path: Path) -> None:
    """Given every reason not to sell, then each has its own code, and nothing has changed."""
    async with district(tmp_path, start_coins=50) as here:
        ann, *_ = here.people
        garlic, tools = {"item": "garlic"}, {"item": "tools"}
        assert await here.refused(ann, "shop", "purchases", tools) == (409, "not_here")
        await here.walk("shop", ann)
        assert await here.refused(ann, "shop", "purchases", garlic) == (409, "not_enough_coins")
        unknown = {"item": "crown"}
        assert await here.refused(ann, "shop", "purchases", unknown) == (409, "no_such_item")
        await here.do(ann, "shop", "purchases", tools)
        assert await here.refused(ann, "shop", "purchases", tools) == (409, "one_a_day")
        for wrong in ({}, {"item": 1}, {"item": None}, {"item": "tools", "price": 0}):
            told = await here.refused(ann, "shop", "purchases", wrong)
            assert told == (400, "bad_request"), wrong
        await here.to("evening", 1)
        assert await here.refused(ann, "shop", "purchases", tools) == (409, "wrong_phase")


@in_loop
async def test_a_bag_and_a_shelf_have_an_end(tmp_path: Path) -> None:
    """Given a full bag or an empty shelf, then nothing more is sold."""
    async with district(tmp_path, purchases_a_day=9, carried=1) as here:
        ann, *_ = here.people
        tools = {"item": "tools"}
        await here.walk("shop", *here.people)
        for buyer in here.people:
            if not (await ware(here, ann, "tools"))["stock"]:
                break
            await here.do(buyer, "shop", "purchases", tools)
        assert await here.refused(ann, "shop", "purchases", tools) == (409, "bag_full")
        eve = here.people[-1]
        assert await here.refused(eve, "shop", "purchases", tools) == (409, "sold_out")


@in_loop
async def test_an_order_is_ones_own_secret(tmp_path: Path) -> None:
    """Given a shop that is shut, then others read nothing of an order, which is filled later."""
    async with district(tmp_path, shop_opens_ms=5_000) as here:
        ann, bob, *_ = here.people
        await here.walk("shop", ann, bob)
        before = await here.told(bob, here.zoe)
        assert kinds(await here.do(ann, "shop", "purchases", {"item": "garlic"})) == [
            "shop.order_placed"
        ]
        again = await here.refused(ann, "shop", "purchases", {"item": "tools"})
        assert again == (409, "already_done")
        assert await here.told(bob, here.zoe) == before
        nothing = await bob.send("DELETE", here.path("shop", "purchases"))
        assert nothing.told == (409, "nothing_to_withdraw")
        here.place.clock.jump(5_000)
        await here.to("day", 1)
        goods = await here.read(ann, "shop", "items")
        assert (goods["open"], goods["order"], goods["coins"]) == (True, "", 940)
        mine = (await here.read(ann, "shop", "purchases"))["events"]
        assert kinds([row["event"] for row in mine]) == ["shop.order_placed", "shop.sold"]


@in_loop
async def test_what_lies_under_the_counter_is_nobodys_to_know(tmp_path: Path) -> None:
    """Given special goods, then neither stock nor buyer shows to anybody but the buyer."""
    async with district(tmp_path, **ONE_OF_EACH) as here:
        ann, bob, *_ = here.people
        await here.to("day", 2)
        await here.walk("shop", ann, bob)
        goods = await here.read(bob, "shop", "items")
        assert {row["item"] for row in goods["items"] if row["stock"] is None} == {
            "cross", "holy_water", "vest", "mask", "papers", "tap", "handcuffs",
        }  # fmt: skip
        before = await here.told(bob, here.zoe)
        vest = {"item": "vest"}
        assert "shop.sold" in kinds(await here.do(ann, "shop", "purchases", vest))
        assert await here.told(bob, here.zoe) == before
        assert kinds(await here.do(bob, "shop", "purchases", vest)) == ["shop.sold_out"]
        assert await here.refused(bob, "shop", "purchases", {"item": "mask"}) == (409, "one_a_day")


@in_loop
async def test_purchases_are_ones_own(tmp_path: Path) -> None:
    """Given two who have bought, then each reads their own, and an onlooker nobody's."""
    async with district(tmp_path) as here:
        ann, bob, *_ = here.people
        await here.buy(ann, "lantern")
        await here.buy(bob, "water")
        path = here.path("shop", "purchases")
        mine, others = await ann.get(path), await bob.get(path)
        assert b"lantern" in mine.bytes
        assert b"water" not in mine.bytes
        assert b"water" in others.bytes
        assert b"lantern" not in others.bytes
        assert (await here.zoe.get(path)).told == (403, "not_seated")
        assert (await here.zoe.post(path, {"item": "tools"})).told == (403, "not_seated")
        assert (await here.zoe.send("DELETE", path)).told == (403, "not_seated")
        assert (await here.place.nobody.get(path)).told == (401, "unauthorized")


@in_loop
@pytest.mark.parametrize("method", ["POST", "DELETE"])
async def test_a_classic_game_sells_nothing(tmp_path: Path, method: str) -> None:
    """Given a game without a town, then buying is refused as there is none."""
    async with town(tmp_path) as place:
        game, (ann, *_) = await place.day(*FIVE)
        body = {"item": "garlic"} if method == "POST" else None
        assert (await ann.send(method, f"/api/shop/{game}/purchases", body)).told == (
            409, "no_town",
        )  # fmt: skip
