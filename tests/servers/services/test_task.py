"""The task service: one's errands, and their pay; nobody else's business."""

from pathlib import Path

import pytest

from ..served import FIVE, town
from ..virtual import in_loop
from .districts import District, district, kinds


async def errand(open_: District, number: int, seat: int = 0) -> tuple[bool, bool]:
    """Tell whether an errand is done, and whether it is paid."""
    rows = (await open_.read(open_.people[seat], "task", "tasks"))["tasks"]
    return rows[number - 1]["done"], rows[number - 1]["paid"]


@in_loop
async def test_an_errand_is_done_claimed_and_paid_once(tmp_path: Path) -> None:
    """Given an errand at the docks, then who has been there is paid, and only once."""
    async with district(tmp_path) as here:
        ann = here.people[0]
        docks, studio = (await here.read(ann, "task", "tasks"))["tasks"]
        assert (docks["number"], docks["place"], docks["reward"]) == (1, "docks", 35)
        assert "Docks" in docks["text"]
        assert (studio["number"], studio["place"]) == (2, "studio")
        assert await here.refused(ann, "task", "tasks/1/complete") == (409, "not_now")

        await here.walk("docks", ann)
        assert await errand(here, 1) == (True, False)
        events = await here.do(ann, "task", "tasks/1/complete")
        assert kinds(events) == ["tasks.errand_paid", "purse.coins_moved"]
        assert await errand(here, 1) == (True, True)
        assert (await here.read(ann, "character", "inventory"))["coins"] == 1_035

        assert await here.do(ann, "task", "tasks/1/complete") == []
        assert (await here.read(ann, "character", "inventory"))["coins"] == 1_035
        assert await errand(here, 2) == (False, False)


@in_loop
async def test_a_claim_that_is_sent_twice_is_paid_once(tmp_path: Path) -> None:
    """Given the same claim under the same key, then both get the same answer."""
    async with district(tmp_path) as here:
        ann, path = here.people[0], here.path("task", "tasks/1/complete")
        await here.walk("docks", ann)
        first, again = [await ann.post(path, Idempotency_Key="one") for _ in range(2)]
        assert first.status == again.status == 200
        assert first.bytes == again.bytes
        assert (await here.read(ann, "character", "inventory"))["coins"] == 1_035


@in_loop
async def test_a_meeting_is_done_for_who_wanted_it(tmp_path: Path) -> None:
    """Given Bob, who is to meet Cat, then it is done where both are, and Cat learns nothing."""
    async with district(tmp_path) as here:
        _, bob, cat, *_ = here.people
        assert (await here.read(bob, "task", "tasks"))["tasks"][1]["person"] == cat.seat
        assert await here.refused(bob, "task", "tasks/2/complete") == (409, "not_now")
        await here.walk("farm", bob, cat)
        before = await here.told(cat)
        assert await errand(here, 2, bob.seat) == (True, False)
        await here.do(bob, "task", "tasks/2/complete")
        assert await here.told(cat) == before


@in_loop
async def test_tools_are_used_for_an_errand_that_wants_them(tmp_path: Path) -> None:
    """Given Dan, whose errand takes tools, then using them does it."""
    async with district(tmp_path) as here:
        dan = here.people[3]
        await here.buy(dan, "tools")
        events = await here.do(dan, "character", "inventory/tools/use", {})
        assert kinds(events) == ["items.item_used", "tasks.errand_done"]
        assert await errand(here, 1, dan.seat) == (True, False)
        worn = await here.do(dan, "task", "tasks/1/complete")
        assert kinds(worn)[-1] == "items.item_worn_out"
        assert worn[0]["reward"] == 45 + 30


@in_loop
@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("3", (409, "no_such_task")),
        ("0", (409, "no_such_task")),
        ("x", (404, "not_found")),
        ("-1", (404, "not_found")),
        ("100", (404, "not_found")),
        ("%D9%A1", (404, "not_found")),  # a digit, but not ours
        ("1%00", (404, "not_found")),
    ],
)
async def test_there_are_no_other_errands(
    tmp_path: Path, number: str, told: tuple[int, str]
) -> None:
    """Given a number that no errand has, then claiming it is refused."""
    async with district(tmp_path) as here:
        assert await here.refused(here.people[0], "task", f"tasks/{number}/complete") == told


@in_loop
async def test_errands_end_at_dusk(tmp_path: Path) -> None:
    """Given an errand that was done, then at dusk there is none, and no pay."""
    async with district(tmp_path) as here:
        ann = here.people[0]
        await here.walk("docks", ann)
        await here.to("evening", 1)
        assert (await here.read(ann, "task", "tasks"))["tasks"] == []
        told = await here.refused(ann, "task", "tasks/1/complete")
        assert told == (409, "wrong_phase")


@in_loop
async def test_errands_are_ones_own(tmp_path: Path) -> None:
    """Given two seats and an onlooker, then each reads their own errands, and no others'."""
    async with district(tmp_path) as here:
        ann, bob, *_ = here.people
        path = here.path("task", "tasks")
        mine, others = await ann.get(path), await bob.get(path)
        for got, other in ((mine, others), (others, mine)):
            for row in other.json["tasks"]:
                assert row["text"].encode() not in got.bytes
            assert len(got.json["tasks"]) == 2
        assert mine.headers["ETag"] != others.headers["ETag"]
        assert (await here.zoe.get(path)).told == (403, "not_seated")
        claim = here.path("task", "tasks/1/complete")
        assert (await here.zoe.post(claim)).told == (403, "not_seated")
        assert (await here.place.nobody.get(path)).told == (401, "unauthorized")


@in_loop
async def test_what_others_claim_changes_no_refusal(tmp_path: Path) -> None:
    """Given Ann, who is paid in an empty place, then Bob is refused with the same words as before.

    Nothing that Bob reads has changed either.
    """
    async with district(tmp_path) as here:
        ann, bob, *_ = here.people
        await here.walk("docks", ann)
        claim = here.path("task", "tasks/1/complete")
        before, read = await bob.post(claim, X_Request_ID="same"), await here.told(bob)
        assert before.told == (409, "not_now")
        await here.do(ann, "task", "tasks/1/complete")
        after = await bob.post(claim, X_Request_ID="same")
        assert after.bytes == before.bytes
        assert await here.told(bob) == read


@in_loop
async def test_a_classic_game_pays_nothing(tmp_path: Path) -> None:
    """Given a game without a town, then a claim is refused as there is none."""
    async with town(tmp_path) as place:
        game, (ann, *_) = await place.day(*FIVE)
        got = await ann.post(f"/api/task/{game}/tasks/1/complete")
        assert got.told == (409, "no_town")
