"""
Pallet building: boxes on as few pallets as found, then low.

Full pallets of one kind first, in regular layers; the rest, and once more everything where that may save a pallet, by
greedy construction and by block building, whichever holds more.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from solver.check_stow import check_load
from solver.goods import Hold, Identifier, Unit, edges_mm
from solver.loads import Cargo, Load
from solver.packing.cartons import numbered
from solver.packing.cartons_fill import Filler, Standing, room_without_doors
from solver.packing.cartons_search import UNITS_MOST
from solver.packing.cartons_types import Package, Packages, unit_mm3
from solver.packing.fill import fill
from solver.packing.pallets_regular import most_units, regular
from solver.packing.pallets_top import overlap_mm2, wrapped

PASSES = 24
WORK = 2_000
"""Of ``fill`` for one pallet."""
MIXED_MOST = 600
"""Up to so many boxes, everything is also tried without full pallets of one kind."""
KINDS_MOST = 200
"""So many kinds are looked at for one pallet."""
FULL_PERCENT = 80
"""A pallet of one kind is full where this part of its room is used, or where no more of its kind go onto a pallet."""
LOWER_STEPS = 4


class Pallet(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A kind of pallet.

    Attributes
    ----------
    deck_mm
        Height of the empty pallet.
    height_max_mm
        Of pallet and load together.
    weight_max_g
        Most that the load may weigh; None: no limit.
    overhang_mm
        How far boxes may stand out on each side, as long as ``support_percent`` of each box's base is on the deck.
    is_stackable
        Whether the loaded pallet may stand on another unit.
    """

    id: Identifier
    length_mm: int
    width_mm: int
    height_max_mm: int
    deck_mm: int = 144
    tare_g: int = 25_000
    weight_max_g: int | None = None
    overhang_mm: int = 0
    support_percent: int = 75
    is_stackable: bool = False
    cost_milli: int = 0

    @property
    def hold(self) -> Hold:
        """The room above the deck, overhang included."""
        return Hold(
            length_mm=self.length_mm + 2 * self.overhang_mm,
            width_mm=self.width_mm + 2 * self.overhang_mm,
            height_mm=max(0, self.height_max_mm - self.deck_mm),
            weight_max_g=self.weight_max_g,
            doors=(),
            support_percent=self.support_percent,
        )


EUR = Pallet(id="EUR", length_mm=1_200, width_mm=800, height_max_mm=1_800, weight_max_g=1_500_000)
"""EN 13698-1."""
ISO = Pallet(id="ISO", length_mm=1_200, width_mm=1_000, height_max_mm=1_800, tare_g=28_000, weight_max_g=1_500_000)
"""ISO 6780."""


def build_pallets(
    boxes: Sequence[Unit],
    pallets: Sequence[Pallet] = (EUR,),
    *,
    order: str = "items",
    work: int = WORK,
    seed: int = 0,
) -> Packages:
    """
    Boxes onto pallets of one kind: that which leaves least, then costs least, then needs the fewest pallets.

    Parameters
    ----------
    boxes
        Ids are different.
    order
        What the placements name as their order.
    work
        Of block building for one pallet; the answer depends on it and on ``seed`` alone.

    Returns
    -------
    ``left`` are boxes that the kind of pallet does not take. ``bound``: no fewer pallets of the kind chosen hold the
    boxes; ``proved``: as many are used.
    """
    answers = [_on_one_kind(boxes, pallet, order, work, seed) for pallet in pallets]
    if not answers:
        return Packages(packages=(), left=tuple(boxes), cost_milli=0, bound=0, proved=True)
    return min(answers, key=_rank)


def _rank(answer: Packages) -> tuple[int, int, int, int]:
    left_mm3 = sum(unit_mm3(unit) * unit.quantity for unit in answer.left)
    height_mm = sum(package.unit.height_mm for package in answer.packages)
    return left_mm3, answer.cost_milli, len(answer.packages), height_mm


def _on_one_kind(boxes: Sequence[Unit], pallet: Pallet, order: str, work: int, seed: int) -> Packages:
    able = [unit for unit in boxes if unit.quantity > 0 and _takes(pallet.hold, unit)]
    left = tuple(unit for unit in boxes if unit.quantity > 0 and not _takes(pallet.hold, unit))
    fillings, bound = _Builder(pallet.hold, able, work, seed).build(), least_pallets(pallet.hold, able)
    if pallet.overhang_mm and not all(_on_deck(pallet, able, places) for places in fillings):
        return _on_one_kind(boxes, replace(pallet, overhang_mm=0), order, work, seed)
    taken = [0] * len(able)
    packages = tuple(
        Package(
            kind=pallet.id,
            unit=_loaded(pallet, f"{order}-{pallet.id}-{number}", able, places),
            placements=numbered(places, able, taken, order),
        )
        for number, places in enumerate(fillings, start=1)
    )
    return Packages(
        packages=packages,
        left=left,
        cost_milli=pallet.cost_milli * len(packages),
        bound=bound,
        proved=len(packages) == bound,
    )


def _takes(hold: Hold, unit: Unit) -> bool:
    """Whether one box alone goes onto a pallet."""
    if hold.weight_max_g is not None and unit.weight_g > hold.weight_max_g:
        return False
    return any(
        along <= hold.length_mm and across <= hold.width_mm and up <= hold.height_mm
        for along, across, up in (edges_mm(unit, rotation) for rotation in unit.rotations)
    )


def least_pallets(hold: Hold, boxes: Sequence[Unit]) -> int:
    """No fewer pallets hold all boxes: by volume, by weight, and by how many of one kind go onto a pallet."""
    if not boxes:
        return 0
    room_mm3 = hold.length_mm * hold.width_mm * hold.height_mm
    least = -(-sum(unit_mm3(unit) * unit.quantity for unit in boxes) // room_mm3)
    if hold.weight_max_g:
        least = max(least, -(-sum(unit.weight_g * unit.quantity for unit in boxes) // hold.weight_max_g))
    return max(least, *(-(-unit.quantity // most_units(hold, unit)) for unit in boxes), 1)


class _Builder:
    """Boxes of several kinds, and the pallets that they go onto."""

    def __init__(self, hold: Hold, units: Sequence[Unit], work: int, seed: int) -> None:
        self.hold, self.units, self.work, self.seed = hold, units, work, seed
        self.filler = Filler(units)
        self.room = room_without_doors(hold)
        self.large_first = sorted(range(len(units)), key=lambda kind: -unit_mm3(units[kind]))

    def build(self) -> list[list[Standing]]:
        """The boxes of each pallet."""
        counts = [unit.quantity for unit in self.units]
        full = list(self._full(counts))
        left = list(counts)
        for places in full:
            for place in places:
                left[place.kind] -= 1
        best = full + list(self._mixed(left))
        if (
            full
            and len(self.units) > 1
            and sum(counts) <= MIXED_MOST
            and len(best) > least_pallets(self.hold, self.units)
        ):
            other = list(self._mixed(counts))
            best = min(best, other, key=len)
        return best

    def _full(self, counts: Sequence[int]) -> Iterator[list[Standing]]:
        """Pallets that one kind fills."""
        room_mm3 = self.hold.length_mm * self.hold.width_mm * self.hold.height_mm
        for kind, (unit, count) in enumerate(zip(self.units, counts, strict=True)):
            places, most = regular(self.hold, unit, min(count, most_units(self.hold, unit)))
            if not places or len(places) > count:
                continue
            is_full = unit_mm3(unit) * len(places) * 100 >= FULL_PERCENT * room_mm3 or len(places) == most
            whole = len(self.units) == 1 or is_full
            for _ in range(count // len(places) if whole else 0):
                yield [place._replace(kind=kind) for place in places]

    def _mixed(self, counts: Sequence[int]) -> Iterator[list[Standing]]:
        """Pallets filled one after another, each as full as found, then lowered."""
        left = list(counts)
        while any(left):
            portion = self._portion(left)
            places = self._fill(self.hold, portion)
            used = [0] * len(left)
            for place in places:
                used[place.kind] += 1
            lowered = self._lowered(places, used)
            times = min(count // own for count, own in zip(left, used, strict=True) if own)
            for _ in range(times):
                yield lowered
            left = [count - own * times for count, own in zip(left, used, strict=True)]

    def _portion(self, left: Sequence[int]) -> list[int]:
        """Of what is left the largest, twice what has room and at most ``KINDS_MOST`` kinds."""
        portion, kinds = [0] * len(left), 0
        room_mm3 = 2 * self.hold.length_mm * self.hold.width_mm * self.hold.height_mm
        for kind in self.large_first:
            if left[kind] and room_mm3 > 0 and kinds < KINDS_MOST:
                portion[kind] = min(left[kind], most_units(self.hold, self.units[kind]))
                room_mm3 -= portion[kind] * unit_mm3(self.units[kind])
                kinds += 1
        return portion

    def _fill(self, hold: Hold, counts: Sequence[int]) -> list[Standing]:
        """What holds more: greedy construction, or block building; one kind alone also in regular layers."""
        tried = []
        if sum(counts) <= UNITS_MOST:
            room = self.room if hold == self.hold else room_without_doors(hold)
            tried.append(self.filler.fill(room, counts, passes=PASSES, seed=self.seed))
            if len(tried[0]) == sum(counts):
                return tried[0]
        kinds = [kind for kind, count in enumerate(counts) if count]
        if len(kinds) == 1:
            places = regular(hold, self.units[kinds[0]], counts[kinds[0]]).places
            tried.append([place._replace(kind=kinds[0]) for place in places])
        tried.append(self._blocks(hold, counts))
        return max(tried, key=lambda places: sum(unit_mm3(self.units[place.kind]) for place in places))

    def _blocks(self, hold: Hold, counts: Sequence[int]) -> list[Standing]:
        """What block building answers; empty where the checker objects."""
        units = [
            ("", replace(unit, id=str(kind), quantity=count))
            for kind, (unit, count) in enumerate(zip(self.units, counts, strict=True))
            if count
        ]
        found = fill(hold, units, work=self.work, seed=self.seed)
        places = [Standing(int(at.unit), at.x_mm, at.y_mm, at.z_mm, at.rotation) for at in found]
        placed = Counter(place.kind for place in places)
        cargo = [Cargo(order="", unit=replace(self.units[kind], quantity=count)) for kind, count in placed.items()]
        named = numbered(places, self.units, [0] * len(counts), "")
        return [] if check_load(Load(hold=hold, cargo=tuple(cargo)), named) else places

    def _lowered(self, places: list[Standing], counts: Sequence[int]) -> list[Standing]:
        """The same boxes with the top as low as found in a few halvings between volume and what it is."""
        if len(places) > UNITS_MOST:
            return places
        area_mm2 = self.hold.length_mm * self.hold.width_mm
        least_mm = -(-sum(unit_mm3(self.units[place.kind]) for place in places) // area_mm2)
        best, top_mm = places, self._top_mm(places)
        for _ in range(LOWER_STEPS):
            middle_mm = (least_mm + top_mm) // 2
            found = self.filler.fill(
                room_without_doors(replace(self.hold, height_mm=middle_mm)), counts, passes=PASSES, seed=self.seed
            )
            if len(found) == len(places):
                best, top_mm = found, self._top_mm(found)
            else:
                least_mm = middle_mm + 1
            if least_mm >= top_mm:
                break
        return best

    def _top_mm(self, places: Sequence[Standing]) -> int:
        return max(place.z_mm + edges_mm(self.units[place.kind], place.rotation)[2] for place in places)


def _on_deck(pallet: Pallet, units: Sequence[Unit], places: Sequence[Standing]) -> bool:
    """Whether enough of each box's base in the lowest layer is on the deck, where boxes may stand out."""
    out = pallet.overhang_mm
    deck = (out, out, out + pallet.length_mm, out + pallet.width_mm)
    for place in places:
        along, across, _ = edges_mm(units[place.kind], place.rotation)
        base = (place.x_mm, place.y_mm, place.x_mm + along, place.y_mm + across)
        if place.z_mm == 0 and overlap_mm2(base, deck) * 100 < pallet.support_percent * along * across:
            return False
    return True


def _loaded(pallet: Pallet, name: str, units: Sequence[Unit], places: Sequence[Standing]) -> Unit:
    """A loaded pallet from outside; its overhang counts where boxes may stand out."""
    on_top, bearing_g, top_mm = wrapped(pallet.hold, [(units[place.kind], place) for place in places])
    groups = {group for place in places for group in units[place.kind].groups}
    return Unit(
        id=name,
        length_mm=pallet.length_mm + 2 * pallet.overhang_mm,
        width_mm=pallet.width_mm + 2 * pallet.overhang_mm,
        height_mm=pallet.deck_mm + top_mm,
        weight_g=pallet.tare_g + sum(units[place.kind].weight_g for place in places),
        on_top=on_top,
        bearing_max_g=bearing_g,
        floor_only=not pallet.is_stackable,
        groups=tuple(sorted(groups)),
    )
