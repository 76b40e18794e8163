"""
Exact linear algebra and linear programs for a handful of unknowns, in whole numbers (Edmonds, Bareiss).

A system's inverse is kept as a table of integers over one common determinant, so that nothing is ever rounded: what is
a tie stays a tie, and the answer is the same on every machine.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import gcd, lcm
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.object_]


class Row(NamedTuple):
    """
    One equation or inequality: ``left`` times the unknowns equals ``right``, or is at least ``right``.

    ``name`` tells rows apart.
    """

    name: int
    left: tuple[int, ...]
    right: Fraction
    equal: bool


class Point(NamedTuple):
    """Values of all unknowns over one positive denominator, without a common divisor."""

    over: tuple[int, ...]
    under: int

    def values(self) -> list[Fraction]:
        """As fractions."""
        return [Fraction(value, self.under) for value in self.over]


class System:
    """
    Independent rows for ``size`` unknowns, so far maybe fewer than that.

    Where rows are wanting, unit rows hold their places: those places are *loose*.
    """

    def __init__(self, size: int) -> None:
        self.rows: list[Row | None] = [None] * size
        self._inverse: Whole = np.array([[int(i == j) for j in range(size)] for i in range(size)], dtype=object)
        self._inverse = self._inverse.reshape(size, size)
        self._determinant = 1

    def loose(self) -> list[list[int]]:
        """Integer vectors that span what is at right angles to all rows; empty once there are enough rows."""
        return [self._inverse[:, place].tolist() for place, row in enumerate(self.rows) if row is None]

    def extend(self, row: Row) -> bool:
        """Take a row in, unless it follows from those that are in."""
        products = self._products(row)
        places = [place for place, other in enumerate(self.rows) if other is None and products[place]]
        if not places:
            return False
        self._replace(min(places, key=lambda place: (abs(products[place]), place)), row, products)
        return True

    def point(self) -> Point:
        """Where all rows hold with equality; loose places count as 0."""
        rights = [Fraction(0) if row is None else row.right for row in self.rows]
        common = lcm(*(right.denominator for right in rights))
        whole = np.array([right.numerator * (common // right.denominator) for right in rights], dtype=object)
        over = self._inverse.dot(whole).tolist()
        under = self._determinant * common
        shared = gcd(under, *over)
        return Point(tuple(value // shared for value in over), under // shared)

    def _products(self, row: Row) -> list[int]:
        products: list[int] = np.array(row.left, dtype=object).dot(self._inverse).tolist()
        return products

    def _replace(self, place: int, row: Row, products: list[int]) -> None:
        """By Cramer's rule every entry is a minor of the rows: the division leaves no rest."""
        pivot = products[place]
        column = self._inverse[:, place].copy()
        fresh = (self._inverse * pivot - np.outer(column, np.array(products, dtype=object))) // self._determinant
        fresh[:, place] = column
        self._inverse, self._determinant = (fresh, pivot) if pivot > 0 else (-fresh, -pivot)
        self.rows[place] = row


class Program(System):
    """
    Least value of the last unknown under all rows, by the dual simplex method.

    ``rows`` are as many independent ones as there are unknowns, with no inequality's dual negative. What is violated at
    ``point()`` is handed to ``enter`` until nothing is. Ties are broken as if each of the first inequalities weighed a
    little in what is made least, each far less than the one before (Charnes's perturbation): then every step gets
    forward, and none leads round in a circle.
    """

    def __init__(self, size: int, rows: Iterable[Row]) -> None:
        super().__init__(size)
        for row in rows:
            self.extend(row)
        if None in self.rows or any(dual < 0 for row, dual in self.duals() if not row.equal):
            raise AssertionError("a program starts from independent rows whose duals are not negative")
        self._first = [np.array(row.left, dtype=object) for row in self.rows if row is not None and not row.equal]

    def duals(self) -> list[tuple[Row, Fraction]]:
        """What the least value rests on: each row's part in it."""
        parts = self._inverse[-1, :].tolist()
        return [
            (row, Fraction(part, self._determinant))
            for row, part in zip(self.rows, parts, strict=True)
            if row is not None
        ]

    def enter(self, row: Row) -> None:
        """
        Make a violated row hold.

        Raises
        ------
        ArithmeticError
            When no values of the unknowns fulfil all rows.
        """
        products = self._products(row)
        places = [
            place
            for place, other in enumerate(self.rows)
            if other is not None and not other.equal and products[place] > 0
        ]
        if not places:
            raise ArithmeticError("the rows contradict one another")
        weighed = iter(self._first)
        parts = self._inverse[-1, :].tolist()
        while len(places := _least_ratios(places, parts, products)) > 1:
            parts = next(weighed).dot(self._inverse).tolist()
        self._replace(places[0], row, products)


def _least_ratios(places: list[int], parts: list[int], products: list[int]) -> list[int]:
    ratios = [Fraction(parts[place], products[place]) for place in places]
    smallest = min(ratios)
    return [place for place, ratio in zip(places, ratios, strict=True) if ratio == smallest]


class Rows(Protocol):
    """The inequalities of a sequence of programs; coefficients of the level stand last."""

    def start(self, loose: Sequence[Sequence[int]]) -> Iterable[Row]:
        """
        Rows to start a program from, those that the known ones settle left out (at right angles to all of ``loose``).

        As many independent ones as are wanting and one more come among the first; the first two alone balance.
        """
        ...

    def violated(self, point: Point) -> Row | None:
        """A row that does not hold at a point, best the one furthest from it; None if all hold."""
        ...


def lexicographic(known: System, rows: Rows) -> list[tuple[Fraction, int]]:
    """
    The least level, then with what it settles the next, until one point is left; ``known`` ends as that point.

    Settled are rows with a positive dual: by complementary slackness they hold with equality in *every* optimum. To fix
    all that do so in the optimum at hand is the classic mistake (Guajardo & Jörnsten 2015).

    Returns
    -------
    list of (Fraction, int)
        Level and name of each row that was settled, in that order.

    Raises
    ------
    ArithmeticError
        When no point fulfils all rows.

    References
    ----------
    M. Guajardo, K. Jörnsten, Common mistakes in computing the nucleolus, EJOR 241, 2015.
    """
    settled: list[tuple[Fraction, int]] = []
    while loose := known.loose():
        program = least(known, rows, loose)
        level = program.point().values()[-1]
        for row, dual in program.duals():
            if dual and not row.equal:
                known.extend(Row(row.name, row.left[:-1], row.right - row.left[-1] * level, True))
                settled.append((level, row.name))
        if len(known.loose()) == len(loose):
            raise AssertionError("a program settled nothing that was not settled before")
    return settled


def least(known: System, rows: Rows, loose: Sequence[Sequence[int]]) -> Program:
    """The program of the least level at the known rows, solved: rows enter until none is violated."""
    fixed = [row._replace(left=(*row.left, 0)) for row in known.rows if row is not None]
    program = Program(len(known.rows) + 1, [*fixed, *rows.start(loose)])
    while (row := rows.violated(program.point())) is not None:
        program.enter(row)
    return program
