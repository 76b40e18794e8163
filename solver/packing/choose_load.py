"""
One container loaded with as much of a content as goes in, or with all of it.

Several stops stand in sections one behind the other along the hold, the last to be unloaded at the front: each section
is loaded as a hold of its own (``solver.packing.fill``), so nothing is ever in the way of an earlier stop.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from msgspec.structs import replace

from solver.goods import Chassis, Door, Hold, Placement, Side, Unit
from solver.loads import Cargo, Load, Verdict
from solver.packing.choose_stock import Stock
from solver.packing.fill import fill
from solver.packing.fits import Effort, fits
from solver.packing.layout import room_of
from solver.packing.vector_kernel import Ints

DIRECT_UNITS_MAX = 120
"""So many units are first placed one by one, stops mixed."""
DIRECT_PASSES = 40
BUNDLE_ROUNDS = 4
"""How often bundles that were not wholly loaded are left out and the rest loaded anew."""
SHORTER_ROUNDS = 3
"""Halvings of a section's length."""
LEAST_WORK = 300
DIRECT_WORK = 300
"""What a direct trial counts for, in the work of ``fill``."""


class Loaded(NamedTuple):
    """How many of each kind are in a container, and where they stand (numbers are those of this container)."""

    content: Ints
    placements: tuple[Placement, ...]


class Loader:
    """
    Loads containers of a stock; the same questions in the same order get the same answers.

    Attributes
    ----------
    spent
        Work given to ``fill`` so far.
    """

    def __init__(self, stock: Stock) -> None:
        self.stock = stock
        self.spent = 0

    def most(self, type_: int, wanted: Ints, work: int, seed: int) -> Loaded:
        """As much of ``wanted`` as is found to go into a container of a type: bundles wholly, nothing that clashes."""
        stock = self.stock
        wanted = self._compatible(np.where(stock.able[:, type_], wanted, 0), seed)
        for attempt in range(BUNDLE_ROUNDS + 2):
            loaded = self._filled(type_, wanted, work, seed)
            short = np.unique(stock.bundle[(loaded.content < wanted) & (stock.bundle >= 0)])
            if not len(short):
                return loaded
            dropped = short[:1] if attempt < BUNDLE_ROUNDS else short
            if attempt > BUNDLE_ROUNDS:
                dropped = np.arange(len(stock.bundles))
            wanted = np.where(np.isin(stock.bundle, dropped), 0, wanted)
        return self._filled(type_, wanted, work, seed)

    def all(self, type_: int, wanted: Ints, work: int, seed: int) -> Loaded | None:
        """All of ``wanted`` in one container of a type; None where that is not found."""
        stock, hold = self.stock, self.stock.holds[type_]
        if not stock.able[wanted > 0, type_].all() or stock.clashes(wanted):
            return None
        heavy = hold.weight_max_g is not None and stock.weight_g(wanted) > hold.weight_max_g
        if heavy or stock.volume_mm3(wanted) > stock.room_mm3(type_):
            return None
        if wanted.sum() <= DIRECT_UNITS_MAX:
            self.spent += DIRECT_WORK
            cargo = tuple(
                Cargo(
                    order=stock.problem.consignments[kind.consignment].id,
                    unit=replace(kind.unit, quantity=int(count)),
                    to_stop=kind.stop,
                )
                for kind, count in zip(stock.kinds, wanted.tolist(), strict=True)
                if count
            )
            fit = fits(Load(hold=hold, cargo=cargo), Effort(DIRECT_PASSES, seed=seed + 1))
            if fit.verdict is Verdict.FITS:
                return Loaded(wanted.copy(), fit.placements)
            if fit.verdict is Verdict.PROVED_NOT:
                return None
        loaded = self._filled(type_, wanted, work, seed)
        return loaded if (loaded.content == wanted).all() else None

    def _compatible(self, wanted: Ints, seed: int) -> Ints:
        """A part of a content in which nothing clashes: bundles first, then by volume in a random order."""
        stock = self.stock
        if not stock.clashes(wanted):
            return wanted
        random = np.random.default_rng(seed)
        taken = np.zeros_like(wanted)
        mass = wanted * stock.volumes * random.uniform(0.5, 1.5, len(wanted))
        for at in sorted(np.flatnonzero(wanted).tolist(), key=lambda at: (stock.bundle[at] < 0, -mass[at], at)):
            if taken[at]:
                continue
            members = list(stock.bundles[stock.bundle[at]]) if stock.bundle[at] >= 0 else [at]
            for share in (wanted[members], np.minimum(wanted[members], 1)):
                trial = taken.copy()
                trial[members] = share
                if not stock.clashes(trial):
                    taken = trial
                    break
                if stock.bundle[at] >= 0:
                    break
        return taken

    def _filled(self, type_: int, wanted: Ints, work: int, seed: int) -> Loaded:
        """Sections of stops, the last one first, for as long as all of a stop goes in."""
        stock, hold = self.stock, self.stock.holds[type_]
        content, placements = np.zeros_like(wanted), list[Placement]()
        stops = sorted({stock.kinds[at].stop for at in np.flatnonzero(wanted).tolist()}, reverse=True)
        start, share = 0, max(LEAST_WORK, work // max(1, len(stops)))
        for stop in stops:
            part = np.where([kind.stop == stop for kind in stock.kinds], wanted, 0)
            rest = self._rest_of(hold, content, placements, start)
            if rest is None:
                break
            found = self._section(rest, part, share, seed, short=stop != stops[-1])
            if not found:
                break
            placements += [replace(entry, x_mm=entry.x_mm + start) for entry in found]
            loaded = self._counted(found)
            content += loaded
            start += max(self._end_mm(entry) for entry in found)
            if (loaded < part).any():
                break
        return Loaded(content, tuple(placements))

    def _section(self, hold: Hold, part: Ints, work: int, seed: int, *, short: bool) -> tuple[Placement, ...]:
        """The units of one stop in a hold; with ``short`` in little of its length where all of them go in."""
        units = self._units(hold, part)
        found = self._fill(hold, units, work, seed)
        if not short or len(found) < part.sum():
            return found
        floor_mm2 = hold.width_mm * hold.height_mm
        low, high = -(-self.stock.volume_mm3(part) // floor_mm2), max(self._end_mm(entry) for entry in found)
        for _ in range(SHORTER_ROUNDS):
            middle = (low + high) // 2
            cut = shortened(hold, 0, middle)
            trial = self._fill(cut, units, work // 2, seed) if cut is not None and low < middle < high else ()
            if len(trial) == len(found):
                found, high = trial, max(self._end_mm(entry) for entry in trial)
            else:
                low = middle
        return found

    def _fill(self, hold: Hold, units: Sequence[tuple[str, Unit]], work: int, seed: int) -> tuple[Placement, ...]:
        self.spent += work
        return fill(hold, units, work=work, seed=seed)

    def _units(self, hold: Hold, part: Ints) -> list[tuple[str, Unit]]:
        """No more of a kind than its volume allows, so that time does not grow with what stays outside anyway."""
        stock, room_mm3 = self.stock, hold.length_mm * hold.width_mm * hold.height_mm
        most = np.minimum(part, room_mm3 // stock.volumes)
        return [
            (stock.problem.consignments[kind.consignment].id, replace(kind.unit, quantity=int(count)))
            for kind, count in zip(stock.kinds, most.tolist(), strict=True)
            if count
        ]

    def _counted(self, placements: Sequence[Placement]) -> Ints:
        content = np.zeros_like(self.stock.quantities)
        numbers = self._numbers()
        for entry in placements:
            content[numbers[entry.order, entry.unit]] += 1
        return content

    def _numbers(self) -> dict[tuple[str, str], int]:
        consignments = self.stock.problem.consignments
        return {(consignments[kind.consignment].id, kind.unit.id): at for at, kind in enumerate(self.stock.kinds)}

    def _end_mm(self, entry: Placement) -> int:
        """Where a unit ends along x."""
        unit = self.stock.kinds[self._numbers()[entry.order, entry.unit]].unit
        own = {"l": unit.length_mm, "w": unit.width_mm, "h": unit.height_mm}
        return entry.x_mm + own[entry.rotation.value[0]]

    def _rest_of(self, hold: Hold, content: Ints, placements: Sequence[Placement], start: int) -> Hold | None:
        """What is left behind a section, with the weight that may still come; None where nothing is."""
        if start == 0:
            return hold
        rest = shortened(hold, start, hold.length_mm)
        if rest is None:
            return None
        weight_g = self.stock.weight_g(content)
        left_g = None if hold.weight_max_g is None else hold.weight_max_g - weight_g
        if hold.chassis is None:
            return replace(rest, weight_max_g=left_g)
        numbers, moment = self._numbers(), 0
        for entry in placements:
            unit = self.stock.kinds[numbers[entry.order, entry.unit]].unit
            moment += unit.weight_g * (entry.x_mm + self._end_mm(entry))
        return replace(rest, weight_max_g=left_g, chassis=_burdened(hold, start, weight_g, moment / 2))


def _burdened(hold: Hold, start: int, weight_g: int, moment: float) -> Chassis | None:
    """The chassis seen from where a section begins, with what stands before it as if it were part of the vehicle."""
    chassis = hold.chassis
    if chassis is None:
        return None
    rates = room_of(hold).axles
    axles = tuple(
        replace(
            axle,
            at_mm=axle.at_mm - start,
            tare_g=int(np.ceil(rate[0] + rate[1] * weight_g + rate[2] * moment)),
            min_g=min(axle.min_g, int(rate[0])),
        )
        for axle, rate in zip(chassis.axles, rates, strict=True)
    )
    kingpin_mm = None if chassis.kingpin_mm is None else chassis.kingpin_mm - start
    return Chassis(axles=axles, kingpin_mm=kingpin_mm)


def shortened(hold: Hold, start: int, end: int) -> Hold | None:
    """The part of a hold from ``start`` to ``end`` along x; None where no length or no door of it is left."""
    if end <= start:
        return None
    doors = []
    for door in hold.doors:
        if door.side is Side.REAR:
            doors.append(door)
            continue
        opens = max(door.from_mm, start) - start
        closes = min(hold.length_mm if door.to_mm is None else door.to_mm, end) - start
        if closes > opens:
            doors.append(Door(side=door.side, from_mm=opens, to_mm=closes))
    if hold.doors and not doors:
        return None
    return replace(hold, length_mm=end - start, doors=tuple(doors))
