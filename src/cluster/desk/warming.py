"""
The door to the solver for getting ready: what the desk's helper processes do before anybody asks them anything.

Importing the solver and loading its compiled code take seconds. Everything is done once, on a day of two orders; the
first real question then takes as long as any other.
"""

import msgspec

from cluster.desk import reasons, rules
from cluster.desk.why_models import Stored
from cluster.planning.translate import packed
from solver.hand_edits import Move, Unplan
from solver.hands import Hand
from solver.plan import Budget, Plan
from solver.problem import Problem
from solver.routing.rich.example import tiny_day
from solver.solve import solve

__all__ = ["hands_ready", "reasons_ready", "rules"]

EFFORT = Budget(seconds=None, iterations=5, bound=False)


def _day() -> tuple[Problem, Plan]:
    problem = tiny_day()
    return problem, solve(problem, EFFORT).plan


def hands_ready() -> None:
    """For edits: a draft is opened, edited, judged, and asked where a shipment could go."""
    problem, plan = _day()
    hand = Hand(problem)
    state = hand.start(plan)
    hand.judgement(state)
    last = problem.orders[-1].id
    moved = hand.edited(state, Move(orders=(last,), route=state.routes[0].number, position=0))
    hand.judgement(moved)
    hand.route(moved, moved.routes[0].number)
    hand.alternatives(hand.edited(moved, Unplan(orders=(last,))), last)


def reasons_ready() -> None:
    """For explanations: a plan is taken apart, and asked why a shipment is where it is."""
    problem, plan = _day()
    problem_packed, digest = packed(problem)
    answer = msgspec.json.encode({"result": {"plan": plan, "bound_milli": 1}})
    stored = Stored(digest=digest, problem=problem_packed, answer=answer)
    reasons.anatomy(stored)
    reasons.why(stored, problem.orders[0].id)
