"""
The checker of packings: nothing lost, nothing invented, every container as it may be, and the price right.

A second writing of the definitions in ``solver.loads``; shares no code with what packs.
"""

from collections import Counter
from collections.abc import Iterator

from solver.check_stow import boxes_of, stowage
from solver.goods import Unit
from solver.loads import Cargo, Consignment, Packing, PackProblem
from solver.plan import Violation


def check_packing(problem: PackProblem, packing: Packing) -> list[Violation]:
    """Everything wrong with a packing; empty when it is true to its question. Codes are listed in docs/faults.md."""
    found = [*_head(problem, packing), *_fleet(problem, packing), *_coverage(problem, packing)]
    found += [*_groupage(problem, packing), *_groups(problem, packing)]
    lines = _lines(problem)
    holds = {container.id: container.hold for container in problem.containers}
    for number, packed in enumerate(packing.bins):
        where = f"bins[{number}]"
        if not packed.placements:
            found.append(Violation(code="bin_empty", where=where, detail="nothing is in it"))
        known = dict.fromkeys((entry.order, entry.unit) for entry in packed.placements)
        cargo = [
            Cargo(order=key[0], unit=lines[key][1], to_stop=lines[key][0].to_stop) for key in known if key in lines
        ]
        boxes, wrong = boxes_of(cargo, packed.placements, where)
        found += wrong
        if packed.container in holds:
            found += stowage(holds[packed.container], boxes, where)
    return found


def _lines(problem: PackProblem) -> dict[tuple[str, str], tuple[Consignment, Unit]]:
    return {(entry.id, unit.id): (entry, unit) for entry in problem.consignments for unit in entry.units}


def _head(problem: PackProblem, packing: Packing) -> Iterator[Violation]:
    if packing.currency != problem.currency:
        yield Violation(code="currency_wrong", where="currency", detail=f"{packing.currency}, not {problem.currency}")
    costs = {container.id: container.cost_milli for container in problem.containers}
    sent = {entry.consignment for entry in packing.not_placed if entry.groupage}
    cost_milli = sum(costs.get(packed.container, 0) for packed in packing.bins)
    cost_milli += sum(entry.groupage_milli or 0 for entry in problem.consignments if entry.id in sent)
    if packing.cost_milli != cost_milli:
        detail = f"stated as {packing.cost_milli}, containers and groupage cost {cost_milli}"
        yield Violation(code="packing_cost_wrong", where="cost_milli", detail=detail)
    if packing.bound_milli > cost_milli:
        detail = f"a bound of {packing.bound_milli} above the cost of {cost_milli}"
        yield Violation(code="bounds_crossed", where="bound_milli", detail=detail)


def _fleet(problem: PackProblem, packing: Packing) -> Iterator[Violation]:
    """Containers of the catalogue, numbered from 1 to their count, each once."""
    counts = {container.id: container.count for container in problem.containers}
    seen: set[tuple[str, int]] = set()
    for number, packed in enumerate(packing.bins):
        where, name = f"bins[{number}]", packed.container
        most = counts.get(name)
        if name not in counts:
            yield Violation(code="container_unknown", where=where, detail=f"there is no container {name!r}")
        elif packed.number < 1 or (most is not None and packed.number > most):
            yield Violation(code="container_number", where=where, detail=f"no number {packed.number} of {name!r}")
        if (name, packed.number) in seen:
            yield Violation(code="container_repeated", where=where, detail=f"{name!r} number {packed.number} twice")
        seen.add((name, packed.number))


def _coverage(problem: PackProblem, packing: Packing) -> Iterator[Violation]:
    """Each unit in one place, or counted as not placed."""
    lines = _lines(problem)
    stood = Counter((entry.order, entry.unit, entry.number) for packed in packing.bins for entry in packed.placements)
    left: Counter[tuple[str, str]] = Counter()
    for index, entry in enumerate(packing.not_placed):
        key = (entry.consignment, entry.unit)
        if key not in lines or entry.quantity < 1:
            detail = f"{entry.quantity} of {entry.unit!r} of {entry.consignment!r}"
            yield Violation(code="unit_unknown", where=f"not_placed[{index}]", detail=detail)
        left[key] += entry.quantity
    placed: Counter[tuple[str, str]] = Counter()
    for (order, unit, number), times in sorted(stood.items()):
        name = f"{order}/{unit}#{number}"
        if (order, unit) not in lines or not 1 <= number <= lines[order, unit][1].quantity:
            yield Violation(code="unit_unknown", where="bins", detail=f"{name} is in no consignment")
        if times > 1:
            yield Violation(code="unit_repeated", where="bins", detail=f"{name} stands in {times} places")
        placed[order, unit] += 1
    for key, (_, asked) in lines.items():
        total = placed[key] + left[key]
        if total != asked.quantity:
            code = "unit_missing" if total < asked.quantity else "unit_repeated"
            detail = f"{key[0]}/{key[1]}: {placed[key]} placed and {left[key]} not placed, of {asked.quantity}"
            yield Violation(code=code, where="bins", detail=detail)


def _groupage(problem: PackProblem, packing: Packing) -> Iterator[Violation]:
    """All of a consignment goes as groupage or none of it, and only at a rate."""
    rated = {entry.id for entry in problem.consignments if entry.groupage_milli is not None}
    placed = {entry.order for packed in packing.bins for entry in packed.placements}
    sent = {entry.consignment for entry in packing.not_placed if entry.groupage}
    stay = {entry.consignment for entry in packing.not_placed if not entry.groupage}
    for name in sorted(sent - rated):
        yield Violation(code="groupage_wrong", where=f"consignment {name}", detail="it has no groupage rate")
    for name in sorted(sent & (placed | stay)):
        yield Violation(code="groupage_wrong", where=f"consignment {name}", detail="only a part goes as groupage")
    for name in sorted(rated & stay - sent):
        yield Violation(code="groupage_wrong", where=f"consignment {name}", detail="left behind though it has a rate")


def _groups(problem: PackProblem, packing: Packing) -> Iterator[Violation]:
    """Apart, together, whole."""
    lines = _lines(problem)
    homes: dict[str, set[int]] = {}
    orders: dict[str, set[int]] = {}
    for number, packed in enumerate(packing.bins):
        here: Counter[str] = Counter()
        for entry in packed.placements:
            orders.setdefault(entry.order, set()).add(number)
            if (entry.order, entry.unit) in lines:
                here.update(set(lines[entry.order, entry.unit][1].groups))
        for group in here:
            homes.setdefault(group, set()).add(number)
        for one, other in problem.apart:
            if (one != other and here[one] and here[other]) or (one == other and here[one] > 1):
                detail = f"units of {one!r} and {other!r} share a container"
                yield Violation(code="apart_broken", where=f"bins[{number}]", detail=detail)
    left = {entry.consignment for entry in packing.not_placed}
    keys = {(entry.consignment, entry.unit) for entry in packing.not_placed}
    behind = {group for key in keys if key in lines for group in lines[key][1].groups}
    for group in problem.together:
        if len(homes.get(group, ())) > 1 or (group in behind and homes.get(group)):
            yield Violation(code="together_broken", where="bins", detail=f"group {group!r} is divided")
    for consignment in problem.consignments:
        used = orders.get(consignment.id, set())
        if consignment.whole and (len(used) > 1 or (used and consignment.id in left)):
            detail = f"{consignment.id!r} is whole, and divided"
            yield Violation(code="whole_broken", where=f"consignment {consignment.id}", detail=detail)
