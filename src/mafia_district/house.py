"""The house: which of the field's answers is given where the sites of the field disagree.

Each switch answers one question about the rules of Mafia; its default is the answer of MafiaScum,
where most of the questions were first asked. A *house* is a name for a few switches over that. The
cases that decide are kept in the tests; where none does, the answer is a recommendation.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import attrs

from mafia_district.near import hint


def setting(default: Any, doc: str, *, among: tuple[str, ...] = (), low: int = 0) -> Any:
    """Declare one rule: its default, its meaning and what it may be."""
    return attrs.field(default=default, metadata={"doc": doc, "among": among, "low": low})


@attrs.frozen(kw_only=True)
class House:
    """The switches of a house; the defaults are MafiaScum's."""

    vote: str = setting(
        "hammer",
        "hammer: open, a majority ends the day; trial: a majority accuses, and all others judge;"
        " plurality: open until the deadline; ballot: secret",
        among=("hammer", "trial", "plurality", "ballot"),
    )
    at_deadline: str = setting(
        "plurality",
        "who is lynched when time runs out on an open vote: who alone has most votes, or nobody",
        among=("plurality", "nobody"),
    )
    no_lynch: bool = setting(True, "one may vote for no lynch (in a ballot: abstain)")
    no_lynch_needs: str = setting(
        "majority",
        "how many votes for no lynch end the day: more than half, or half",
        among=("majority", "half"),
    )
    self_vote: bool = setting(True, "one may vote for oneself")
    parity: str = setting(
        "half",
        "what of the living the mafia must hold to win: half, or more",
        among=("half", "more"),
    )
    parity_counts: str = setting(
        "votes", "what is counted for that: votes, or heads", among=("votes", "heads")
    )
    kill_own: bool = setting(True, "the mafia may name one of their own for the kill")
    jester_reads: str = setting(
        "not_town", "what a cop is told of a jester", among=("not_town", "town")
    )
    doctor_self: str = setting(
        "never", "how often a doctor may guard themself", among=("never", "once")
    )
    told_of_block: str = setting(
        "investigators",
        "who is told of a block: investigators, by getting no result, or everybody",
        among=("investigators", "all"),
    )
    bus_told: bool = setting(False, "whoever is driven elsewhere is told so")
    vengeful_fires_on: str = setting(
        "lynch",
        "when the vengeful may take somebody along: at a lynch alone, or at any death",
        among=("lynch", "death"),
    )
    jester_ends_game: bool = setting(False, "a lynched jester wins and the game is over")
    jester_haunts: bool = setting(
        False, "a lynched jester may kill one of those who voted for it in the night after"
    )
    mayor_survives_lynch: bool = setting(
        False, "a mayor is revealed by the first lynch instead of dying, and not by choice"
    )
    doctor_stops: str = setting(
        "one", "what a doctor's protection stops in a night: one kill, or all", among=("one", "all")
    )
    jail_stops: str = setting(
        "all", "what a jailer's cell stops in a night: one kill, or all", among=("one", "all")
    )
    vest_stops: str = setting(
        "one", "what a role's own vest stops when it is spent: one kill, or all of that night",
        among=("one", "all"),
    )  # fmt: skip
    bodyguard_kills_attacker: bool = setting(False, "a bodyguard who dies for another shoots back")
    pgo_dies_of_a_kill: bool = setting(True, "a paranoid gun owner can be killed at night")
    strongman_pierces: str = setting(
        "all",
        "what stops no strongman: protections and vests alone, or blocks as well",
        among=("all", "protection"),
    )
    mutual_block: str = setting(
        "fail",
        "where blocks block each other in a ring: all fail, or the first of them by seat acts",
        among=("fail", "first"),
    )
    order: str = setting(
        "golden",
        "which action comes first: by what modifies what, or by the fixed list of verbs",
        among=("golden", "list"),
    )
    faction_kill_pick: str = setting(
        "plurality", "which of a faction's picks counts", among=("plurality", "last")
    )
    faction_kill_performer: str = setting(
        "first",
        "who carries the faction's kill out: who first named the target, or the first of them"
        " whom nobody blocks",
        among=("first", "unblocked"),
    )
    vigilante_guilt: bool = setting(False, "a vigilante who shot a townsperson dies the next night")
    vigilante_first_night: bool = setting(True, "a vigilante may shoot in the first night")
    ignite_pierces_protection: bool = setting(False, "no guard and no ward stops a fire")
    visiting_arsonist_douses: bool = setting(False, "who calls on an arsonist walks away doused")
    doused_reads_not_town: bool = setting(
        False, "who is doused reads as not town while an arsonist lives"
    )
    arsonist_can_be_doused: bool = setting(True, "an arsonist can be doused")
    cult_dies_with_leader: bool = setting(False, "cultists die when their last leader does")
    rival_kills_cancel: bool = setting(
        False, "kills of two factions that meet on one player undo each other"
    )


MAFIASCUM: Final = House()

HOUSES: Final[Mapping[str, Mapping[str, object]]] = MappingProxyType(
    {
        "mafiascum": {},
        "tos": {
            "vote": "trial",
            "at_deadline": "nobody",
            "no_lynch": False,
            "self_vote": False,
            "parity_counts": "heads",
            "kill_own": False,
            "jester_reads": "town",
            "doctor_stops": "all",
            "doctor_self": "once",
            "told_of_block": "all",
            "bus_told": True,
            "jester_haunts": True,
            "vest_stops": "all",
            "bodyguard_kills_attacker": True,
            "strongman_pierces": "protection",
            "order": "list",
            "vigilante_guilt": True,
            "vigilante_first_night": False,
            "ignite_pierces_protection": True,
            "visiting_arsonist_douses": True,
            "doused_reads_not_town": True,
            "arsonist_can_be_doused": False,
        },
        "lykos": {
            "no_lynch_needs": "half",
            "parity_counts": "heads",
            "mayor_survives_lynch": True,
        },
        "ultimafia": {
            "vote": "ballot",
            "parity_counts": "heads",
            "doctor_stops": "all",
            "bodyguard_kills_attacker": True,
            "pgo_dies_of_a_kill": False,
            "ignite_pierces_protection": True,
            "faction_kill_performer": "unblocked",
            "order": "list",
            "cult_dies_with_leader": True,
        },
        "calder": {
            "parity": "more",
            "parity_counts": "heads",
            "doctor_stops": "all",
            "strongman_pierces": "protection",
            "mutual_block": "first",
            "faction_kill_pick": "last",
            "vengeful_fires_on": "death",
        },
    }
)


def switches(name: str) -> Mapping[str, Any]:
    """Give what a house answers otherwise; raises ValueError that lists the names."""
    if name not in HOUSES:
        choice = f"choose {' or '.join(HOUSES)}{hint(name, HOUSES)}"
        raise ValueError(f"no house is called {name!r}: {choice}")
    return HOUSES[name]


def house(name: str) -> House:
    """Look a house up by its name; raises ValueError that lists the names."""
    return attrs.evolve(MAFIASCUM, **switches(name))
