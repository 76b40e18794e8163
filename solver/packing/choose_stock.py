"""
What is to be packed, in numbers: kinds of unit, what must stay together, what goes as groupage together.

A content is an array of how many of each kind. Kinds that must share one container are a bundle; it is in a content
wholly or not at all. Consignments that bundles tie to each other are a party, and go as groupage together.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from solver.goods import Hold, Side, Unit, edges_mm
from solver.loads import PackProblem
from solver.packing.vector_kernel import Ints


class Kind(NamedTuple):
    """Units that are alike: of one consignment and one ``Unit``."""

    consignment: int
    unit: Unit
    stop: int
    volume_mm3: int


class Stock:
    """
    A question in numbers.

    Attributes
    ----------
    kinds, quantities
        Kinds, and how many of each, shape ``(kinds,)``.
    able
        Whether one unit of a kind goes into a container at all, shape ``(kinds, containers)``.
    bundle, bundles
        By kind its bundle or -1; by bundle its kinds.
    parties, fares
        Consignments that go as groupage together, and what that costs; only where all of them have a rate.
    """

    def __init__(self, problem: PackProblem) -> None:
        self.problem = problem
        self.holds = tuple(container.hold for container in problem.containers)
        self.kinds = tuple(
            Kind(number, unit, entry.to_stop, unit.length_mm * unit.width_mm * unit.height_mm)
            for number, entry in enumerate(problem.consignments)
            for unit in entry.units
        )
        self.quantities = np.array([kind.unit.quantity for kind in self.kinds], dtype=np.int64)
        self.volumes = np.array([kind.volume_mm3 for kind in self.kinds], dtype=np.int64)
        self.weights = np.array([kind.unit.weight_g for kind in self.kinds], dtype=np.int64)
        self.of_consignment = np.array([kind.consignment for kind in self.kinds], dtype=np.int64)
        self.able = np.array([[goes_in(kind.unit, hold) for hold in self.holds] for kind in self.kinds], dtype=np.bool_)
        self.able = self.able.reshape(len(self.kinds), len(self.holds))
        self.bundles = tuple(self._bundles())
        self.bundle = np.full(len(self.kinds), -1, dtype=np.int64)
        for number, members in enumerate(self.bundles):
            self.bundle[list(members)] = number
        self._close_bundles()
        self.parties, self.fares = self._parties()

    def room_mm3(self, type_: int) -> int:
        """Inner volume of a container."""
        hold = self.holds[type_]
        return hold.length_mm * hold.width_mm * hold.height_mm

    def volume_mm3(self, content: Ints) -> int:
        """Volume of a content."""
        return int(content @ self.volumes)

    def weight_g(self, content: Ints) -> int:
        """Weight of a content."""
        return int(content @ self.weights)

    def _bundles(self) -> Iterable[tuple[int, ...]]:
        """Kinds that share one container, by whole consignments and groups that are together."""
        sets = [
            [at for at, kind in enumerate(self.kinds) if kind.consignment == number]
            for number, entry in enumerate(self.problem.consignments)
            if entry.whole
        ]
        sets += [
            [at for at, kind in enumerate(self.kinds) if group in kind.unit.groups] for group in self.problem.together
        ]
        return joined(sets)

    def _close_bundles(self) -> None:
        """A bundle goes only where all of it goes by size, weight and volume, and if nothing in it is to be apart."""
        for at, kind in enumerate(self.kinds):
            if self.clashes_alone(kind.unit):
                self.able[at] = False
        for members in self.bundles:
            own = list(members)
            content = np.zeros_like(self.quantities)
            content[own] = self.quantities[own]
            able = self.able[own].all(axis=0)
            for type_, hold in enumerate(self.holds):
                heavy = hold.weight_max_g is not None and self.weight_g(content) > hold.weight_max_g
                if heavy or self.volume_mm3(content) > self.room_mm3(type_):
                    able[type_] = False
            self.able[own] = able & (not self.clashes(content))

    def clashes_alone(self, unit: Unit) -> bool:
        """Whether a unit is in two groups that are to be apart."""
        return any(one != other and {one, other} <= set(unit.groups) for one, other in self.problem.apart)

    def clashes(self, content: Ints) -> bool:
        """Whether units of a content are to be apart."""
        if not self.problem.apart:
            return False
        held: dict[str, int] = {}
        for at in np.flatnonzero(content).tolist():
            for group in set(self.kinds[at].unit.groups):
                held[group] = held.get(group, 0) + int(content[at])
        return any(
            held.get(one, 0) > 1 if one == other else held.get(one, 0) and held.get(other, 0)
            for one, other in self.problem.apart
        )

    def _parties(self) -> tuple[tuple[tuple[int, ...], ...], tuple[int, ...]]:
        consignments = self.problem.consignments
        ties = [sorted({self.kinds[at].consignment for at in members}) for members in self.bundles]
        parties, fares = [], []
        for party in joined([*ties, *([number] for number in range(len(consignments)))]):
            rates = [consignments[number].groupage_milli for number in party]
            if all(rate is not None for rate in rates):
                parties.append(party)
                fares.append(sum(rate or 0 for rate in rates))
        return tuple(parties), tuple(fares)

    def of_party(self, number: int) -> Ints:
        """All units of a party."""
        return np.where(np.isin(self.of_consignment, self.parties[number]), self.quantities, 0)

    def without_consignments(self, content: Ints, gone: set[int]) -> tuple[Ints, set[int]]:
        """
        A content without some consignments, and without bundles that they leave incomplete.

        Returns
        -------
        tuple
            What is left, and all consignments that can no longer be packed wholly although they have a rate: those
            gone, and others that bundles tied to them.
        """
        left, gone = content.copy(), set(gone)
        while True:
            left[np.isin(self.of_consignment, list(gone))] = 0
            for members in self.bundles:
                if (left[list(members)] < self.quantities[list(members)]).any():
                    left[list(members)] = 0
            short = np.flatnonzero(left < content).tolist()
            tied = {self.kinds[at].consignment for at in short} - gone
            tied = {number for number in tied if self.problem.consignments[number].groupage_milli is not None}
            if not tied:
                return left, gone
            gone |= tied


def joined(sets: Sequence[Sequence[int]]) -> list[tuple[int, ...]]:
    """Sets that share members made one; each sorted."""
    root: dict[int, int] = {}

    def find(item: int) -> int:
        while root.setdefault(item, item) != item:
            root[item] = root[root[item]]
            item = root[item]
        return item

    for members in sets:
        for item in members:
            root[find(item)] = find(members[0])
    found: dict[int, list[int]] = {}
    for item in sorted(root):
        found.setdefault(find(item), []).append(item)
    return [tuple(members) for members in found.values()]


def stands_in(unit: Unit, hold: Hold) -> bool:
    """Whether a unit is no larger than a hold some way that it may stand, and passes one of its doors."""
    for rotation in unit.rotations:
        along, across, up = edges_mm(unit, rotation)
        if along > hold.length_mm or across > hold.width_mm or up > hold.height_mm:
            continue
        ends = [(door.from_mm, hold.length_mm if door.to_mm is None else door.to_mm, door.side) for door in hold.doors]
        if not ends or any(side is Side.REAR or along <= end - start for start, end, side in ends):
            return True
    return False


def goes_in(unit: Unit, hold: Hold) -> bool:
    """Whether a unit alone is within a hold's size and weight; where it is not, it can never be in it."""
    return stands_in(unit, hold) and (hold.weight_max_g is None or unit.weight_g <= hold.weight_max_g)
