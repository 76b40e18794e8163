"""
Small loads decided: where everything stands, or a proof that it cannot.

The load becomes a constraint program that says exactly what ``solver.goods`` says, in whole millimetres. What is seldom
decisive comes in a second program, made where the first one's answer breaks it: the order of loading within a stop, and
weight borne, whose fractions a program of whole numbers states within rounding only. Every answer is held against both.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from solver.goods import Hold, Placement, Side
from solver.loads import Fit, Load, Verdict
from solver.packing.exact_items import (
    Balance,
    Item,
    Spot,
    Way,
    balances,
    bearing_content,
    expand,
    loading_order,
    overweight,
)
from solver.packing.exact_model import Model, break_symmetry, fill_levels, give_access, separate
from solver.packing.exact_rests import add_rests, balance, limit_borne, order_loading, support

UNITS_MAX = 40
"""Above this the program would be large and its end never seen."""
TIER = "exact"


def decide(load: Load, *, nodes: int = 200_000, seed: int = 0) -> Fit:
    """
    Whether a load fits, decided for up to about 18 units.

    Parameters
    ----------
    load
        A valid question.
    nodes
        Most dead ends that the search may run into, in each of up to three programs.
    seed
        The same load, nodes and seed give the same answer.

    Returns
    -------
    Fit
        ``fits`` with placements, ``proved_not``, or ``not_found`` where the nodes ran out, where there are more than
        ``UNITS_MAX`` units, or where weights borne meet their limits to within a thousandth of a gram.
    """
    items, reason = expand(load)
    axles = balances(load.hold.chassis, items)
    reason = reason or overweight(load.hold, items)
    if not reason and axles is None:
        reason = "no place for the load keeps every axle within its limits"
    if reason or axles is None:
        return Fit(verdict=Verdict.PROVED_NOT, tier=TIER, detail=reason)
    if not items:
        return Fit(verdict=Verdict.FITS, tier=TIER)
    if len(items) > UNITS_MAX:
        return _open(f"{len(items)} units are too many to decide")
    return _search(load.hold, items, axles, nodes, seed)


def _search(hold: Hold, items: Sequence[Item], axles: Sequence[Balance], nodes: int, seed: int) -> Fit:
    """Programs one after another, until one decides."""
    for full, strict in ((False, False), (True, False), (True, True)):
        model = _model(hold, items, axles, full=full, strict=strict)
        values = model.program.solve(nodes, seed)
        if values is True:
            return _open(f"undecided after {nodes} dead ends")
        if values is False:
            if strict:
                break
            return Fit(verdict=Verdict.PROVED_NOT, tier=TIER, detail="every arrangement breaks a rule")
        spots, ways = model.read(values)
        order = loading_order(hold, items, spots)
        if order is not None and bearing_content(items, spots):
            return Fit(verdict=Verdict.FITS, placements=_placements(spots, ways, order), tier=TIER)
    return _open("weights borne meet their limits to within rounding")


def _open(detail: str) -> Fit:
    return Fit(verdict=Verdict.NOT_FOUND, tier=TIER, detail=detail)


def _model(hold: Hold, items: Sequence[Item], axles: Sequence[Balance], *, full: bool, strict: bool) -> Model:
    """The program; ``full``: with the order of loading and what is borne, ``strict`` as in ``limit_borne``."""
    model = Model(hold, items)
    sides = {door.side for door in hold.doors}
    break_symmetry(model, x_free=not sides and hold.chassis is None, y_free=sides <= {Side.REAR})
    separate(model)
    give_access(model)
    if hold.support_percent > 0 or full:
        add_rests(model)
    support(model)
    balance(model, axles)
    fill_levels(model)
    if full:
        order_loading(model)
        limit_borne(model, strict=strict)
    return model


def _placements(spots: Sequence[Spot], ways: Sequence[Way], order: Sequence[int]) -> tuple[Placement, ...]:
    return tuple(
        replace(ways[number].placement, x_mm=spots[number].x, y_mm=spots[number].y, z_mm=spots[number].z)
        for number in order
    )
