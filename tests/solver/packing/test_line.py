import pytest
from msgspec.structs import replace

from solver.check_pack import check_packing
from solver.goods import UPRIGHT, Door, Hold, Rotation, Side, Unit
from solver.loads import Consignment, Container, PackProblem
from solver.packing.line import lies_on_a_line, packed_on_a_line

HOLD = Hold(length_mm=100, width_mm=10, height_mm=10, doors=())


def log(length_mm, quantity=1, **changes):
    return Unit(
        id=f"log {length_mm}",
        length_mm=length_mm,
        width_mm=6,
        height_mm=6,
        quantity=quantity,
        rotations=(Rotation.LWH,),
        **changes,
    )


def question(*units, hold=HOLD, **changes):
    container = Container(id="bin", hold=hold, cost_milli=1_000)
    return PackProblem(containers=(container,), consignments=(Consignment(id="logs", units=units, **changes),))


def test_logs_go_into_as_few_bins_as_their_lengths_allow():
    # 60 + 40, 55 + 45, 50 + 50: three bins of 100, all full.
    problem = question(log(60), log(55), log(50, 2), log(45), log(40))
    packing = packed_on_a_line(problem)
    assert packing is not None
    assert (len(packing.bins), packing.cost_milli, packing.bound_milli, packing.proved) == (3, 3_000, 3_000, True)
    assert check_packing(problem, packing) == []


def test_weight_counts_where_there_is_a_limit():
    # Two logs of 40 would lie in one bin, but weigh 12 g and it may carry 10.
    problem = question(log(40, 2, weight_g=6), hold=replace(HOLD, weight_max_g=10))
    packing = packed_on_a_line(problem)
    assert packing is not None
    assert len(packing.bins) == 2
    assert check_packing(problem, packing) == []


def test_the_cheaper_kind_of_container_is_taken_as_long_as_there_are_any():
    small = Container(id="small", hold=replace(HOLD, length_mm=50), cost_milli=100, count=1)
    problem = replace(question(log(50, 3)), containers=(*question().containers, small))
    packing = packed_on_a_line(problem)
    assert packing is not None
    assert sorted(entry.container for entry in packing.bins) == ["bin", "small"]
    assert packing.cost_milli == 1_100
    assert check_packing(problem, packing) == []


def test_what_is_longer_than_every_hold_is_left_to_others_to_explain():
    assert packed_on_a_line(question(log(101))) is None


NOT_ON_A_LINE = {
    "it may be turned": question(replace(log(40), rotations=UPRIGHT)),
    "two stand side by side": question(replace(log(40), width_mm=5)),
    "two stand on one another": question(replace(log(40), height_mm=5)),
    "it is wider than the hold": question(replace(log(40), width_mm=11)),
    "it has a group": question(replace(log(40), groups=("a",))),
    "it stays whole": question(log(40), whole=True),
    "it may go as groupage": question(log(40), groupage_milli=5),
    "only a side door": question(log(40), hold=replace(HOLD, doors=(Door(side=Side.LEFT, to_mm=50),))),
}


@pytest.mark.parametrize("name", NOT_ON_A_LINE)
def test_questions_of_another_kind_do_not_lie_on_a_line(name):
    assert not lies_on_a_line(NOT_ON_A_LINE[name])


def test_questions_of_this_kind_lie_on_a_line():
    assert lies_on_a_line(question(log(40)))
    assert lies_on_a_line(question(log(40), hold=replace(HOLD, doors=(Door(),))))
    two_stops = question(log(40))
    other = Consignment(id="later", units=(log(30),), to_stop=2)
    assert not lies_on_a_line(replace(two_stops, consignments=(*two_stops.consignments, other)))
