"""Everything that can be wrong with a question of loading, found at once; codes in docs/faults.md."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from solver.check_stow import Box, stowage
from solver.faults import Fault
from solver.goods import Unit, edges_mm
from solver.loads import Load, PackProblem
from solver.validate_goods import UNITS_MAX, hold_faults, unit_faults, units_faults
from solver.validate_values import COST_MAX_MILLI, COUNT_MAX, fault, identifier, is_whole, number

VERSION = 1
STOPS_MAX = 10_000
STANDING = frozenset({"unit_outside", "units_overlap"})
"""What can be wrong with a part of a load whatever the rest of it is; support may be there too, and is not known."""


def faults_of_load(load: Load) -> list[Fault]:
    """All faults of a question of one hold; empty when it can be asked."""
    faults = [*hold_faults(load.hold, "hold"), *_count_faults(line.unit for line in load.cargo)]
    seen: dict[tuple[str, str], int] = {}
    for index, line in enumerate(load.cargo):
        where = f"cargo[{index}]"
        faults += [*identifier(f"{where}.order", line.order), *unit_faults(line.unit, f"{where}.unit")]
        if seen.setdefault((line.order, line.unit.id), index) != index:
            cause = f"unit {line.unit.id!r} of order {line.order!r} is cargo[{seen[line.order, line.unit.id]}] too"
            faults.append(fault("id_duplicate", f"{where}.unit.id", cause, "give each unit of an order its own id"))
        faults += number(f"{where}.from_stop", line.from_stop, STOPS_MAX)
        faults += number(f"{where}.to_stop", line.to_stop, STOPS_MAX)
        if line.to_stop <= line.from_stop:
            cause = f"it is unloaded at stop {line.to_stop}, loaded at stop {line.from_stop}"
            faults.append(fault("stay_reversed", where, cause, "give a later stop for unloading"))
    return faults or list(_fixed_faults(load))


def _fixed_faults(load: Load) -> Iterator[Fault]:
    """A partly loaded hold: known units, each once, turned as they may be, inside, and not in one another."""
    lines = {(line.order, line.unit.id): line for line in load.cargo}
    boxes: list[Box] = []
    stood: Counter[tuple[str, str, int]] = Counter()
    for index, entry in enumerate(load.fixed):
        where = f"fixed[{index}]"
        name = f"{entry.order}/{entry.unit}#{entry.number}"
        line = lines.get((entry.order, entry.unit))
        if line is None or not 1 <= entry.number <= line.unit.quantity:
            yield fault("fixed_wrong", where, f"{name} is not part of the cargo", "name a unit of cargo")
            continue
        stood[entry.order, entry.unit, entry.number] += 1
        if stood[entry.order, entry.unit, entry.number] > 1:
            yield fault("fixed_wrong", where, f"{name} stands in two places", "give each unit one place")
        if entry.rotation not in line.unit.rotations:
            cause = f"{name} stands {entry.rotation.value}, which its rotations leave out"
            yield fault("fixed_wrong", where, cause, "allow the rotation, or turn the unit")
        along, across, up = edges_mm(line.unit, entry.rotation)
        x, y, z = entry.x_mm, entry.y_mm, entry.z_mm
        boxes.append(Box(name, line.unit, x, y, z, x + along, y + across, z + up, line.from_stop, line.to_stop))
    for found in stowage(load.hold, boxes, "fixed"):
        if found.code in STANDING:
            yield fault("fixed_wrong", "fixed", found.detail, "give the places where they really stand")


def faults_of_pack(problem: PackProblem) -> list[Fault]:
    """All faults of a question of containers; empty when it can be asked."""
    faults = [*_head(problem), *_count_faults(unit for entry in problem.consignments for unit in entry.units)]
    for name in ("containers", "consignments"):
        first: dict[str, int] = {}
        for index, entry in enumerate(getattr(problem, name)):
            faults += identifier(f"{name}[{index}].id", entry.id)
            if first.setdefault(entry.id, index) != index:
                cause = f"{entry.id!r} is the id of {name}[{first[entry.id]}] too"
                cure = "give every entry of the list an id of its own"
                faults.append(fault("id_duplicate", f"{name}[{index}].id", cause, cure))
    for index, container in enumerate(problem.containers):
        where = f"containers[{index}]"
        faults += hold_faults(container.hold, f"{where}.hold")
        faults += number(f"{where}.cost_milli", container.cost_milli, COST_MAX_MILLI)
        if container.count is not None:
            faults += number(f"{where}.count", container.count, COUNT_MAX)
    for index, consignment in enumerate(problem.consignments):
        where = f"consignments[{index}]"
        faults += units_faults(consignment.units, f"{where}.units")
        faults += number(f"{where}.to_stop", consignment.to_stop, STOPS_MAX, least=1)
        if consignment.groupage_milli is not None:
            faults += number(f"{where}.groupage_milli", consignment.groupage_milli, COST_MAX_MILLI)
        if not consignment.units:
            cause = "a consignment without units"
            faults.append(fault("units_missing", f"{where}.units", cause, "give at least one unit, or leave it out"))
    return faults + list(_group_faults(problem))


def _head(problem: PackProblem) -> Iterator[Fault]:
    if re.fullmatch("[A-Z]{3}", problem.currency) is None:
        cause, cure = f"{problem.currency!r} is not three capital letters", "give an ISO 4217 code such as 'VND'"
        yield fault("currency_malformed", "currency", cause, cure)
    if problem.version != VERSION:
        yield fault("version_unknown", "version", f"version {problem.version!r} is not known", f"give {VERSION}")
    if not problem.containers:
        yield fault("no_containers", "containers", "there are no containers", "give at least one")


def _count_faults(units: Iterable[Unit]) -> Iterator[Fault]:
    """A limit for all units of a question, so that time and memory stay bounded."""
    total = sum(unit.quantity for unit in units if is_whole(unit.quantity))
    if total > UNITS_MAX:
        cure = "divide the question, or give pallets instead of boxes"
        yield fault("units_too_many", "$", f"{total} units, at most {UNITS_MAX} are taken", cure)


def _group_faults(problem: PackProblem) -> Iterator[Fault]:
    """Groups that somebody is in, and no unit that is to be together with one that it is to be apart from."""
    members: dict[str, list[frozenset[str]]] = {}
    for consignment in problem.consignments:
        for unit in consignment.units:
            # Several of them share a container as soon as they are together.
            for group in unit.groups:
                members.setdefault(group, []).extend([frozenset(unit.groups)] * min(unit.quantity, 2))
    for index, (one, other) in enumerate(problem.apart):
        for name in sorted({one, other} - members.keys()):
            yield fault("group_unknown", f"apart[{index}]", f"no unit is in group {name!r}", "name a group of units")
    for index, group in enumerate(problem.together):
        if group not in members:
            yield fault(
                "group_unknown", f"together[{index}]", f"no unit is in group {group!r}", "name a group of units"
            )
            continue
        present = Counter(name for groups in members[group] for name in groups)
        for one, other in problem.apart:
            if (one != other and present[one] and present[other]) or (one == other and present[one] > 1):
                cause = f"its units are in {one!r} and {other!r}, which are to be apart"
                yield fault("groups_contradict", f"together[{index}]", cause, "take one of the two rules out")
