from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.sharing.exact import Point, Program, Row, System


def test_a_system_is_solved_in_fractions_and_knows_what_is_loose() -> None:
    # x + y = 1 alone leaves the way (1, -1) open; with 3 x = 1 there is one point.
    system = System(2)
    assert system.extend(Row(0, (1, 1), Fraction(1), True))
    (way,) = system.loose()
    assert way[0] == -way[1] != 0
    assert not system.extend(Row(1, (2, 2), Fraction(2), True))
    assert system.extend(Row(2, (3, 0), Fraction(1), True))
    assert system.loose() == []
    assert system.point() == Point((1, 2), 3)


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 6).flatmap(lambda n: st.lists(st.lists(st.integers(-9, 9), min_size=n, max_size=n), max_size=9)))
def test_a_system_takes_in_as_many_rows_as_are_independent(rows: list[list[int]]) -> None:
    size = len(rows[0]) if rows else 2
    system = System(size)
    taken = [row for row in rows if system.extend(Row(0, tuple(row), Fraction(sum(row)), True))]
    rank = np.linalg.matrix_rank(np.array(rows, dtype=float)) if rows else 0
    assert len(taken) == rank == size - len(system.loose())
    for way in system.loose():
        assert all(sum(a * b for a, b in zip(row, way, strict=True)) == 0 for row in rows)
    point = system.point().values()
    for row in taken:
        assert sum(a * b for a, b in zip(row, point, strict=True)) == sum(row)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(-5, 5), st.integers(-5, 5)), max_size=8))
def test_a_program_finds_the_least_of_all_corners(cuts: list[tuple[int, int]]) -> None:
    # level >= x, level >= -x, and level >= a x + b for each cut: the least is at a crossing of two lines.
    lines = [(1, 0), (-1, 0), *cuts]
    rows = [Row(name, (-slope, 1), Fraction(at), False) for name, (slope, at) in enumerate(lines)]
    program = Program(2, rows[:2])
    for _ in range(1000):
        x, level = program.point().values()
        broken = [row for row in rows if row.left[0] * x + level < row.right]
        if not broken:
            break
        program.enter(broken[0])
    crossings = [Fraction(b - d, c - a) for (a, b), (c, d) in combinations(lines, 2) if a != c]
    assert level == min(max(a * x + b for a, b in lines) for x in crossings)
    assert sum(dual for _, dual in program.duals()) == 1


def test_rows_that_contradict_one_another_are_refused() -> None:
    # level >= x >= 1 and level >= -x, but x at most 0.
    program = Program(2, [Row(0, (-1, 1), Fraction(0), False), Row(1, (1, 1), Fraction(0), False)])
    program.enter(Row(2, (1, 0), Fraction(1), False))
    with pytest.raises(ArithmeticError, match="contradict"):
        program.enter(Row(3, (-1, 0), Fraction(0), False))


def test_a_start_whose_duals_do_not_balance_is_refused() -> None:
    with pytest.raises(AssertionError, match="starts from"):
        Program(2, [Row(0, (-1, 1), Fraction(0), False), Row(1, (-2, 1), Fraction(0), False)])
