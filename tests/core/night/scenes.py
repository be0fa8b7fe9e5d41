"""Scenes: nights told in words, for tests to set up and to look into."""

from mafia_district.house import house
from mafia_district.ids import NOBODY
from mafia_district.night import Action, resolve
from mafia_district.night.verbs import VERBS
from mafia_district.roles import role


class Scene:
    """A resolved night: a cast such as "C=town_cop V=villager", and lines such as "C track V"."""

    def __init__(self, cast: str, *lines: str, house_name: str = "mafiascum") -> None:
        held = dict(entry.split("=") for entry in cast.split())
        self.names = list(held)
        actions = [self._action(*line.split()) for line in lines]
        self.resolved = resolve([role(name) for name in held.values()], actions,
                                house=house(house_name))  # fmt: skip

    def _action(self, actor: str, verb: str, *targets: str) -> Action:
        named = [self.names.index(name) for name in targets]
        target, target2 = (*named, NOBODY, NOBODY)[:2]
        return Action(self.names.index(actor), VERBS[verb].name, target, target2)

    def dead(self) -> str:
        """Name the dead."""
        return " ".join(self.names[death.seat] for death in self.resolved.deaths)

    def told(self, name: str) -> list[str]:
        """List what somebody was told: words, or the names of those whom they saw."""
        return [
            " ".join(self.names[seat] for seat in result.seen)
            if result.word == "seen"
            else result.word
            for result in self.resolved.results
            if result.seat == self.names.index(name)
        ]

    def end(self, name: str, verb: str) -> str:
        """Say how somebody's action ended."""
        (reason,) = [
            reason
            for reason in self.resolved.reasons
            if (self.names[reason.actor], reason.verb) == (name, verb)
        ]
        return reason.outcome
