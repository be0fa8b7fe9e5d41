"""The catalogue: what is built in, and what is said of a file that somebody wrote."""

import json
import os
import re
from collections import Counter
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mafia_district.catalogue import BUILT_IN, Catalogue, Task
from mafia_district.catalogue.files import MOST_BYTES, BadCatalogue, problems, read
from mafia_district.catalogue.lint import BRACES, OBLIGATORY, RECORDS, lint
from mafia_district.catalogue.pool import POOL
from mafia_district.catalogue.records import SLOTS, SQUARE
from mafia_district.roles import Ability

EXAMPLE = Path(__file__).parents[2] / "examples" / "my-town.toml"
CAST = {"vampire", "sheriff", "doctor", "villager", "jester", "arsonist"}
KINDS = ("visit", "use", "meet")

Raw = dict[str, Any]


def place(**values: object) -> Raw:
    """Give a file with one new place, changed as named."""
    row = {"id": "mole", "title": "Mole", "text": "Stone and gulls."}
    return {"name": "Saltmarsh", "places": [row | values]}


def career(**values: object) -> Raw:
    """Give a file with one new career and its task."""
    row = {"id": "salter", "title": "Salter", "text": "Rakes.", "place": "docks"}
    work = {"id": "rake", "kind": "visit", "reward": 20, "text": "Rake.", "place": "docks"}
    return {
        "name": "Saltmarsh",
        "careers": [row | values],
        "tasks": [work | {"career": "salter"}],
    }


def item(**values: object) -> Raw:
    """Give a file with one new item."""
    row = {"id": "net", "title": "Net", "text": "Wet.", "price": 20, "effect": "lantern"}
    return {"name": "Saltmarsh", "items": [row | values]}


def task(**values: object) -> Raw:
    """Give a file with one new task."""
    row = {"id": "fish", "kind": "visit", "reward": 30, "text": "Fish!", "place": "docks"}
    return {"name": "Saltmarsh", "tasks": [row | values]}


def rumor(**values: object) -> Raw:
    """Give a file with one new rumor."""
    row = {"id": "gulls", "category": "task", "text": "{person}, the {place}, today."}
    return {"name": "Saltmarsh", "rumors": [row | values]}


def asset(**values: object) -> Raw:
    """Give a file with one new asset."""
    row = {"id": "oilskin", "slot": "coat", "title": "yellow oilskin"}
    return {"name": "Saltmarsh", "assets": [row | values]}


def trade(**values: object) -> Raw:
    """Give a file with one changed trade."""
    return {
        "name": "Saltmarsh",
        "trades": [{"category": "role", "price": 9, "reliability": 1} | values],
    }


def standing_alone() -> Raw:
    """Give the built-in catalogue as somebody might have written it, whole."""
    tables = {t: [attrs.asdict(row) for row in getattr(BUILT_IN, t)] for t in RECORDS}
    for row in tables["tasks"]:
        row["voices"] = dict(row["voices"])
    return {"name": "Alone", "extends": False} | json.loads(json.dumps(tables))


def toml(value: object) -> str:
    """Write plain values as TOML: JSON but for the inline tables."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value)


def written(path: Path, raw: Raw) -> str:
    """Write a file, a line for each name at its top, and give its path."""
    path.write_text("\n".join(f"{key} = {toml(value)}" for key, value in raw.items()), "utf-8")
    return str(path)


def wordings(row: Task) -> list[str]:
    """List everything that an owner of a task may read."""
    return [row.text, *(said for _, said in row.voices)]


def test_what_is_built_in_has_no_fault_and_enough_of_everything() -> None:
    """Given the built-in catalogue, the lint is silent, and there is as much as was promised."""
    assert lint(BUILT_IN) == []
    assert len(BUILT_IN.places) == 9 + len(BUILT_IN.careers) == 9 + 12
    assert {career.place for career in BUILT_IN.careers} <= {p.id for p in BUILT_IN.places}
    assert len(BUILT_IN.items) >= 12
    assert len(BUILT_IN.tasks) >= 60
    assert len(BUILT_IN.rumors) >= 40
    assert set(Counter(a.slot for a in BUILT_IN.assets).values()) <= {6, 7, 8}
    assert {a.slot for a in BUILT_IN.assets} == set(SLOTS)


def test_no_place_tells_who_stands_in_it() -> None:
    """Given any built-in place, everybody may enter it on a day of three minutes."""
    assert all(not p.careers for p in BUILT_IN.places)
    for p in BUILT_IN.places:
        assert not p.closes_ms or min(p.closes_ms, 180_000) - p.opens_ms >= 120_000


def test_rewards_are_what_a_day_is_reckoned_with() -> None:
    """Given all tasks, they pay 15 to 60 coins, near 37 in the mean, and one in four leaks."""
    rewards = [t.reward for t in BUILT_IN.tasks]
    assert 15 <= min(rewards) <= max(rewards) <= 60
    assert 35 <= sum(rewards) / len(rewards) <= 39
    assert 0.2 <= sum(t.leaks for t in BUILT_IN.tasks) / len(rewards) <= 0.3
    assert min(Counter(t.career for t in BUILT_IN.tasks).values()) >= 3


def test_the_pool_favours_no_place_and_no_item() -> None:
    """Given the pool, each place but the Town Square and each of its items come equally often."""
    visits = Counter(t.place for t in POOL if t.kind == "visit")
    assert visits == {p.id: 1 for p in BUILT_IN.places if p.id != SQUARE}
    assert Counter(t.item for t in POOL if t.kind == "use") == {
        "glass": 2,
        "tools": 2,
        "lantern": 2,
    }
    assert set(Counter(t.kind for t in POOL)) == set(KINDS)
    assert [t for t in BUILT_IN.tasks if not t.career] == list(POOL)


@pytest.mark.parametrize("row", POOL, ids=lambda row: row.id)
def test_a_voice_changes_the_words_and_not_the_errand(row: Task) -> None:
    """Given a task of the pool, all roles read the same blanks and no name of a place or item."""
    titles = [thing.title for thing in (*BUILT_IN.places, *BUILT_IN.items)]
    named = re.compile(rf"\b({'|'.join(map(re.escape, titles))})\b", re.IGNORECASE)
    assert len(row.voices) >= 5
    assert {role for role, _ in row.voices} <= CAST
    for text in wordings(row):
        assert BRACES.findall(text) == BRACES.findall(row.text) != []
        assert not named.search(text)


def test_no_wording_comes_twice() -> None:
    """Given all that is read of tasks and rumors, every sentence is there once."""
    said = [text for t in BUILT_IN.tasks for text in wordings(t)]
    said += [r.text for r in BUILT_IN.rumors]
    assert [text for text, count in Counter(said).items() if count > 1] == []


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (place() | {"name": 5}, "name: must be given, a text of 1 to 40 characters"),
        (place() | {"name": "district"}, "name: 'district' is the built-in catalogue"),
        (place() | {"extends": "yes"}, "extends: must be true or false"),
        (place() | {"houses": []}, "'houses': is unknown: there may stand name, extends, places"),
        (place() | {"places": {"id": "mole"}}, "places: must be written as [[places]]"),
        (place() | {"places": ["mole"]}, "places 1: must be a table of names and values"),
        (place(colour="red"), "places 'mole': 'colour' is unknown: there may stand id, title"),
        (place(id=7), "places 1: id must be a text"),
        (place(id="Old Mole"), "places 'Old Mole': id must be 1 to 32 of the characters a to z"),
        (place(title="x" * 41), "places 'mole': title has 41 characters, but must have 1 to 40"),
        (place(text="x" * 201), "places 'mole': text has 201 characters, but must have 1 to 200"),
        (place(text="bell\a"), "places 'mole': text must be a single line without control"),
        (place(text="The {place}."), "places 'mole': text has '{place}', but there may stand no"),
        (place(capacity=-1), "places 'mole': capacity is -1, but must be from 0 to 30"),
        (place(capacity=1.5), "places 'mole': capacity must be a whole number"),
        (place(capacity=True), "places 'mole': capacity must be a whole number"),
        (place(opens_ms=9, closes_ms=9), "places 'mole': it never opens: closes_ms 9 must be"),
        (place(opens_ms=9), "places 'mole': opens_ms is nothing without closes_ms"),
        (place(careers=["hunters"]), "'hunters' does not exist: did you mean hunter?"),
        (place(careers="hunter"), "places 'mole': careers must be a list of texts"),
        (place(id=SQUARE, capacity=9), "places 'town_square': everybody gathers here: leave out"),
        (place(id="docks", careers=["hunter"]), "place 'docks' is not open to everybody"),
        (place(id="docks", careers=["hunter"]), "is not open to the career 'merchant': choose"),
        (
            career(place="dock"),
            "careers 'salter': place 'dock' does not exist: did you mean docks?",
        ),
        (career(id="smith"), "tasks: the career 'smith' has none: add one"),
        (career(id="smith"), "tasks 'rake': career 'salter' does not exist"),
        (item(price=-5), "items 'net': price is -5, but must be from 0 to 10000"),
        (item(effect="catch"), "effect 'catch' is unknown: it must be one of ward, vest, mask"),
        (item(methods=["bites"]), "methods 'bites' is unknown: it must be one of shot, bite"),
        (item(methods=[1]), "items 'net': methods must be a list of texts"),
        (item(chance=1_001), "items 'net': chance is 1001, but must be from 0 to 1000"),
        (item(special="yes"), "items 'net': special must be true or false"),
        (item(ward=True), "items 'net': 'ward' is unknown: there may stand id, title, text"),
        (item(effect="vest"), "items 'net': it stops nothing: list its methods"),
        (task(place="dock"), "tasks 'fish': place 'dock' does not exist: did you mean docks?"),
        (task(place="zzz"), "place 'zzz' does not exist: add it to places, or name another"),
        (task(kind="use", item="rod"), "tasks 'fish': item 'rod' does not exist"),
        (task(career="angler"), "tasks 'fish': career 'angler' does not exist"),
        (task(kind="sleep"), "kind 'sleep' is unknown: it must be one of visit, use, meet"),
        (task(kind="meet", place=SQUARE), "tasks 'fish': everybody meets on the town_square"),
        (task(place=""), "tasks 'fish': a visit task needs place"),
        (task(kind="use"), "tasks 'fish': a use task needs item"),
        (task(item="glass"), "tasks 'fish': a visit task uses nothing: leave item out"),
        (task(reward=0), "tasks 'fish': reward is 0, but must be from 1 to 1000"),
        (task(text="To {person}!"), "text has '{person}', but there may stand {place}"),
        (task(text="To {place.x}!"), "tasks 'fish': text has '{place.x}', but there may stand"),
        (task(text="To {place!"), "tasks 'fish': text has '{', but there may stand {place}"),
        (task(voices={"jester": "{item}"}), "the voice of 'jester' has '{item}', but there may"),
        (task(voices={"jester": ""}), "the voice of 'jester' has 0 characters"),
        (task(voices={"The Fool": "Ha."}), "the voice of 'The Fool' is no role's"),
        (task(voices={"vampyre": "Ha."}), "is no role's: did you mean vampire?"),
        (task(voices=["Ha."]), "tasks 'fish': voices must be a table of texts"),
        (task(voices={"jester": 1}), "tasks 'fish': voices must be a table of texts"),
        (rumor(category="weather"), "category 'weather' is unknown: it must be one of appearance"),
        (rumor(text="{person}."), "rumors 'gulls': text must say {place}"),
        (rumor(text="{person} {place} {role}"), "rumors 'gulls': text has '{role}', but there"),
        (asset(slot="tail"), "assets 'oilskin': slot 'tail' is unknown: it must be one of hair"),
        (asset(rank=-1), "assets 'oilskin': rank is -1, but must be from 0 to 1000000"),
        (trade(reliability=1_001), "trades 'role': reliability is 1001, but must be from 0"),
        (trade(price=-1), "trades 'role': price is -1, but must be from 0 to 10000"),
        ({"name": "x", "assets": [{"id": "cap"}]}, "assets 'cap': slot is missing"),
        ({"name": "x", "trades": trade()["trades"] * 2}, "trades 'role': is there 2 times"),
        ({"name": "x", "places": place()["places"] * 2}, "places 'mole': is there 2 times"),
    ],
)
def test_a_fault_is_a_line_that_names_row_and_fix(raw: Raw, line: str) -> None:
    """Given a file with one fault, a line says where it is and what to do."""
    assert [said for said in problems(raw) if line in said] != []


@pytest.mark.parametrize("sound", [place, career, item, task, rumor, asset, trade])
def test_the_files_above_are_sound_without_their_fault(sound: Any) -> None:
    """Given such a file without the fault, nothing is said."""
    assert problems(sound()) == []


@pytest.mark.parametrize(
    ("table", "lacks", "line"),
    [
        *[("places", p, f"places: '{p}' is missing: every town needs it") for p in OBLIGATORY],
        ("careers", "", "careers: there is none: add one"),
        ("tasks", "", "tasks: the pool (without a career) has none: add one"),
        ("tasks", "", "tasks: the career 'hunter' has none: add one"),
        ("rumors", "", "rumors: the category 'role' has none: add one"),
        ("trades", "role", "trades: the category 'role' has none: add one"),
        ("assets", "", "assets: the slot 'hat' has none of rank 0: add one"),
    ],
)
def test_a_town_that_stands_alone_has_all_it_needs(table: str, lacks: str, line: str) -> None:
    """Given a whole catalogue, without a row or a table that a town needs, a line names it."""
    raw = standing_alone()
    assert problems(raw) == []
    kept = [row for row in raw[table] if lacks and lacks not in row.values()]
    assert line in problems(raw | {table: kept})


def test_a_high_rank_dresses_no_newcomer() -> None:
    """Given hats for the renowned only, somebody new would go without: a line says so."""
    raw = standing_alone()
    for row in raw["assets"]:
        row["rank"] = 1 if row["slot"] == "hat" else 0
    assert problems(raw) == ["assets: the slot 'hat' has none of rank 0: add one"]


def test_all_faults_are_listed_at_once_under_the_name_of_the_file(tmp_path: Path) -> None:
    """Given four faults, reading says all four as the file goes, below a line with its name."""
    mole = place()["places"][0]
    raw = item(price=-1, effect="catch") | task(place="nowhere") | {"places": [mole, mole]}
    path = written(tmp_path / "town.toml", raw)
    with pytest.raises(BadCatalogue) as caught:
        read(path)
    head, *lines = str(caught.value).splitlines()
    assert head == f"{path}: 4 problems"
    assert [line.strip() for line in lines] == caught.value.problems
    assert [line.split(": ")[0] for line in caught.value.problems] == [
        "items 'net'",
        "items 'net'",
        "tasks 'fish'",
        "places 'mole'",
    ]


def test_a_fault_is_not_blamed_on_others() -> None:
    """Given a place that cannot be read, a task there is not said to be nowhere."""
    raw = place(capacity="many") | {"tasks": task(place="mole")["tasks"]}
    assert problems(raw) == ["places 'mole': capacity must be a whole number"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read: No such file or directory"),
        (b'name = "x"\nextends = maybe\n', "is no TOML: Invalid value (at line 2, column 11)"),
        (b'name = "x"\n# \xff\n', "is no TOML: line 2 is not UTF-8"),
        (b"n = 1" + b"0" * 5_000, "is no TOML: "),
        (b"#" * (MOST_BYTES + 1), "is too large: at most 256 KiB"),
        (b"n = " + b"[" * 50_000, "is no catalogue: it is nested too deeply"),
        (b"", "name: must be given, a text of 1 to 40 characters"),
    ],
)
def test_what_is_no_catalogue_is_one_line(tmp_path: Path, content: bytes | None, said: str) -> None:
    """Given no file, or one that is no catalogue, a single line names the file and the reason."""
    path = tmp_path / "town.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadCatalogue) as caught:
        read(str(path))
    assert str(caught.value).startswith(f"{path}: {said}")
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("where", ["pipe", ".", "x" * 300], ids=["pipe", "directory", "long"])
def test_what_cannot_be_opened_as_a_file_is_one_line(tmp_path: Path, where: str) -> None:
    """Given a pipe that nobody writes to, a directory or no path at all, reading ends at once."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(BadCatalogue, match=r"is no regular file|name too long"):
        read(str(tmp_path / where))


def test_the_example_adds_to_what_is_built_in() -> None:
    """Given the example, its rows stand beside the built-in ones, with nothing wrong."""
    town = read(str(EXAMPLE))
    assert (town.name, lint(town)) == ("Saltmarsh", [])
    added = {t: len(getattr(town, t)) - len(getattr(BUILT_IN, t)) for t in RECORDS}
    assert added == dict(zip(RECORDS, (2, 1, 1, 4, 2, 2, 0, 0), strict=True))
    assert town.place("lighthouse").capacity == 4
    assert town.item("salt").methods == ("bite",)
    assert dict(town.task("oil_the_lamp").voices)["vampire"] == "Draw the curtains at the {place}."
    assert town.place("docks") == BUILT_IN.place("docks")


def test_a_row_of_the_same_id_replaces_the_built_in_one(tmp_path: Path) -> None:
    """Given a cheaper lantern and a dearer role rumor, they stand in the old ones' stead."""
    raw = item(id="lantern", price=5) | trade(price=200)
    town = read(written(tmp_path / "town.toml", raw))
    assert town.item("lantern").price == 5
    assert town.trade("role").price == 200
    assert len(town.items) == len(BUILT_IN.items)
    assert len(town.trades) == len(BUILT_IN.trades)


def test_a_file_that_stands_alone_says_everything(tmp_path: Path) -> None:
    """Given all that is built in, written to a file that extends nothing, it reads the same."""
    town: Catalogue = read(written(tmp_path / "town.toml", standing_alone()))
    assert town == attrs.evolve(BUILT_IN, name="Alone")


ANYTHING = st.recursive(
    st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.dates(),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text(max_size=3), parts),
    max_leaves=5,
)


@st.composite
def files(draw: st.DrawFn) -> Raw:
    """Draw a file: rows of the right names with any values, or anything at all."""
    raw: Raw = draw(st.dictionaries(st.sampled_from(["name", "extends", "more"]), ANYTHING))
    for table in draw(st.sets(st.sampled_from(list(RECORDS)))):
        fields = dict.fromkeys(attrs.fields_dict(RECORDS[table]), ANYTHING)
        if table == "roles":
            inner = dict.fromkeys(attrs.fields_dict(Ability), ANYTHING)
            fields["abilities"] = ANYTHING | st.lists(st.fixed_dictionaries({}, optional=inner))
        row = st.fixed_dictionaries({}, optional=fields)
        raw[table] = draw(ANYTHING | st.lists(row | ANYTHING, max_size=3))
    return raw


@given(files())
def test_whatever_stands_in_a_file_gets_lines(raw: Raw) -> None:
    """Given any values that TOML can hold, the answer is printable lines, never an exception."""
    assert all(line.isprintable() and ": " in line for line in problems(raw))
