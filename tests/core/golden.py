"""Golden games: some short games as they were recorded once, and what each viewer got of them.

They are there to be read as much as to be compared: each viewer's file has one line a frame, in the
order in which it came, and ends with the view. `python -m tests.core.golden` writes the files anew,
after a change that was meant; look at the difference before you keep it.
"""

from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Final

import attrs

from mafia_district import log, wire
from mafia_district.chance import commitment
from mafia_district.chat import Say, Whisper
from mafia_district.clock import Done, Extend, Pause, Resume
from mafia_district.game import Game
from mafia_district.ids import KEEPER, NO_LYNCH, NOBODY, SPECTATOR, PlayerId, Viewer
from mafia_district.items import GiveItem, UseItem
from mafia_district.lobby import AddBots, GiveSalt, Leave, SetReady, Start, TakeSeat
from mafia_district.machine import Command
from mafia_district.night.collect import Act, Withdraw
from mafia_district.night.deed import FACTION_KILL
from mafia_district.rules import Rules
from mafia_district.rumors import BUREAU, BuyRumor, ShareRumor
from mafia_district.shop import SHOP, Buy, Cancel
from mafia_district.tasks import Complete, Errand
from mafia_district.town import Move
from mafia_district.voting import CastVote, Unvote

FOLDER: Final = Path(__file__).parents[1] / "golden"
CODE: Final = "AB234"
SALT: Final = b"s" * 32


class Story:
    """A game as it is told, with what every viewer has got so far."""

    def __init__(self, rules: Rules, names: str, bots: int) -> None:
        self.game = Game.open(rules, 7, 0, code=CODE)
        self.seats = len(names.split()) + bots
        self.lines: dict[Viewer, list[str]] = {viewer: [] for viewer in self.viewers()}
        self.cursors = dict.fromkeys(self.lines, 0)
        self.offered = dict.fromkeys(self.lines, "")
        self.told(*[TakeSeat(NOBODY, name, CODE, commitment(SALT)) for name in names.split()])
        self.told(AddBots(0, bots), *[SetReady(seat, True) for seat in range(1, self.seats - bots)])
        self.told(Start(0), GiveSalt(0, SALT.hex()), GiveSalt(2, SALT.hex()))
        self.wait()

    def viewers(self) -> tuple[Viewer, ...]:
        """List everybody who watches."""
        return (*range(self.seats), SPECTATOR, KEEPER)

    def seat(self, role: str) -> PlayerId:
        """Find the first seat that was dealt a role."""
        return self.game.state.table.roster.deal.index(role)

    def visit(self) -> tuple[PlayerId, Errand]:
        """Find somebody who is to go to a place, other than the Shop, and their errand."""
        return next(
            (seat, errand)
            for seat, errands in self.game.state.table.tasks.errands.items()
            for errand in errands
            if errand.place not in ("", SHOP) and not errand.item and errand.person == NOBODY
        )

    def told(self, *commands: Command) -> None:
        """Go on by some commands, a second apart."""
        for number, command in enumerate(commands):
            self.game.handle(command, self.game.at + 1_000, f"{type(command).__name__}-{number}")
            self._show()

    def wait(self) -> None:
        """Let the deadline come."""
        assert self.game.deadline is not None
        self.game.pass_time(self.game.deadline)
        self._show()

    def ring(self) -> None:
        """Let come what is due within the phase."""
        assert self.game.alarm is not None
        self.game.pass_time(self.game.alarm)
        self._show()

    def _show(self) -> None:
        for viewer, lines in self.lines.items():
            for sight in self.game.entries(viewer, self.cursors[viewer]):
                lines.append(f"{sight.cursor} {sight.at} {wire.event_bytes(sight.event).decode()}")
                self.cursors[viewer] = sight.cursor
            offered = wire.choices_bytes(self.game.choices(viewer)).decode()
            if offered != self.offered[viewer]:
                lines.append(f"choices {offered}")
                self.offered[viewer] = offered

    def files(self) -> Iterator[tuple[str, str]]:
        """Give the name and the text of each viewer's file."""
        for viewer, lines in self.lines.items():
            view = wire.view_plain(self.game.view(viewer))
            del view["rules"]
            name = {SPECTATOR: "spectator", KEEPER: "keeper"}.get(viewer, f"seat-{viewer}")
            text = "\n".join([*lines, f"view {wire.canonical(view).decode()}"])
            yield f"{name}.txt", text + "\n"


def classic() -> Story:
    """Five by the classic rules: talk, a lynch that fails, a saved life, and the mafia caught."""
    story = Story(Rules.preset("classic"), "Ann Bob Cid Dora", bots=1)
    cop, doctor, goon = map(story.seat, ("town_cop", "town_doctor", "mafia_goon"))
    first, second = sorted({*range(5)} - {cop, doctor, goon})
    story.told(
        Say(first, "town", "Who is it?"),
        CastVote(first, second),
        CastVote(second, first),
        Unvote(first),
        CastVote(first, NO_LYNCH),
    )
    story.wait()
    story.told(
        Act(cop, "investigate", goon),
        Act(doctor, "protect", first),
        Act(goon, FACTION_KILL, second),
        Act(goon, FACTION_KILL, first),
        *[Done(seat, True) for seat in range(5)],
    )
    story.told(
        Say(cop, "town", "I know!"), *[CastVote(seat, goon) for seat in (cop, doctor, first)]
    )
    return story


def ballots() -> Story:
    """Eight with secret ballots: a jester's day, a blocked cop, a shot, a leaver, and parity."""
    rules = Rules.preset("classic").with_settings(
        {
            "roles": "3 vanilla_townie, 1 mafia_goon, 1 mafia_roleblocker, 1 one_shot_vigilante, "
            "1 town_cop, 1 jester",
            "vote": "ballot",
            "reveal_on_death": "alignment",
        }
    )
    story = Story(rules, "Ann Bob Cid Dora Eve Fay Gus", bots=1)
    names = "jester", "town_cop", "mafia_goon", "mafia_roleblocker", "one_shot_vigilante"
    jester, cop, goon, blocker, shooter = map(story.seat, names)
    first, second, _ = sorted({*range(8)} - {jester, cop, goon, blocker, shooter})
    story.told(
        CastVote(first, goon),
        CastVote(first, jester),
        CastVote(goon, jester),
        CastVote(cop, NO_LYNCH),
        Pause(0),
        Resume(0),
        Extend(0, 30),
    )
    story.wait()
    story.told(
        Say(jester, "dead", "Ha!"),
        Say(goon, "faction", "Her?"),
        Act(blocker, "roleblock", cop),
        Act(cop, "investigate", blocker),
        Act(shooter, "kill", first),
        Withdraw(shooter, "kill"),
        Act(shooter, "kill", first),
        Act(goon, FACTION_KILL, cop),
    )
    story.wait()
    story.told(Leave(second))
    story.wait()
    return story


def district() -> Story:
    """Seven in a town: garlic, gifts and gossip by day, a warded bite, and both vampires caught."""
    cast = {"roles": "3 villager, 2 vampire, 1 sheriff, 1 doctor", "whispers": "true"}
    rules = Rules.preset("district").with_settings(cast)
    story = Story(rules, "Ann Bob Cid Dora Eve Fay", 1)
    deal = story.game.state.table.roster.deal
    first, second = (seat for seat, role in enumerate(deal) if role == "vampire")
    ann, bob, cid = (seat for seat, role in enumerate(deal) if role == "villager")
    sheriff, doctor = map(story.seat, ("sheriff", "doctor"))
    _first_day(story, (ann, bob, cid), sheriff)
    garlic = next(seat for seat in (ann, bob) if story.game.state.table.bags.of(seat))
    story.told(
        UseItem(garlic, "garlic"),
        Act(first, FACTION_KILL, garlic),
        Act(sheriff, "investigate", first),
        Act(doctor, "protect", cid),
    )
    story.wait()
    _second_day(story, (first, second, sheriff, cid))
    story.told(*[CastVote(seat, first) for seat in range(7) if seat != first])
    story.wait()
    story.told(Act(second, FACTION_KILL, cid), Withdraw(second, FACTION_KILL))
    story.told(Act(second, FACTION_KILL, sheriff))
    story.wait()
    story.told(*[Done(seat, True) for seat in range(7) if seat not in (first, sheriff)])
    story.told(*[CastVote(seat, second) for seat in (ann, bob)], CastVote(second, NO_LYNCH))
    story.wait()
    return story


def _first_day(story: Story, villagers: tuple[PlayerId, ...], sheriff: PlayerId) -> None:
    """Order, get and give garlic; run an errand; buy a rumor and pass it on."""
    ann, bob, cid = villagers
    story.told(Move(ann, SHOP), Move(bob, SHOP), Buy(ann, "garlic"), Buy(bob, "garlic"))
    story.told(Say(cid, "place", "Where are they off to?"))
    story.ring()
    bags = story.game.state.table.bags
    buyer, other = (ann, bob) if bags.of(ann) else (bob, ann)
    story.told(
        Say(ann, "place", "One left, and two of us."),
        Whisper(buyer, other, "Take it."),
        GiveItem(buyer, "garlic", other),
        Move(cid, BUREAU),
        Move(sheriff, BUREAU),
        BuyRumor(cid, "task"),
        ShareRumor(cid, 1, (sheriff,)),
    )
    worker, errand = story.visit()
    story.told(Move(worker, errand.place), Complete(worker, errand.number))
    story.wait()
    story.told(Say(ann, "town", "Good evening."))
    story.wait()


def _second_day(story: Story, seats: tuple[PlayerId, ...]) -> None:
    """Look at each other, sell what lies under the counter, and tell a lie."""
    first, second, sheriff, cid = seats
    story.told(Move(second, "docks"), Move(first, SHOP), Buy(first, "mask"), Cancel(first))
    story.told(Buy(first, "mask"))
    story.ring()
    story.told(
        Move(sheriff, BUREAU),
        Move(cid, BUREAU),
        BuyRumor(sheriff, "whereabouts"),
        ShareRumor(sheriff, 1, (cid,), first),
    )
    story.wait()


GAMES: Final[dict[str, Callable[[], Story]]] = {
    "classic": classic,
    "ballots": ballots,
    "district": district,
}


def record_bytes(game: Game, engine: str) -> bytes:
    """Write a game's record as an engine of that version would, with salts that are no secret."""
    recorded, salts, file = game.record(), count(), BytesIO()
    header = attrs.evolve(recorded.header, engine=engine)
    recorded = attrs.evolve(recorded, header=header)
    log.write(log.record(recorded, lambda: next(salts).to_bytes(16, "big")), file)
    return file.getvalue()


def main() -> None:
    """Write all files anew."""
    for name, tell in GAMES.items():
        story, folder = tell(), FOLDER / name
        folder.mkdir(parents=True, exist_ok=True)
        engine = story.game.record().header.engine
        (folder / "log.jsonl").write_bytes(record_bytes(story.game, engine))
        for file, text in story.files():
            (folder / file).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
