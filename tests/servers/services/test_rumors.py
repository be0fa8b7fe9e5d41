"""The rumors service: what one has heard is one's own, and so is whom one told."""

from pathlib import Path
from typing import Any

import pytest

from ..served import FIVE, town
from ..virtual import in_loop
from .districts import District, district, kinds

BUREAU = "informator_bureau"


async def heard(here: District, seat: int) -> list[Any]:
    """Read the rumors of a seat."""
    rumors: list[Any] = (await here.read(here.people[seat], "rumors"))["rumors"]
    return rumors


async def ask(here: District, seat: int, category: str = "task") -> Any:
    """Let a seat ask at the bureau, where it stands; give the rumor that it hears."""
    events = await here.do(here.people[seat], "rumors", "purchases", {"category": category})
    assert kinds(events) == ["rumors.rumor_heard", "purse.coins_moved"]
    return (await heard(here, seat))[-1]


@in_loop
async def test_a_rumor_is_bought_and_paid(tmp_path: Path) -> None:
    """Given Ann at the bureau, then she hears a rumor for its price, and Bob beside her none."""
    async with district(tmp_path) as here:
        ann, bob, *_ = here.people
        await here.walk(BUREAU, ann, bob)
        prices = {
            row["category"]: row["price"]
            for row in (await here.read(ann, "rumors", "prices"))["prices"]
        }
        assert prices == {"appearance": 30, "whereabouts": 50, "task": 60, "role": 90}
        before = await here.told(bob, here.zoe)
        rumor = await ask(here, 0)
        assert (rumor["number"], rumor["category"], rumor["giver"]) == (1, "task", -2)
        assert (await here.read(ann, "character", "inventory"))["coins"] == 940
        assert await here.told(bob, here.zoe) == before
        for word in ("true", "reliab", "garbled", "twist", "template"):
            assert word not in rumor


@in_loop
async def test_a_purchase_that_is_sent_twice_is_made_once(tmp_path: Path) -> None:
    """Given the same question under the same key, then it is answered alike and paid once."""
    async with district(tmp_path) as here:
        ann, path, body = here.people[0], here.path("rumors", "purchases"), {"category": "task"}
        await here.walk(BUREAU, ann)
        first, again = [await ann.post(path, body, Idempotency_Key="one") for _ in range(2)]
        assert (first.status, first.bytes) == (200, again.bytes)
        assert len(await heard(here, 0)) == 1


@in_loop
async def test_what_the_bureau_refuses(tmp_path: Path) -> None:
    """Given every reason to tell nothing, then each has its own code, and nothing has changed."""
    async with district(tmp_path, start_coins=60) as here:
        ann, *_ = here.people
        task, role = {"category": "task"}, {"category": "role"}
        assert await here.refused(ann, "rumors", "purchases", task) == (409, "not_here")
        await here.walk(BUREAU, ann)
        assert await here.refused(ann, "rumors", "purchases", role) == (409, "not_now")
        unknown = {"category": "weather"}
        assert await here.refused(ann, "rumors", "purchases", unknown) == (409, "no_such_rumor")
        for wrong in ({}, {"category": 1}, {"category": "task", "seat": 1}):
            told = await here.refused(ann, "rumors", "purchases", wrong)
            assert told == (400, "bad_request"), wrong
        await ask(here, 0)
        assert await here.refused(ann, "rumors", "purchases", task) == (409, "one_a_day")
        await here.to("evening", 1)
        assert await here.refused(ann, "rumors", "purchases", task) == (409, "wrong_phase")
        await here.to("day", 2)
        await here.walk(BUREAU, ann)
        assert await here.refused(ann, "rumors", "purchases", role) == (409, "not_enough_coins")


@in_loop
async def test_a_rumor_is_passed_on_to_who_is_named(tmp_path: Path) -> None:
    """Given Ann, who tells Bob, then he has it from her, and Cat beside them hears nothing."""
    async with district(tmp_path, rumor_garbled=0) as here:
        ann, bob, cat, *_ = here.people
        await here.walk(BUREAU, ann, bob, cat)
        rumor = await ask(here, 0)
        before = await here.told(cat, here.zoe)
        events = await here.do(ann, "rumors", "1/share", {"to": [bob.seat]})
        assert kinds(events) == ["rumors.rumor_shared"]
        assert await heard(here, 1) == [{**rumor, "giver": ann.seat}]
        assert await here.told(cat, here.zoe) == before
        assert await here.do(ann, "rumors", "1/share", {"to": [bob.seat]}) == []
        assert len(await heard(here, 1)) == 1


@in_loop
async def test_nobody_can_tell_a_twisted_rumor_by_its_form(tmp_path: Path) -> None:
    """Given a name that Ann puts in, then Bob reads it as any other rumor.

    And Ann is told the same, whether it was news to Bob or not.
    """
    async with district(tmp_path, rumor_garbled=0) as here:
        ann, bob, *_ = here.people
        await here.walk(BUREAU, *here.people)
        rumor = await ask(here, 0)
        named = next(s for s in range(2, 5) if s not in rumor["persons"])
        await here.do(ann, "rumors", "1/share", {"to": [bob.seat], "twist": named})
        (copy,) = await heard(here, 1)
        assert copy.keys() == rumor.keys()
        assert (copy["persons"], copy["giver"]) == ([named], ann.seat)
        assert (await heard(here, 0)) == [rumor]


@in_loop
async def test_the_giver_does_not_learn_whether_it_was_news(tmp_path: Path) -> None:
    """Given Bob, who has had a rumor from Ann and passes it back, then he is told as ever."""
    async with district(tmp_path, rumor_garbled=0) as here:
        ann, bob, cat, *_ = here.people
        await here.walk(BUREAU, ann, bob, cat)
        await ask(here, 0)
        await here.do(ann, "rumors", "1/share", {"to": [bob.seat]})
        known = await here.do(bob, "rumors", "1/share", {"to": [ann.seat]})
        news = await here.do(bob, "rumors", "1/share", {"to": [cat.seat]})
        assert [{**event, "to": None} for event in known] == [
            {**event, "to": None} for event in news
        ]
        assert (len(await heard(here, 0)), len(await heard(here, 2))) == (1, 1)


@in_loop
async def test_what_cannot_be_passed_on(tmp_path: Path) -> None:
    """Given every wrong telling, then each has its own code, and nothing has changed."""
    async with district(tmp_path) as here:
        ann, bob, *_ = here.people
        await here.walk(BUREAU, ann, bob)
        (name,) = (await ask(here, 0))["persons"]
        for number, body, told in (
            ("2", {"to": [1]}, (409, "no_such_rumor")),
            ("0", {"to": [1]}, (409, "no_such_rumor")),
            ("-1", {"to": [1]}, (404, "not_found")),
            ("x", {"to": [1]}, (404, "not_found")),
            ("10000", {"to": [1]}, (404, "not_found")),
            ("1", {"to": []}, (422, "bad_target")),
            ("1", {"to": [1, 1]}, (422, "bad_target")),
            ("1", {"to": [0]}, (409, "not_here")),
            ("1", {"to": [2]}, (409, "not_here")),
            ("1", {"to": [-1]}, (409, "not_here")),
            ("1", {"to": [2**63 - 1]}, (409, "not_here")),
            ("1", {"to": [1], "twist": name}, (422, "bad_target")),
            ("1", {"to": [1], "twist": 29}, (422, "bad_target")),
            ("1", {"to": [1], "twist": -1}, (422, "bad_target")),
            ("1", {}, (400, "bad_request")),
            ("1", {"to": 1}, (400, "bad_request")),
            ("1", {"to": ["1"]}, (400, "bad_request")),
        ):
            got = await here.refused(ann, "rumors", f"{number}/share", body)
            assert got == told, (number, body)
        assert await heard(here, 1) == []


@in_loop
async def test_rumors_are_ones_own(tmp_path: Path) -> None:
    """Given two who heard something, then each reads their own, and an onlooker nobody's."""
    async with district(tmp_path) as here:
        ann, bob, cat, *_ = here.people
        await here.walk(BUREAU, ann, bob)
        mine, others = await ask(here, 0), await ask(here, 1)
        assert mine["text"] != others["text"]
        path = here.path("rumors")
        assert others["text"].encode() not in (await ann.get(path)).bytes
        assert mine["text"].encode() not in (await bob.get(path)).bytes
        assert await heard(here, 2) == []
        assert (await here.zoe.get(path)).told == (403, "not_seated")
        for name, body in (("purchases", {"category": "task"}), ("1/share", {"to": [1]})):
            got = await here.zoe.post(f"{path}/{name}", body)
            assert got.told == (403, "not_seated")
        assert await here.refused(cat, "rumors", "1/share", {"to": [3]}) == (409, "no_such_rumor")
        assert (await here.place.nobody.get(path)).told == (401, "unauthorized")
        prices = [
            (await here.read(one, "rumors", "prices"))["prices"] for one in (ann, bob, here.zoe)
        ]
        assert prices[0] == prices[1] == prices[2]


@in_loop
@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("purchases", {"category": "task"}),
        ("purchases", {"category": "weather"}),
        ("1/share", {"to": [1]}),
    ],
)
async def test_in_a_classic_game_nobody_gossips(
    tmp_path: Path, name: str, body: dict[str, object]
) -> None:
    """Given a game without a town, then whatever one asks or tells is refused alike."""
    async with town(tmp_path) as place:
        game, (ann, *_) = await place.day(*FIVE)
        got = await ann.post(f"/api/rumors/{game}/{name}", body)
        assert got.told == (409, "no_town")
