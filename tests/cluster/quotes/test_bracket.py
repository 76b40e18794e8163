"""From figures to a bracket: coarse enough to tell nothing, honest about what it comes from."""

from hypothesis import given
from hypothesis import strategies as st

from cluster.quotes.bracket import LEAST, STEP, bracket, cell, rounded, stepped
from cluster.quotes.models import Basis

PARTS = st.floats(0, 3)
NUDGES = st.floats(-0.5, 0.5)


def test_a_pool_that_halves_the_cost_is_told_as_a_tenth_to_either_side() -> None:
    found = bracket(100_000, stepped(0.52, 0.0), [], None)
    assert (found.low_minor, found.high_minor) == (40_000, 60_000)
    assert found.basis == (Basis.ALONE, Basis.POOL)


def test_history_alone_tells_where_its_middle_half_lies() -> None:
    # sorted: 0.5 0.6 0.6 0.7 0.7 0.8 0.9 1.0; a quarter of eight is cut off at either end
    found = bracket(100_000, None, [0.9, 0.6, 0.7, 1.0, 0.5, 0.7, 0.6, 0.8], None)
    assert (found.low_minor, found.high_minor) == (60_000, 80_000)
    assert found.basis == (Basis.ALONE, Basis.HISTORY)


def test_pool_and_history_meet_in_the_middle() -> None:
    # the ends are the means of 0.4 and 0.6, and of 0.6 and 0.6: a quarter of four is cut off
    found = bracket(1000, stepped(0.5, 0.0), [0.6, 0.6, 0.6, 0.8], None)
    assert (found.low_minor, found.high_minor) == (500, 600)


def test_nobody_needs_to_pay_more_than_the_outside_option() -> None:
    found = bracket(100_000, stepped(0.9, 0.0), [], 70_000)
    assert (found.low_minor, found.high_minor) == (70_000, 70_000)
    assert Basis.OUTSIDE in found.basis


def test_with_nothing_to_go_by_there_is_the_cost_alone_and_no_bracket() -> None:
    found = bracket(100_000, None, [], 70_000)
    assert (found.low_minor, found.high_minor, found.basis) == (None, None, (Basis.ALONE,))
    assert bracket(None, 0.5, [0.5], 70_000).basis == ()


def test_neighbours_lie_in_one_cell() -> None:
    assert cell(10.8012, 106.6499) == cell(10.8099, 106.6401) == (10.805, 106.645)
    assert cell(10.8012, 106.6499) != cell(10.7999, 106.6499)
    assert cell(-0.001, -0.001) == (-0.005, -0.005)


@given(part=PARTS, nudge=NUDGES)
def test_what_is_told_of_a_pool_is_one_of_eight_steps(part: float, nudge: float) -> None:
    told = stepped(part, nudge)
    assert LEAST <= told <= 1
    assert abs(told / STEP - round(told / STEP)) < 1e-9


@given(part=st.floats(LEAST, 1), nudge=NUDGES)
def test_a_step_is_never_more_than_a_step_from_the_truth(part: float, nudge: float) -> None:
    assert abs(stepped(part, nudge) - part) <= STEP + 1e-9


@given(amount=st.integers(0, 10**12))
def test_amounts_have_two_figures_and_are_hardly_changed(amount: int) -> None:
    told = rounded(amount)
    assert len(str(told).rstrip("0")) <= 2
    assert abs(told - amount) <= 0.05 * amount + 0.5


@given(
    alone=st.integers(0, 10**9),
    part=st.none() | PARTS,
    history=st.lists(st.floats(0, 2), max_size=20),
    outside=st.none() | st.integers(0, 10**9),
)
def test_a_bracket_has_its_ends_in_order_and_stays_below_alone_and_outside(
    alone: int, part: float | None, history: list[float], outside: int | None
) -> None:
    found = bracket(alone, None if part is None else stepped(part, 0.0), history, outside)
    if found.low_minor is None or found.high_minor is None:
        assert part is None
        assert not history
        return
    assert 0 <= found.low_minor <= found.high_minor <= rounded(alone) + 1
    assert outside is None or found.high_minor <= max(outside, 0)
