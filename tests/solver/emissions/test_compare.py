"""Together beside alone, and the worked example of docs/emissions.md."""

from pathlib import Path

from solver.emissions import Method, compared
from tests.solver.emissions.worlds import TONNE_G, day, driving, goods, in_turn, method

DOCUMENT = Path(__file__).parents[3] / "docs" / "emissions.md"


def two():
    return day(goods("a", 2, 4 * TONNE_G), goods("b", 5, 2 * TONNE_G, owner="binh"))


def alone(problem):
    """Each of the two owners with a lorry of its own."""
    parts = {owner: problem.restricted_to(frozenset({owner})) for owner in ("anna", "binh")}
    return {owner: in_turn(part) for owner, part in parts.items()}


def test_the_worked_example_of_the_document_is_what_the_code_computes():
    problem = two()
    asked = Method(region="GB", year=2025, classes={"lorry": "rigid-17t"})
    found = compared(problem, in_turn(problem), alone(problem), asked)
    together = found.together
    figures = [
        *(together.ttw_mg, together.wtt_mg, together.wtw_mg, together.intensity_mg_tkm, found.saved_mg),
        *(number for entry in together.shipments for number in (entry.ttw_mg, entry.wtt_mg, entry.wtw_mg)),
        *(entry.alone_mg for entry in found.owners),
        *(abs(entry.saved_mg or 0) for entry in found.owners),
    ]
    # TTW: 10 km x 550,610 + (2 km x 0.6 + 3 km x 0.2) x 155,420 mg; WTT likewise with 132,070 and 37,740.
    assert figures[:3] == [5_785_856, 1_388_632, 7_174_488]
    # Alone: 4 km and 0.8 laden kilometres of the lorry; 10 km and 1 laden kilometre.
    assert [entry.alone_mg for entry in found.owners] == [2_326_776 + 558_472, 5_661_520 + 1_358_440]
    text = DOCUMENT.read_text("utf-8")
    assert [figure for figure in figures if f"{figure:,}" not in text] == []
    assert all(text.count(f"{number:,}") for number in (550_610, 155_420, 132_070, 37_740))


def test_all_save_together_though_one_bears_more_than_alone():
    problem = two()
    found = compared(problem, in_turn(problem), alone(problem), method())
    # Alone: 4 x 500 + 2 x 0.4 x 500 = 2,400 g and 10 x 500 + 5 x 0.2 x 500 = 5,500 g, a fifth more for the fuel; together 7,080 g
    assert [(entry.owner, entry.together_mg, entry.alone_mg) for entry in found.owners] == [
        ("anna", 3_146_666, 2_880_000),
        ("binh", 3_933_334, 6_600_000),
    ]
    assert [entry.saved_mg for entry in found.owners] == [-266_666, 2_666_666]
    assert found.saved_mg == 2_400_000


def test_nothing_is_saved_or_lost_where_the_two_carry_different_orders():
    problem = day(goods("a", 2, outside_milli=1), goods("b", 3), goods("c", 3, owner="binh"))
    plan = driving(problem, (0, (3, 5)))
    apart = {
        "anna": in_turn(problem.restricted_to(frozenset({"anna"}))),
        "binh": in_turn(problem.restricted_to(frozenset({"binh"}))),
    }
    found = compared(problem, plan, apart, method())
    anna, binh = found.owners
    assert (anna.saved_mg, anna.only_together, anna.only_alone) == (None, (), ("a",))
    assert binh.saved_mg is not None
    assert found.saved_mg is None


def test_the_whole_saving_is_said_only_where_everybody_was_compared():
    problem = two()
    found = compared(problem, in_turn(problem), {"binh": alone(problem)["binh"]}, method())
    assert [entry.owner for entry in found.owners] == ["binh"]
    assert found.saved_mg is None


def test_both_sides_count_in_the_dimension_of_the_shared_plan():
    problem = two()
    orders = [
        type(order)(id=order.id, owner=order.owner, delivery=order.delivery, load={**order.load, "volume_cm3": 5})
        for order in problem.orders
    ]
    orders[0] = type(orders[0])(id="a", owner="anna", delivery=orders[0].delivery, load={"volume_cm3": 5})
    problem = problem.replace(orders=tuple(orders))
    found = compared(problem, in_turn(problem), alone(problem), method())
    assert {account.quantity for account in (found.together, *found.alone.values())} == {"volume_cm3"}
