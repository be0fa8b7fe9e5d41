"""Looks that are owned: what reputation is spent on.

What has no rank is for everybody. The rest is bought once, for as much reputation as its rank says,
and kept. Points that were spent still count on the leaderboard.
"""

import attrs

from mafia_district.catalogue import Catalogue
from mafia_district_servers.ports import Accounts, Clock
from mafia_district_servers.problems import Fault, Problem


@attrs.frozen
class Closet:
    """What somebody may wear, and what they have left to spend."""

    assets: tuple[str, ...]
    reputation: int


class OwnedLooks:
    """Buys looks, and tells who may wear what."""

    def __init__(self, accounts: Accounts, clock: Clock) -> None:
        self._accounts = accounts
        self._clock = clock

    async def of(self, account: str, catalogue: Catalogue) -> Closet:
        """Tell what an account may wear of a catalogue, in its order."""
        wardrobe = await self._accounts.wardrobe(account)
        may = [row.id for row in catalogue.assets if not row.rank or row.id in wardrobe.assets]
        return Closet(tuple(may), wardrobe.earned - wardrobe.spent)

    async def require(self, account: str, assets: tuple[str, ...], catalogue: Catalogue) -> None:
        """Refuse a look that somebody does not own; raises a `forbidden` problem.

        What the catalogue does not know is left for the game to refuse.
        """
        known = {row.id for row in catalogue.assets}
        own = (await self.of(account, catalogue)).assets
        if missing := [asset for asset in assets if asset in known and asset not in own]:
            raise Problem(Fault.FORBIDDEN, f"you do not own {missing[0]}: buy it first")

    async def buy(self, account: str, asset: str, catalogue: Catalogue) -> Closet:
        """Buy a look; a repeat costs nothing.

        Raises a `not_found` problem, `not_registered` for a guest, and `too_expensive`.
        """
        row = next((row for row in catalogue.assets if row.id == asset), None)
        if row is None:
            raise Problem(Fault.NOT_FOUND, "there is no such look")
        if await self._accounts.find(account) is None:
            raise Problem(Fault.NOT_REGISTERED, "guests own nothing: register first")
        if row.rank and not await self._accounts.buy(account, asset, row.rank, self._clock.now()):
            raise Problem(Fault.TOO_EXPENSIVE, f"that takes {row.rank} points of reputation")
        return await self.of(account, catalogue)
