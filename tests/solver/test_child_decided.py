"""What the solver's process makes of a plan that was decided on, and of a search that answers another question."""

import threading
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from solver import child
from solver.assemble import assemble
from solver.check import check
from solver.codec import problem_to_json
from solver.compiled import ACTIONS, Compiled
from solver.plan import MILLI, Action, Budget, Plan
from solver.problem import Problem, Window
from solver.shares import Rule
from solver.solve import UncheckedPlan
from tests.solver.sharing.worlds import parcel, road

# Four neighbours 10 km out: a van is 80, out and back 20. Any group pays 100.
DAY = road(*(parcel(name, name, 10) for name in ("anna", "binh", "chi", "dung")), fixed=80)
DELIVERED = ACTIONS.index(Action.DELIVERY)


def answered(problem: Problem, searched: Problem | None = None, **asked: Any) -> child.Answer:
    request = {"budget": Budget(seconds=1.0, cores=1), "seed": 1, "rule": Rule.NUCLEOLUS} | asked
    if searched is not None:
        request["searched"] = msgspec.Raw(problem_to_json(searched))
    return child._answer(child.Request(problem=msgspec.Raw(problem_to_json(problem)), **request), threading.Event())


def two_vans() -> Plan:
    """A plan that nobody would search for: two vans where one is enough."""
    return assemble(Compiled(DAY), [(0, (DELIVERED, 2 + DELIVERED)), (0, (4 + DELIVERED, 6 + DELIVERED))])


def test_a_plan_that_was_decided_on_is_split_as_it_is_though_a_better_one_is_known() -> None:
    plan = two_vans()
    answer = answered(DAY, fixed=plan)
    assert answer.result.plan == plan
    # Two vans at 100 each, shared by four that are alike.
    assert [share.share_minor for share in answer.split.shares] == [50, 50, 50, 50]
    assert answer.result.bound_milli <= 100 * MILLI
    assert answer.result.gap >= 0.5


def test_a_plan_that_was_decided_on_and_breaks_a_rule_is_not_given_out() -> None:
    plan = two_vans()
    with pytest.raises(UncheckedPlan):
        answered(DAY, fixed=replace(plan, cost_milli=plan.cost_milli - 1))


def test_a_search_at_other_prices_is_told_and_split_at_the_true_ones() -> None:
    dear = DAY.replace(vehicle_types=tuple(replace(van, km_milli=van.km_milli * 10) for van in DAY.vehicle_types))
    answer = answered(DAY, dear)
    assert answer.result.plan.cost_milli == 100 * MILLI
    assert sum(share.share_minor for share in answer.split.shares) == 100
    assert 0 < answer.result.bound_milli <= 100 * MILLI


def test_what_a_tighter_question_leaves_out_is_carried_where_the_true_one_can() -> None:
    never = tuple(replace(order, delivery=replace(order.delivery, windows=(Window(0, 0),))) for order in DAY.orders[:1])
    answer = answered(DAY, DAY.replace(orders=never + DAY.orders[1:]))
    assert not check(DAY, answer.result.plan)
    assert answer.result.plan.unplanned == ()
