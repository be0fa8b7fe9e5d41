"""What items come to at night: from what everybody has on to the resolver's gear, and back.

Before the night is resolved, all that is set down is laid out, with the lots that it takes already
drawn. Afterwards the items tell their bearers what they are to know: that a ward held, who came to
see somebody, how many called. It is told at dawn to whom it is for, the dead included.
"""

from collections.abc import Iterable

from mafia_district.chance import shuffled
from mafia_district.ids import PlayerId, Seats, has, members
from mafia_district.items import ItemWornOut, VisitorsCounted, VisitorsHeard, WardHeld, Worn
from mafia_district.machine import Event, Events
from mafia_district.night.gear import NO_GEAR, Gear, Vest, Ward, vest_methods
from mafia_district.night.resolve import Resolution, methods_in_play, visitors
from mafia_district.table import Table


def laid_out(table: Table) -> Gear:
    """Lay out what is on tonight; who holds it lives, and what is aimed at the dead is left out."""
    if not table.rules.town or not table.bags.on:
        return NO_GEAR
    worn, alive = table.bags.set_down, table.roster.alive
    return Gear(
        wards=tuple(_ward(table, seat, ward) for seat, ward in worn("ward")),
        vests=tuple(_vest(table, seat, vest) for seat, vest in worn("vest")),
        masked=_mask(seat for seat, _ in worn("mask")),
        papered=_mask(seat for seat, _ in worn("papers")),
        cuffed=_mask(cuffs.target for _, cuffs in worn("cuffs")) & alive,
        tapped=tuple((seat, tap.target) for seat, tap in worn("tap") if has(alive, tap.target)),
        lit=_mask(seat for seat, _ in worn("lantern")),
    )


def told(table: Table, gear: Gear, night: Resolution) -> Events:
    """Say what everybody's items tell them of a resolved night, and what is used up."""
    if gear is NO_GEAR:
        return ()
    taps = (_heard(table, night, seat, target) for seat, target in gear.tapped)
    lamps = members(gear.lit)
    counts = (VisitorsCounted(seat, len(visitors(night, seat))) for seat in lamps)
    return *_saved(table, night), *taps, *counts


def _mask(seats: Iterable[PlayerId]) -> Seats:
    mask = 0
    for seat in seats:
        mask |= 1 << seat
    return mask


def _ward(table: Table, seat: PlayerId, worn: Worn) -> Ward:
    item, holds = table.rules.catalogue.item(worn.item), True
    if item.chance < 1_000:
        holds = table.lot(f"ward {seat} {item.id}", table.phases.day) % 1_000 < item.chance
    return Ward(seat, item.id, item.price, item.methods, holds)


def _vest(table: Table, seat: PlayerId, worn: Worn) -> Vest:
    item = table.rules.catalogue.item(worn.item)
    in_play = methods_in_play(table.roster.cast.roles)
    return Vest(seat, item.id, vest_methods(item.methods, in_play))


def _saved(table: Table, night: Resolution) -> list[Event]:
    events: list[Event] = []
    for seat, name in night.saves:
        item = table.rules.catalogue.item(name)
        if item.effect == "vest":
            events.append(ItemWornOut(seat, name))
        elif item.tells:
            events.append(WardHeld(seat, name))
    return events


def _heard(table: Table, night: Resolution, seat: PlayerId, target: PlayerId) -> VisitorsHeard:
    lot = table.lot(f"tap {seat} {target}", table.phases.day)
    return VisitorsHeard(seat, target, tuple(shuffled(lot, visitors(night, target))))
