"""What is said of roles that somebody wrote: all that is wrong with them, and what is in doubt."""

from pathlib import Path
from typing import Any

import pytest

from mafia_district.catalogue.files import BadCatalogue, check, problems, read
from mafia_district.catalogue.lint_roles import ABLE, GOALS
from mafia_district.night.verbs import VERBS
from mafia_district.roles import ROLES, TRAITS, book_of

from .test_catalogue import Raw, written

EXAMPLE = Path(__file__).parents[2] / "examples" / "locksmith.toml"


def role(**values: object) -> Raw:
    """Give a file with one role of the town, changed as named."""
    row = {"name": "warden", "alignment": "town", "summary": "Guards somebody."}
    return {"name": "Mine", "roles": [row | values]}


def able(**values: object) -> Raw:
    """Give a file with one role of one ability, changed as named."""
    return role(abilities=[{"verb": "protect"} | values])


def hermit(**values: object) -> Raw:
    """Give a file with one neutral role, changed as named."""
    return role(alignment="neutral", **values)


def roles(*rows: dict[str, Any]) -> Raw:
    """Give a file with several roles, of the town where they do not say."""
    return {
        "name": "Mine",
        "roles": [role(**{"name": f"r{n}"} | row)["roles"][0] for n, row in enumerate(rows)],
    }


KILL = [{"verb": "kill"}]


@pytest.mark.parametrize(
    "sound",
    [
        role(),
        role(traits=list(TRAITS.keys() - {"vanilla"}), vests=1_000, votes=9, exclusive=True),
        role(name="doctor", title="Healer", source="Here.", variants="None.", method="blade"),
        *[able(verb=verb) for verb in ABLE if verb != "recruit"],
        able(shots=99, on_self=True, repeats=False, nights="later", reach="place"),
        role(alignment="mafia"),
        role(alignment="mafia", faction="lodge"),
        *[hermit(wins=goal) for goal in (*GOALS, "town", "mafia", "cult")],
        hermit(abilities=KILL),
        hermit(abilities=KILL, wins="chaos"),
        hermit(faction="cult", abilities=[{"verb": "recruit"}]),
        hermit(faction="lodge", abilities=[{"verb": "redirect"}]),
    ],
)
def test_a_role_that_can_be_played_has_no_fault(sound: Raw) -> None:
    """Given a sound role, nothing is said."""
    assert problems(sound) == []


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (role(name="Warden"), "roles 'Warden': name must be 1 to 32 of the characters a to z"),
        (role(name="1st"), "a letter first"),
        (role(name="mafia"), "roles 'mafia': name 'mafia' is a side: choose another"),
        (role(alignment="twon"), "alignment 'twon' is unknown: it must be one of town, mafia"),
        (role(summary=""), "roles 'warden': summary has 0 characters, but must have 1 to 200"),
        (role(title="x" * 41), "title has 41 characters, but must have 0 to 40"),
        (role(method="shoot"), "shot, bite, fire, poison, blade; did you mean shot?"),
        (role(vests=-1), "roles 'warden': vests is -1, but must be from 0 to 1000"),
        (role(votes=0), "roles 'warden': votes is 0, but must be from 1 to 9"),
        (role(exclusive=1), "roles 'warden': exclusive must be true or false"),
        (role(power="strong"), "'power' is unknown: there may stand name, alignment, summary"),
        (role(traits=["matcho"]), "traits 'matcho' is unknown: it must be one of miller"),
        (role(traits=["matcho"]), "; did you mean macho?"),
        (role(abilities="protect"), "roles 'warden': abilities must be a list of tables"),
        (role(abilities=["protect"]), "roles 'warden': abilities must be a list of tables"),
        (role(abilities=[{}]), "roles 'warden', ability 1: verb is missing"),
        (able(verb="protct"), "roles 'warden', ability 1: verb 'protct' is unknown: it must be"),
        (able(verb="protct"), "; did you mean protect?"),
        (able(verb="faction_kill"), "verb 'faction_kill' is unknown"),
        (able(target=1), "ability 1: 'target' is unknown: there may stand verb, shots, on_self"),
        (able(shots=-1), "roles 'warden', ability 1: shots is -1, but must be from 0 to 99"),
        (able(shots="two"), "roles 'warden', ability 1: shots must be a whole number"),
        (able(nights="full moon"), "nights 'full moon' is unknown: it must be one of all, odd"),
        (able(reach="town"), "reach 'town' is unknown: it must be one of one, place"),
        (able(verb="track", reach="place"), "reach cannot be 'place': track asks, and would tell"),
        (able(verb="commute", reach="place"), "reach cannot be 'place': commute names nobody"),
        (able(verb="busdrive", reach="place"), "reach cannot be 'place': busdrive names two"),
        (able(verb="hide", reach="place"), "reach cannot be 'place': hide is done to one"),
        (able(verb="jail", reach="place"), "reach cannot be 'place': jail would stop its own"),
        (role(abilities=KILL * 2), "abilities has kill 2 times: a role has each verb once"),
        (role(abilities=KILL, traits=["vanilla"]), "traits has 'vanilla', which is to have no"),
        (role(alignment="mafia", traits=["mason"]), "all masons are of the town: make it"),
        (role(alignment="mafia", abilities=[{"verb": "befriend"}]), "befriend says that one is"),
        (hermit(wins="town", abilities=[{"verb": "recruit"}]), "make its faction 'cult'"),
        (role(faction="mafia"), "faction 'mafia' makes an enemy of it: the town has none"),
        (role(faction="The Lodge"), "faction 'The Lodge' must be written as a name is"),
        (role(wins="mafia"), "wins 'mafia' is unreachable: it wins with the town"),
        (role(alignment="mafia", wins="town"), "wins 'town' is unreachable: its faction is"),
        (role(alignment="mafia", faction="lodge", wins="mafia"), "with the faction 'lodge': leave"),
        (
            hermit(faction="cult", wins="lodge"),
            "wins 'lodge' is unreachable: its faction is 'cult'",
        ),
        (hermit(), "wins is missing: who does not kill wins by one of executioner, jester"),
        (hermit(abilities=[{"verb": "roleblock"}]), "wins is missing: who does not kill"),
        (hermit(wins="warden"), "wins 'warden' is unreachable: who does not kill wins by one of"),
        (hermit(win="jester"), "'win' is unknown: there may stand name, "),
        (hermit(win="jester"), "; did you mean wins?"),
        (able(vreb="kill"), "ability 1: 'vreb' is unknown: there may stand verb, shots, on_self"),
        (able(vreb="kill"), "; did you mean verb?"),
        ({"name": "Mine", "role": []}, "'role': is unknown: there may stand name, extends"),
        ({"name": "Mine", "role": []}, "; did you mean roles?"),
        (hermit(wins="jestr"), "; did you mean jester?"),
        (hermit(wins="town", abilities=KILL), "that side wins when such a killer is dead"),
        ({"name": "x", "roles": role()["roles"] * 2}, "roles 'warden': is there 2 times: give"),
    ],
)
def test_a_fault_of_a_role_is_a_line_that_names_it_and_the_fix(raw: Raw, line: str) -> None:
    """Given a file with one fault, a line says where it is and what to do."""
    assert [said for said in problems(raw) if line in said] != []


def test_faults_are_not_blamed_on_others() -> None:
    """Given a killer whose verb is misspelt, a role without a side, nobody asks how they win."""
    assert len(problems(hermit(abilities=[{"verb": "kil"}]))) == 1
    assert len(problems(role(alignment="twon", wins="moon"))) == 1
    assert len(problems(hermit(abilities="kill"))) == 1
    assert problems(hermit(wins=5)) == ["roles 'warden': wins must be a text"]


def test_one_role_may_give_another_its_side() -> None:
    """Given a faction whose one member can win, the others may win with it."""
    lodge = {"alignment": "mafia", "faction": "lodge"}
    assert problems(roles(lodge, {"alignment": "neutral", "wins": "lodge"})) == []
    (alone,) = problems(roles({"alignment": "neutral", "wins": "lodge"}))
    assert "wins 'lodge' is unreachable" in alone


def test_all_faults_are_found_at_once_and_doubts_with_them(tmp_path: Path) -> None:
    """Given an unknown verb, a win out of reach and an order in doubt, one look finds all three."""
    raw = roles(
        {"abilities": [{"verb": "protct"}]},
        {"alignment": "neutral"},
        {"abilities": [{"verb": "roleblock"}]},
        {"abilities": [{"verb": "redirect"}]},
    )
    path = written(tmp_path / "mine.toml", raw)
    found = check(path)
    assert [line.split(": ")[0] for line in found.errors] == ["roles 'r0', ability 1", "roles 'r1'"]
    assert found.warnings == (
        "roles 'r2', 'r3': the order of redirect and roleblock is ambiguous, as each can modify"
        " the other: in a loop the fixed list lets roleblock act first",
    )
    with pytest.raises(BadCatalogue):
        read(path)


def test_one_fault_does_not_hide_another(tmp_path: Path) -> None:
    """Given roles with several faults each, all are told, role by role as the file goes."""
    raw = roles(
        {"faction": "mafia", "wins": "mafia", "votes": 0, "vests": "two"},
        {"abilities": [{"verb": "protct", "shots": "two"}], "alignment": "neutral", "win": "x"},
    )
    raw["plcaes"] = []
    raw["places"] = [{"id": "mole", "title": "Mole"}]
    found = check(written(tmp_path / "mine.toml", raw | {"name": "x" * 50}))
    assert [
        line.split(" is ")[0].split(" must")[0].split(" makes")[0] for line in found.errors
    ] == [
        "name:",
        "roles 'r0': vests",
        "roles 'r0': votes",
        "roles 'r0': faction 'mafia'",
        "roles 'r0': wins 'mafia'",
        "roles 'r1': 'win'",
        "roles 'r1', ability 1: shots",
        "roles 'r1': wins",
        "roles 'r1', ability 1: verb 'protct'",
        "'plcaes':",
        "places 'mole': text",
    ]


BLOCK, TURN, DRIVE = ({"verb": verb} for verb in ("roleblock", "redirect", "busdrive"))


@pytest.mark.parametrize(
    ("raw", "pairs"),
    [
        (roles({"abilities": [BLOCK]}), []),
        (roles({"abilities": [BLOCK]}, {"abilities": [BLOCK]}), []),
        (roles({"abilities": [TURN]}), []),
        (roles({"abilities": [TURN]}, {"abilities": [TURN]}), ["redirect and redirect"]),
        (roles({"abilities": [BLOCK, TURN]}), ["redirect and roleblock"]),
        (roles({"abilities": [DRIVE, {"verb": "protect"}]}), []),
    ],
)
def test_an_order_is_in_doubt_between_two_powers_or_two_roles(
    tmp_path: Path, raw: Raw, pairs: list[str]
) -> None:
    """Given verbs that modify each other, blocks and a role against itself are no doubt."""
    found = check(written(tmp_path / "mine.toml", raw))
    assert [line.split("the order of ")[1].split(" is ")[0] for line in found.warnings] == pairs


@pytest.mark.parametrize(
    ("raw", "remark"),
    [
        (role(name="doctor"), "roles 'doctor': replaces the built-in role of that name"),
        (role(name="macho_villager"), "roles 'macho_villager': its name is that of another role w"),
        (roles({"name": "warden"}, {"name": "lazy_warden"}), "roles 'lazy_warden': its name is"),
        (able(verb="ignite"), "roles 'warden': can ignite and not douse"),
    ],
)
def test_what_is_odd_but_no_fault_is_a_warning(tmp_path: Path, raw: Raw, remark: str) -> None:
    """Given a name that stands for something already, a fire without fuel, a warning says so."""
    found = check(written(tmp_path / "mine.toml", raw))
    assert found.errors == ()
    assert [line for line in found.warnings if line.startswith(remark)] != []
    assert len(read(written(tmp_path / "mine.toml", raw)).roles) == len(raw["roles"])


def test_a_summary_ends_with_a_full_stop(tmp_path: Path) -> None:
    """Given a summary and a detail without one, what is read of the role is whole sentences."""
    raw = role(summary="Guards somebody", detail="Sleeps by day", abilities=[{"verb": "protect"}])
    (row,) = read(written(tmp_path / "mine.toml", raw)).roles
    assert row.summary == "Guards somebody"
    assert row.role().description.startswith("Guards somebody. Sleeps by day. The protection")


def test_the_built_in_pairs_are_not_told_again() -> None:
    """Given the example, whose roles modify only what modifies nothing, nothing is said at all."""
    found = check(str(EXAMPLE))
    assert (found.errors, found.warnings) == ((), ())
    assert len(read(str(EXAMPLE)).roles) == 3


def test_every_verb_that_a_role_may_have_is_some_built_in_roles() -> None:
    """Given the verbs, those that deaths and factions bring about are for no role."""
    assert set(ABLE) == {own.verb for row in ROLES.values() for own in row.abilities}
    assert {"faction_kill", "burn", "shoot_back"} <= VERBS.keys() - set(ABLE)
    assert {"jester", "survivor"} <= set(GOALS)


def test_a_voice_may_be_that_of_a_role_of_ones_own() -> None:
    """Given a task with a voice for one's own role, modified too, it is known."""
    task = {"id": "oil", "kind": "visit", "reward": 20, "text": "Oil.", "place": "docks"}
    voices = {"warden": "Oil the keys.", "macho_warden": "Oil."}
    assert problems(role() | {"tasks": [task | {"voices": voices}]}) == []
    (line,) = problems(role() | {"tasks": [task | {"voices": {"wardn": "Oil."}}]})
    assert "did you mean warden?" in line
    assert book_of(()).find("warden") is None
