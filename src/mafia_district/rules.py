"""Rules: every tunable number and house rule of a game in one frozen, validated record.

A preset is a name for a set of values; a host or a test changes single values on top of it. The
rules are written into the head of every recorded game, so that a replay never depends on defaults
that have changed since. All durations are whole milliseconds; shares are thousandths.
"""

from collections.abc import Mapping
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, Final

import attrs

from mafia_district.catalogue import BUILT_IN, Catalogue
from mafia_district.house import House, setting, switches
from mafia_district.ids import MAX_SEATS, Coins, Millis
from mafia_district.roles import Book
from mafia_district.setup import RoleCounts, Setup
from mafia_district.setups import published, setup_of

HIGHEST: Final = 30 * 24 * 3_600 * 1_000  # of any number here: thirty days in milliseconds
MANY: Final = 1_000  # more nights than a game has
MOST_COINS: Final = 10_000  # that a town gives to a player at once


@attrs.frozen(kw_only=True)
class Rules(House):
    """The rules of one game; build them from a preset with `Rules.preset(name)`.

    Raises ValueError with a plain sentence for a value that makes no sense.
    """

    name: str = setting("classic", "the preset that these rules started from")
    setup_name: str = setting("", "the published setup whose roles are dealt; see docs/setups.md")
    roles: RoleCounts = setting((), "the roles and their counts; empty: the default counts")
    min_seats: int = setting(3, "fewest seats that may start", low=1)
    max_seats: int = setting(MAX_SEATS, "most seats at the table", low=1)
    countdown_ms: Millis = setting(5_000, "from the host's start to the deal")
    first_phase: str = setting("day", "the phase after the deal", among=("day", "night"))
    day_ms: Millis = setting(180_000, "length of a day", low=1)
    evening_ms: Millis = setting(120_000, "length of an evening, where there is a town", low=1)
    night_ms: Millis = setting(60_000, "length of a night", low=1)
    trial_ms: Millis = setting(20_000, "length of a defence, where there are trials", low=1)
    judgement_ms: Millis = setting(20_000, "length of a judgement, where there are trials", low=1)
    trials_a_day: int = setting(3, "most trials of one day", low=1)
    twilight_ms: Millis = setting(
        30_000, "how long a death waits for a pardon or a last shot, where there can be one", low=1
    )
    nightless: bool = setting(False, "days only, no night")
    extensions: int = setting(
        3, "how often the host may extend one phase; a vote that goes on after a trial is a new one"
    )
    no_lynch_on_even: bool = setting(False, "with an even number living only no-lynch is open")
    reveal_on_death: str = setting(
        "role", "what a death tells of the dead", among=("role", "alignment", "nothing")
    )
    faction_talk: str = setting(
        "night", "when a faction may talk in its room", among=("night", "always")
    )
    end: str = setting(
        "parity", "the mafia win at half of the living, or last", among=("parity", "elimination")
    )
    white_flag: bool = setting(False, "the town also wins when a single mafioso is left")
    lynches_to_win: int = setting(0, "the town also wins when so many of the mafia were lynched")
    flag: str = setting("", "the role whose lynch wins the game for the town at once")
    stalemate_wins: str = setting(
        "",
        "who wins when the mafia hold half of the votes but can kill nobody any more; none: they",
        among=("", "town", "mafia"),
    )
    faction_kills: int = setting(MANY, "most nights in which a faction may kill")
    quiet_nights: int = setting(0, "first nights in which no faction kills")
    lovers: str = setting(
        "chain",
        "who dies with a lover: all other lovers, or the one they were paired with at the deal",
        among=("chain", "pairs"),
    )
    vengeful_days: int = setting(0, "first days on which the vengeful are so; 0: always")
    vengeful_shoots: str = setting(
        "twilight",
        "when a lynched vengeful shoots: before the death, or in the night after it",
        among=("twilight", "night"),
    )
    stalemate_days: int = setting(4, "days in a row without a death that make a draw", low=1)
    town: bool = setting(False, "the game is played in a town: places, coins, shop, tasks, rumors")
    catalogue: Catalogue = setting(BUILT_IN, "what the town is made of, and roles of one's own")
    vote_on_day_one: bool = setting(False, "in a town, the vote runs on the first evening as well")
    moves_a_day: int = setting(6, "most moves of a player in one day")
    start_coins: Coins = setting(100, "what everybody has at the start")
    shop_opens_ms: Millis = setting(30_000, "from dawn to the opening of the Shop")
    purchases_a_day: int = setting(1, "most items that a player may buy in one day")
    carried: int = setting(3, "most items that a player may carry")
    living_per_ward: int = setting(10, "one ward of each kind a day for so many living", low=1)
    seats_per_common: int = setting(4, "one common item of each kind for so many seats", low=1)
    special_every: int = setting(3, "special goods come every so many dawns, from day 2", low=1)
    price_rise: int = setting(100, "thousandths that a sale adds to a common price")
    mask_nights: int = setting(2, "nights that a Mask hides its bearer", low=1)
    tools_bonus: Coins = setting(30, "what Repair tools add to the next career task")
    rumor_garbled: int = setting(100, "thousandths of a chance that passing on garbles a rumor")
    rumor_killer: int = setting(500, "thousandths of the role rumors that are about a killer")
    whispers: bool = setting(False, "two players in one place may whisper")
    message_length: int = setting(500, "most characters of one message", low=1)
    messages: int = setting(5, "most messages of a seat in one message window", low=1)
    message_window_ms: Millis = setting(10_000, "length of a message window", low=1)

    def __attrs_post_init__(self) -> None:
        for rule in attrs.fields(type(self)):
            _check(rule, getattr(self, rule.name))
        if not self.min_seats <= self.max_seats <= MAX_SEATS:
            raise ValueError(
                f"seats {self.min_seats} to {self.max_seats} make no table: "
                f"min_seats <= max_seats <= {MAX_SEATS}"
            )
        if self.nightless and self.first_phase == "night":
            raise ValueError("a nightless game starts by day: set first_phase=day")
        if self.setup_name:
            setup_of(self.setup_name, self.book)
        if self.flag:
            self.book.role(self.flag)
        if self.roles:
            Setup(self.roles, book=self.book)
        if self.town:
            _check_town(self)

    @property
    def book(self) -> Book:
        """The roles that can be dealt by these rules."""
        return self.catalogue.book

    @staticmethod
    def presets() -> tuple[str, ...]:
        """List the names of the presets."""
        return tuple(_PRESETS)

    @staticmethod
    def preset(name: str) -> "Rules":
        """Look a preset up by its name; raises ValueError that lists the names."""
        if name not in _PRESETS:
            raise ValueError(f"no rules are called {name!r}: choose {' or '.join(_PRESETS)}")
        return _PRESETS[name]

    @staticmethod
    def published(name: str, preset: str = "") -> "Rules":
        """Give the rules of a published setup: a preset, and what the setup plays otherwise.

        The preset is the setup's own if none is named. Raises ValueError with the nearest names.

        >>> Rules.published("nightless").nightless
        True
        """
        row = published(name)
        return Rules.preset(preset or row.preset).replace(setup_name=name, **row.rules)

    def replace(self, /, **values: Any) -> "Rules":
        """Change some values; raises ValueError for an unknown name or an impossible value."""
        for name in values:
            _known(name)
        return attrs.evolve(self, **values)

    def in_house(self, name: str) -> "Rules":
        """Take the answers of a house; raises ValueError that lists the houses."""
        return self.replace(**switches(name))

    def with_settings(self, settings: Mapping[str, str]) -> "Rules":
        """Change some values given as text, as `--set KEY=VALUE` does."""
        return self.replace(
            **{name: _read(_known(name), text, self.book) for name, text in settings.items()}
        )

    def setup(self, seats: int) -> Setup:
        """Give the roles for a number of seats: the named ones, or the preset's default counts.

        Raises ValueError if the named roles are for another number of seats.
        """
        if self.roles:
            setup = _named(self.roles, self.catalogue.book)
        else:
            setup = self.named_setup or _default(self.name, seats)
        if setup.seats != seats:
            raise ValueError(f"the roles are for {setup.seats} seats, but {seats} are taken")
        return setup

    @property
    def named_setup(self) -> Setup | None:
        """The roles that these rules name, or else their setup does; None for default counts."""
        if self.roles:
            return _named(self.roles, self.book)
        return setup_of(self.setup_name, self.book) if self.setup_name else None

    def describe(self) -> tuple[tuple[str, object, str], ...]:
        """List every rule but the catalogue as (name, value, meaning)."""
        return tuple(
            (rule.name, getattr(self, rule.name), rule.metadata["doc"])
            for rule in attrs.fields(type(self))
            if rule.name != "catalogue"
        )


@lru_cache(maxsize=1 << 10)
def _named(roles: RoleCounts, book: Book) -> Setup:
    return Setup(roles, book=book)


_default = lru_cache(maxsize=1 << 10)(Setup.default)


def _check(rule: "attrs.Attribute[Any]", value: object) -> None:
    among, low = rule.metadata["among"], rule.metadata["low"]
    if rule.type in (int, bool, str) and type(value) is not rule.type:
        raise ValueError(f"{rule.name} is {value!r}, but must be of type {rule.type.__name__}")
    if among and value not in among:
        raise ValueError(f"{rule.name} is {value!r}, but must be one of {', '.join(among)}")
    if rule.type is int and isinstance(value, int) and not low <= value <= HIGHEST:
        raise ValueError(f"{rule.name} is {value}, but must be from {low} to {HIGHEST}")


def _check_town(rules: Rules) -> None:
    """Refuse what no town can be played with."""
    if rules.nightless:
        raise ValueError("a town needs its nights: set nightless=false")
    if rules.shop_opens_ms >= rules.day_ms:
        raise ValueError(
            f"the Shop would never open: set shop_opens_ms below day_ms, which is {rules.day_ms}"
        )
    for name in ("start_coins", "tools_bonus"):
        if getattr(rules, name) > MOST_COINS:
            raise ValueError(f"{name} must be at most {MOST_COINS}, or the bank runs dry")


def _known(name: str) -> "attrs.Attribute[Any]":
    fields = attrs.fields_dict(Rules)
    if name in fields:
        return fields[name]
    near = get_close_matches(name, fields, n=1)
    hint = f"did you mean {near[0]}?" if near else "see `mafia-district rules` for the names"
    raise ValueError(f"there is no rule called {name!r}: {hint}")


def _read(rule: "attrs.Attribute[Any]", text: str, book: Book) -> object:
    """Read one value from text; the type of the rule's default says how."""
    if rule.name == "name":
        raise ValueError("name is the preset's own: choose another preset, not another name")
    if rule.name == "catalogue":
        raise ValueError("a catalogue is not given as text, but as a file: see docs/catalogue.md")
    if rule.name == "roles":
        return Setup.parse(text, book).roles
    if isinstance(rule.default, bool):
        if text.lower() not in ("true", "false"):
            raise ValueError(f"{rule.name} is {text!r}, but must be true or false")
        return text.lower() == "true"
    if isinstance(rule.default, int):
        try:
            return int(text)
        except ValueError:
            raise ValueError(f"{rule.name} is {text!r}, but must be a whole number") from None
    return text


_PRESETS: dict[str, Rules] = {
    "classic": Rules(),
    "district": Rules(
        name="district", town=True, min_seats=5, vote="ballot", self_vote=False, kill_own=False
    ),
}
