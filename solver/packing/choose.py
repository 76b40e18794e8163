"""
Which containers hold these consignments at least cost: ``pack``, and ``divide`` for orders larger than a vehicle.
"""

import time
from collections.abc import Callable, Sequence

import numpy as np
from msgspec.structs import replace

from solver.faults import ProblemError
from solver.goods import Hold, Unit
from solver.loads import (
    Consignment,
    Container,
    NotPlaced,
    Packed,
    Packing,
    PackProblem,
)
from solver.packing.choose_search import Bin, Plan, Search
from solver.packing.choose_stock import Stock, goes_in, stands_in
from solver.packing.vector_kernel import Bools, Ints
from solver.validate_loads import faults_of_pack

WORK = 60_000
"""Thousands of blocks looked at, when nothing else is said: some seconds of one core."""


def pack(problem: PackProblem, *, seconds: float | None = None, work: int | None = None, seed: int = 0) -> Packing:
    """
    Pack consignments into containers: least volume left out first, then least cost.

    Parameters
    ----------
    problem
        The question.
    seconds
        Wall time after which the search ends as soon as everything has its place; None: ``work`` alone decides.
    work
        Thousands of blocks looked at (``solver.packing.fill``); None: 60,000. A first packing is always finished.
    seed
        The same work and seed give the same answer where no ``seconds`` cut it short.

    Returns
    -------
    Packing
        Everything placed, sent as groupage, or named with the reason why it is neither.

    Raises
    ------
    ProblemError
        With all faults, when the question cannot be asked.
    """
    faults = faults_of_pack(problem)
    if faults:
        raise ProblemError(faults)
    stock = Stock(problem)
    search = Search(stock, WORK if work is None else work, seed, _clock(seconds))
    plan = search.packed() if stock.kinds else Plan((), frozenset(), stock.quantities)
    bound = _bound(search, plan)
    plan = search.improve(plan, bound) if stock.kinds else plan
    return _answer(search, plan, _bound(search, plan))


def _clock(seconds: float | None) -> Callable[[], bool]:
    if seconds is None:
        return lambda: False
    end = time.perf_counter() + seconds
    return lambda: time.perf_counter() > end


def _bound(search: Search, plan: Plan) -> int:
    """
    What every packing costs at least that leaves out no more.

    What fits nowhere is left out by all. Where more is left, only volume counts: as much as that less.
    """
    stock = search.stock
    hopeless = ~stock.able.any(axis=1)
    content, forced = stock.without_consignments(np.where(hopeless, 0, stock.quantities), _forced(stock, hopeless))
    fares = sum(stock.problem.consignments[number].groupage_milli or 0 for number in forced)
    parties = [number for number, party in enumerate(stock.parties) if not forced & set(party)]
    lost = np.where(np.isin(stock.of_consignment, list(forced)), 0, stock.quantities - content)
    spare_mm3 = max(0, stock.volume_mm3(_left(search, plan)) - stock.volume_mm3(lost))
    if not content.any():
        return fares
    mix = search.mixer.best(content, search.limits, parties, spare_mm3=spare_mm3)
    return 0 if mix is None else mix.bound + fares


def _forced(stock: Stock, hopeless: Bools) -> set[int]:
    """Consignments with a rate of which a unit fits nowhere, and those that bundles tie to them."""
    consignments = stock.problem.consignments
    first = {
        number for number in stock.of_consignment[hopeless].tolist() if consignments[number].groupage_milli is not None
    }
    return stock.without_consignments(stock.quantities, first)[1]


def _left(search: Search, plan: Plan) -> Ints:
    """Units that are neither in a container nor sent."""
    stock = search.stock
    left = stock.quantities.copy()
    for entry in plan.bins:
        left = left - entry.content
    gone = {number for party in plan.sent for number in stock.parties[party]} | search.forced
    return np.where(np.isin(stock.of_consignment, list(gone)), 0, left)


def _answer(search: Search, plan: Plan, bound: int) -> Packing:
    stock, problem = search.stock, search.stock.problem
    left = _left(search, plan)
    cost = search.value(plan)[1]
    hopeless = bool((left[stock.able.any(axis=1)] > 0).any())
    return Packing(
        currency=problem.currency,
        bins=_bins(stock, plan.bins),
        not_placed=(*_sent(search, plan), *_outside(stock, left)),
        cost_milli=cost,
        bound_milli=min(bound, cost),
        proved=not hopeless and bound >= cost,
    )


def _bins(stock: Stock, bins: Sequence[Bin]) -> tuple[Packed, ...]:
    """Containers numbered by type, and units by kind over all of them."""
    numbers: dict[int, int] = {}
    units: dict[tuple[str, str], int] = {}
    packed = []
    for entry in bins:
        numbers[entry.type_] = numbers.get(entry.type_, 0) + 1
        placements = []
        for placement in entry.placements:
            key = (placement.order, placement.unit)
            units[key] = units.get(key, 0) + 1
            placements.append(replace(placement, number=units[key]))
        container = stock.problem.containers[entry.type_].id
        packed.append(Packed(container=container, number=numbers[entry.type_], placements=tuple(placements)))
    return tuple(packed)


def _sent(search: Search, plan: Plan) -> list[NotPlaced]:
    """Everything that goes as groupage."""
    stock = search.stock
    gone = {number for party in plan.sent for number in stock.parties[party]}
    found = []
    for number in sorted(gone | search.forced):
        entry = stock.problem.consignments[number]
        forced = number in search.forced
        found += [
            NotPlaced(
                consignment=entry.id,
                unit=unit.id,
                quantity=unit.quantity,
                reason="groupage_needed" if forced else "groupage_cheaper",
                detail="not all of the consignment goes into a container"
                if forced
                else f"groupage at {entry.groupage_milli} is no dearer than the containers it would need",
                cure="more or larger containers" if forced else "nothing to be done",
                groupage=True,
            )
            for unit in entry.units
        ]
    return found


def _outside(stock: Stock, left: Ints) -> list[NotPlaced]:
    """What is left out, each with its reason."""
    found = []
    for at in np.flatnonzero(left).tolist():
        kind = stock.kinds[at]
        reason, detail, cure = _why(stock, at)
        found.append(
            NotPlaced(
                consignment=stock.problem.consignments[kind.consignment].id,
                unit=kind.unit.id,
                quantity=int(left[at]),
                reason=reason,
                detail=detail,
                cure=cure,
            )
        )
    return found


def _why(stock: Stock, at: int) -> tuple[str, str, str]:
    """Reason, detail and cure for a kind of which something is left out."""
    unit = stock.kinds[at].unit
    edges = f"{unit.length_mm} x {unit.width_mm} x {unit.height_mm} mm"
    if not any(stands_in(unit, hold) for hold in stock.holds):
        return "unit_too_large", f"{edges} is larger than every hold or its doors", "a larger container, or turn it"
    if not any(goes_in(unit, hold) for hold in stock.holds):
        detail = f"{unit.weight_g} g is more than any container carries that is large enough"
        return "unit_too_heavy", detail, "a stronger container"
    if stock.clashes_alone(unit):
        return "apart_from_itself", "it is in two groups that are to be apart", "take it out of one of the groups"
    if not stock.able[at].any():
        detail = "what must share one container with it is too much for any, or is to be apart"
        return "bundle_too_large", detail, "allow the consignment or the group to be divided"
    return _no_room(stock)


def _no_room(stock: Stock) -> tuple[str, str, str]:
    if all(container.count is not None for container in stock.problem.containers):
        return "containers_exhausted", "the containers that there are have no room for it", "more containers"
    return "no_place_found", "no place was found, though none was proven impossible", "more time, or a larger container"


def divide(
    units: Sequence[Unit], hold: Hold, *, work: int | None = None, seed: int = 0
) -> tuple[tuple[Unit, ...], ...]:
    """
    Divide an order's units into parts that each fit one hold: several orders instead of one.

    Parameters
    ----------
    units
        Of one order, to one stop.
    hold
        Of the vehicles that there are.
    work
        As for ``pack``.

    Returns
    -------
    tuple of tuple of Unit
        Parts with quantities that sum to those given, each verified to fit an empty hold; empty where some unit fits
        in none.

    Raises
    ------
    ProblemError
        When units or hold are not valid.
    """
    problem = PackProblem(
        containers=(Container(id="hold", hold=hold, cost_milli=1),),
        consignments=(Consignment(id="order", units=tuple(units)),),
    )
    packing = pack(problem, work=work, seed=seed)
    if packing.not_placed:
        return ()
    by_id = {unit.id: unit for unit in units}
    parts = []
    for packed in packing.bins:
        counts: dict[str, int] = {}
        for placement in packed.placements:
            counts[placement.unit] = counts.get(placement.unit, 0) + 1
        parts.append(tuple(replace(by_id[name], quantity=count) for name, count in counts.items()))
    return tuple(parts)
