"""A loaded hold seen from outside: what tables, JSON and drawings say of it, derived once."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from solver.check_stow import axle_loads_g
from solver.goods import Hold, OnTop, Placement, Rotation, Unit, edges_mm
from solver.loads import Cargo, Load, Packed, PackProblem
from solver.plan import Route
from solver.problem import Problem


class BoxView(Struct, frozen=True, kw_only=True):
    """
    One unit where it stands: its lowest corner, and its extent along x, y and z.

    ``on`` holds the positions, in the order of loading, of the units that it stands on; empty on the floor. On board
    from stop ``since`` to ``until``.
    """

    order: str
    unit: str
    number: int
    at_mm: tuple[int, int, int]
    edges_mm: tuple[int, int, int]
    rotation: Rotation
    weight_g: int
    on_top: OnTop
    since: int
    until: int
    on: tuple[int, ...] = ()

    @property
    def volume_mm3(self) -> int:
        """The space that it takes."""
        along, across, up = self.edges_mm
        return along * across * up


class AxleView(Struct, frozen=True, kw_only=True):
    """What rests on an axle, tare included, in whole grams; and the limits."""

    id: str
    load_g: int
    min_g: int
    max_g: int


class Moment(Struct, frozen=True, kw_only=True):
    """What is on board from one stop to the next."""

    stop: int
    units: int
    weight_g: int
    volume_mm3: int
    axles: tuple[AxleView, ...]


class LoadView(Struct, frozen=True, kw_only=True):
    """
    A hold with what stands in it.

    ``boxes`` are in the order of loading. ``moments`` has one entry for each stop at which something is loaded or
    unloaded, in order. ``stops`` names stops by their number, where they have names.
    """

    name: str
    hold: Hold
    boxes: tuple[BoxView, ...]
    moments: tuple[Moment, ...]
    stops: dict[int, str] = {}

    @property
    def capacity_mm3(self) -> int:
        """The space inside."""
        return self.hold.length_mm * self.hold.width_mm * self.hold.height_mm

    @property
    def volume_mm3(self) -> int:
        """The space taken at the fullest moment."""
        return max((moment.volume_mm3 for moment in self.moments), default=0)

    @property
    def weight_g(self) -> int:
        """The weight on board at the heaviest moment."""
        return max((moment.weight_g for moment in self.moments), default=0)

    @property
    def volume_share(self) -> float:
        """The part of the space that is taken at the fullest moment."""
        return self.volume_mm3 / self.capacity_mm3 if self.capacity_mm3 else 0.0

    @property
    def weight_share(self) -> float | None:
        """The part of the weight limit that is used at the heaviest moment; None without a limit."""
        return self.weight_g / self.hold.weight_max_g if self.hold.weight_max_g else None


def load_view(
    name: str, hold: Hold, cargo: Sequence[Cargo], placements: Sequence[Placement], stops: dict[int, str] | None = None
) -> LoadView:
    """A hold with units that stand as ``placements`` say; a placement of what is not cargo is left out."""
    lines = {(line.order, line.unit.id): line for line in cargo}
    known = [(entry, lines[entry.order, entry.unit]) for entry in placements if (entry.order, entry.unit) in lines]
    boxes = _with_supports([_box(entry, line) for entry, line in known])
    changes = sorted({stop for box in boxes for stop in (box.since, box.until)})
    moments = tuple(_moment(hold, boxes, stop) for stop in changes)
    return LoadView(name=name, hold=hold, boxes=boxes, moments=moments, stops=stops or {})


def view_of_load(load: Load, placements: Sequence[Placement]) -> LoadView:
    """The one hold of a question of loading."""
    return load_view("hold", load.hold, load.cargo, placements)


def views_of_bins(problem: PackProblem, bins: Sequence[Packed]) -> tuple[LoadView, ...]:
    """Every container of a packing, in its order."""
    holds = {container.id: container.hold for container in problem.containers}
    cargo = [
        Cargo(order=consignment.id, unit=unit, to_stop=consignment.to_stop)
        for consignment in problem.consignments
        for unit in consignment.units
    ]
    return tuple(
        load_view(f"{entry.container} {entry.number}", holds[entry.container], cargo, entry.placements)
        for entry in bins
    )


def view_of_route(problem: Problem, route: Route) -> LoadView | None:
    """A route's hold; None where its vehicle has none, or nothing stands in it. Stops count from 1, the start is 0."""
    hold = next((vehicle.hold for vehicle in problem.vehicle_types if vehicle.id == route.vehicle_type), None)
    if hold is None or not route.placements:
        return None
    stay = _stays(route)
    units: dict[str, tuple[Unit, ...]] = {order.id: order.units for order in problem.orders}
    cargo = [
        Cargo(order=order, unit=unit, from_stop=since, to_stop=until)
        for order, (since, until) in stay.items()
        for unit in units.get(order, ())
    ]
    names = {place.id: place.name or place.id for place in problem.places}
    stops = {number: names[stop.place] for number, stop in enumerate(route.stops, start=1)}
    return load_view(f"{route.vehicle_type} {route.vehicle}", hold, cargo, route.placements, stops)


def _stays(route: Route) -> dict[str, tuple[int, int]]:
    """From which stop to which an order's goods are on board; a hub is the start, the end, or a reload."""
    stays: dict[str, tuple[int, int]] = {}
    hub = 0
    collected: list[str] = []
    for number, stop in enumerate(route.stops, start=1):
        for visit in stop.visits:
            if visit.action == "pickup":
                stays[visit.order] = (number, len(route.stops) + 1)
                collected.append(visit.order)
            else:
                stays[visit.order] = (stays[visit.order][0] if visit.order in stays else hub, number)
        if stop.reload:
            hub = number
            for order in collected:
                stays[order] = (stays[order][0], min(stays[order][1], number))
            collected.clear()
    return stays


def _box(entry: Placement, line: Cargo) -> BoxView:
    return BoxView(
        order=entry.order,
        unit=entry.unit,
        number=entry.number,
        at_mm=(entry.x_mm, entry.y_mm, entry.z_mm),
        edges_mm=edges_mm(line.unit, entry.rotation),
        rotation=entry.rotation,
        weight_g=line.unit.weight_g,
        on_top=line.unit.on_top,
        since=line.from_stop,
        until=line.to_stop,
    )


def _with_supports(boxes: list[BoxView]) -> tuple[BoxView, ...]:
    """Every box with what it stands on while both are on board."""
    by_top: dict[int, list[int]] = {}
    for position, box in enumerate(boxes):
        by_top.setdefault(box.at_mm[2] + box.edges_mm[2], []).append(position)
    found = []
    for box in boxes:
        below = by_top.get(box.at_mm[2], []) if box.at_mm[2] else []
        on = tuple(position for position in below if _bears(boxes[position], box))
        found.append(replace(box, on=on))
    return tuple(found)


def _bears(lower: BoxView, upper: BoxView) -> bool:
    together = lower.since < upper.until and upper.since < lower.until
    return together and all(
        lower.at_mm[axis] < upper.at_mm[axis] + upper.edges_mm[axis]
        and upper.at_mm[axis] < lower.at_mm[axis] + lower.edges_mm[axis]
        for axis in (0, 1)
    )


def _moment(hold: Hold, boxes: Sequence[BoxView], stop: int) -> Moment:
    aboard = [box for box in boxes if box.since <= stop < box.until]
    weight_g = sum(box.weight_g for box in aboard)
    axles: tuple[AxleView, ...] = ()
    if hold.chassis is not None:
        moment = Fraction(sum(box.weight_g * (2 * box.at_mm[0] + box.edges_mm[0]) for box in aboard), 2)
        loads = axle_loads_g(hold.chassis, weight_g, moment)
        axles = tuple(
            AxleView(id=axle.id, load_g=round(load), min_g=axle.min_g, max_g=axle.max_g)
            for axle, load in zip(hold.chassis.axles, loads, strict=True)
        )
    volume_mm3 = sum(box.volume_mm3 for box in aboard)
    return Moment(stop=stop, units=len(aboard), weight_g=weight_g, volume_mm3=volume_mm3, axles=axles)


def as_drawn(view: LoadView) -> dict[str, Any]:
    """What a drawing needs, as JSON; boxes as short rows since there may be thousands."""
    hold = view.hold
    return {
        "name": view.name,
        "edges": [hold.length_mm, hold.width_mm, hold.height_mm],
        "weight_max_g": hold.weight_max_g,
        "doors": hold.doors,
        "chassis": hold.chassis,
        "stops": {str(number): name for number, name in view.stops.items()},
        "boxes": [
            [box.order, box.unit, box.number, *box.at_mm, *box.edges_mm, box.weight_g, box.since, box.until,
             box.on_top.value, box.on]
            for box in view.boxes
        ],
    }  # fmt: skip
