"""What a catalogue is made of: places, careers, goods, tasks, rumors, looks and roles, as data.

Code holds verbs, a catalogue says where and with what. Whoever runs a game may write their own
(`files.py` reads one and says what is wrong with it); a recorded game keeps the one it was played
by. Texts are read by players; in braces stand what is filled in.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final, Literal, TypeAlias

import attrs

from mafia_district.ids import Coins, ItemId, Millis, PlaceId
from mafia_district.near import nearest
from mafia_district.roles import SHOT, Ability, Alignment, Book, Method, Role, book_of

# What an item can do; the verbs of `items.py` and of the night.
EFFECTS: Final = (
    "ward", "vest", "mask", "papers", "glass", "tap", "tools", "cuffs", "lantern",
)  # fmt: skip
DAY_EFFECTS: Final = ("glass", "tools")
TARGETED: Final = ("glass", "tap", "cuffs")  # name another player when used
METHODS: Final = ("shot", "bite", "fire", "poison", "blade")
SQUARE: Final = "town_square"  # where everybody gathers
SHOP: Final = "shop"
BUREAU: Final = "informator_bureau"  # where rumors are sold
SLOTS: Final = ("hair", "face", "coat", "hat", "shoes", "accessory")

TaskKind: TypeAlias = Literal["visit", "use", "meet"]
Category: TypeAlias = Literal["appearance", "whereabouts", "task", "role"]


@attrs.frozen
class Place:
    """A place: at most `capacity` players (0: any number), open from and to so long after dawn.

    `closes_ms` 0 is open all day; `careers` are those it is for, none for all.
    """

    id: PlaceId
    title: str
    text: str
    capacity: int = 0
    opens_ms: Millis = 0
    closes_ms: Millis = 0
    careers: tuple[str, ...] = ()

    def admits(self, career: str) -> bool:
        """Tell whether the place is for a career."""
        return not self.careers or career in self.careers


@attrs.frozen
class Career:
    """A career and its workplace."""

    id: str
    title: str
    place: PlaceId
    text: str


@attrs.frozen
class Item:
    """Goods: at what price, and the verb of what they do.

    `special` goods lie under the counter. `methods` are the kills that a ward or vest stops;
    `chance` is in thousandths; `tells` is whether its bearer learns at dawn that it did.
    """

    id: ItemId
    title: str
    text: str
    price: Coins
    effect: str
    special: bool = False
    methods: tuple[str, ...] = ()
    chance: int = 1_000
    tells: bool = False

    @property
    def ward(self) -> bool:
        """Whether it is set down against one night."""
        return self.effect == "ward"


@attrs.frozen
class Task:
    """A template of a daily task.

    `career` names whose it is; empty: it is in the pool that is dealt without looking at roles, and
    `voices`, by role, are the words that its owner reads instead of `text`. `place` is where,
    empty: any; `item` what is used. A `meet` task names its person when it is dealt. Who is paid
    for one that `leaks` leaves a rumor behind.
    """

    id: str
    kind: TaskKind
    reward: Coins
    text: str
    career: str = ""
    place: PlaceId = ""
    item: ItemId = ""
    leaks: bool = False
    voices: tuple[tuple[str, str], ...] = ()


@attrs.frozen
class Rumor:
    """Words for a rumor of a category; what may stand in braces depends on the category."""

    id: str
    category: Category
    text: str


@attrs.frozen
class Asset:
    """Something to look like, worn in a slot; `rank` is the reputation that it takes."""

    id: str
    slot: str
    title: str
    rank: int = 0


@attrs.frozen
class Trade:
    """The bureau's row of a category: its price, and how often it is true, in thousandths."""

    category: Category
    price: Coins
    reliability: int


@attrs.frozen
class RoleRow:
    """A role of somebody's own; `Role` says what the values mean.

    An empty title is made of the name, an empty `faction` the one of its side, and who has no
    `wins` wins with its faction or side, or else alone.
    """

    name: str
    alignment: Alignment
    summary: str
    title: str = ""
    wins: str = ""
    faction: str = ""
    method: Method = SHOT
    vests: int = 0
    votes: int = 1
    votes_revealed: int = 1
    exclusive: bool = False
    traits: tuple[str, ...] = ()
    abilities: tuple[Ability, ...] = ()
    source: str = ""
    variants: str = ""
    detail: str = ""

    def role(self) -> Role:
        """Make the role that the row describes."""
        values = attrs.asdict(self, recurse=False)
        values["traits"] = frozenset(self.traits)
        values |= {text: _sentence(values[text]) for text in ("summary", "detail")}
        values["wins"] = goal(self.alignment, self.name, self.faction, self.wins)
        return Role(**{field: value for field, value in values.items() if value != ""})


def _sentence(text: str) -> str:
    """End a text as a sentence, for others come after it; an empty one stays empty.

    >>> _sentence("Guards somebody"), _sentence("Who knows?")
    ('Guards somebody.', 'Who knows?')
    """
    return f"{text}." if text[-1:].isalnum() else text


def goal(alignment: str, name: str, faction: str, wins: str) -> str:
    """Say what a role wins by, of which some values may be empty.

    >>> goal("neutral", "hermit", "", ""), goal("mafia", "ice_goon", "ice_mafia", "")
    ('hermit', 'ice_mafia')
    """
    return wins or faction or (name if alignment == "neutral" else alignment)


def _index(rows: tuple[Any, ...]) -> Mapping[str, Any]:
    return {row.id: row for row in rows}


@attrs.frozen
class Catalogue:
    """All content of a town; look things up by their ids.

    `roles` are those of its own; what can be dealt is in its `book`.
    """

    name: str
    places: tuple[Place, ...]
    careers: tuple[Career, ...]
    items: tuple[Item, ...]
    tasks: tuple[Task, ...]
    rumors: tuple[Rumor, ...]
    assets: tuple[Asset, ...]
    trades: tuple[Trade, ...]
    roles: tuple[RoleRow, ...] = ()

    @cached_property
    def _indexes(self) -> Mapping[str, Mapping[str, Any]]:
        kinds = ("places", "careers", "items", "tasks", "rumors", "assets")
        return {kind: _index(getattr(self, kind)) for kind in kinds}

    @property
    def book(self) -> Book:
        """The roles that can be dealt: those that are built in, and its own."""
        return self._book

    @cached_property
    def _book(self) -> Book:
        return book_of(tuple(row.role() for row in self.roles))

    # The checker cannot follow which index holds which rows; the names beside each other say it.

    def place(self, name: PlaceId) -> Place:
        """Look a place up; raises ValueError with the nearest names for one that is not there."""
        return self._look_up("places", "place", name)  # type: ignore[no-any-return]

    def career(self, name: str) -> Career:
        """Look a career up; raises ValueError with the nearest names."""
        return self._look_up("careers", "career", name)  # type: ignore[no-any-return]

    def item(self, name: ItemId) -> Item:
        """Look an item up; raises ValueError with the nearest names."""
        return self._look_up("items", "item", name)  # type: ignore[no-any-return]

    def task(self, name: str) -> Task:
        """Look a task up; raises ValueError with the nearest names."""
        return self._look_up("tasks", "task", name)  # type: ignore[no-any-return]

    def asset(self, name: str) -> Asset:
        """Look an asset up; raises ValueError with the nearest names."""
        return self._look_up("assets", "asset", name)  # type: ignore[no-any-return]

    def deck(self, career: str, whose: str | None = None) -> tuple[Task, ...]:
        """List the tasks of a career, or of `whose`, whose places are open to that career."""
        return self._decks[career, career if whose is None else whose]

    @cached_property
    def _decks(self) -> Mapping[tuple[str, str], tuple[Task, ...]]:
        return {
            (career.id, whose): tuple(
                task
                for task in self.tasks
                if task.career == whose
                and (not task.place or self.place(task.place).admits(career.id))
            )
            for career in self.careers
            for whose in (career.id, "")
        }

    def trade(self, category: str) -> Trade:
        """Look a category of rumors up; raises ValueError that lists them."""
        for trade in self.trades:
            if trade.category == category:
                return trade
        known = ", ".join(trade.category for trade in self.trades)
        raise ValueError(f"there are no rumors of the kind {category!r}: they are {known}")

    def _look_up(self, kind: str, noun: str, name: str) -> Any:
        rows = self._indexes[kind]
        row = rows.get(name)
        if row is not None:
            return row
        near = nearest(name, rows)
        hint = f"did you mean {' or '.join(near)}?" if near else f"known: {', '.join(rows)}"
        raise ValueError(f"there is no {noun} {name!r}: {hint}")
