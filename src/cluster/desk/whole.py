"""The door to the solver for drafts as a whole: a state as an answer that can be explained, whatever it breaks."""

import msgspec
from msgspec import Struct

from cluster.desk.hands import Asked, Missing, Touched, all_routes, hand_of, state_of
from cluster.planning.translate import minor
from solver.cost import plan_terms_milli
from solver.plan import Plan, Reason, Unplanned


class Whole(Struct, frozen=True, kw_only=True):
    """A draft as an answer of the solver's (JSON), with its figures and routes. Nothing is proven about it."""

    answer: bytes
    currency: str
    cost_minor: int
    distance_m: int
    duration_s: int
    touched: tuple[Touched, ...]


def whole(asked: Asked, state: bytes) -> Whole | Missing:
    """Everything that a draft is, as if it were an answer."""
    hand = hand_of(asked)
    if hand is None:
        return Missing()
    drawn = state_of(state)
    told = hand.judgement(drawn)
    touched = all_routes(asked, state)
    assert not isinstance(touched, Missing), "the problem was here a moment ago"
    by_id = {order.id: order for order in hand.problem.orders}
    published = {entry.order for entry in hand.problem.published}
    judged = ((route.type_, hand.ground.possible(drawn, route).times.duration_s) for route in drawn.routes)
    longest, unused = plan_terms_milli(hand.ground.compiled, judged)
    plan = Plan(
        currency=hand.problem.currency,
        routes=tuple(entry.route for entry in touched),
        unplanned=tuple(
            Unplanned(
                order=order,
                reason=Reason.NOT_FOUND,
                detail="",
                cure="",
                outside_milli=by_id[order].outside_milli,
                change_milli=hand.problem.change_milli if order in published else 0,
            )
            for order in told.unplanned
        ),
        cost_milli=told.cost_milli,
        longest_milli=longest,
        unused_milli=unused,
    )
    return Whole(
        answer=msgspec.json.encode({"result": {"plan": plan, "bound_milli": 0}}),
        currency=plan.currency,
        cost_minor=minor(told.cost_milli),
        distance_m=told.distance_m,
        duration_s=told.duration_s,
        touched=touched,
    )
