"""
Answers to a member's "what if", by planning again for a moment.

Only two coalitions with the member in them are priced again, everybody and the member alone; the others without it cost
what they cost. What lies between is estimated as ``estimate.share_then`` says. Answers are rounded
(``guards.grain_minor``), so that asking again and again tells little of others; how often somebody may ask is for
whoever runs this to limit.
"""

from fractions import Fraction

import msgspec

from solver.compiled import Compiled
from solver.parts import Order, Visit, Window
from solver.plan import MILLI, Plan
from solver.pool import Pool
from solver.problem import Problem
from solver.routing.start import routes_of
from solver.shares import Split
from solver.statements import guards
from solver.statements.alone import stand_alone_plan
from solver.statements.elsewhere import added_milli
from solver.statements.estimate import Changed, keys_left, share_then
from solver.statements.evaluation import Version, compare
from solver.statements.own import own_orders, own_problem
from solver.statements.questions import Answer, DayLater, NotYours, OtherDay, Question, Settled, StayOut, WiderWindow
from solver.statements.statement import share_of


def what_if(
    problem: Problem,
    plan: Plan,
    pool: Pool | None,
    split: Split,
    member: str,
    question: Question,
    *,
    other_day: OtherDay | None = None,
    seed: int = 0,
) -> Answer:
    """
    What would become of one member's figures.

    Parameters
    ----------
    problem, plan, split
        The day, its plan, and how its cost was split.
    pool
        Routes of the problem known so far; None for those of the plan alone.
    member
        Who asks.
    question
        About its own orders.
    other_day
        For ``DayLater``: where the orders would go.
    seed
        Of the searches; to be the same for all questions, so that asking twice gives the same answer.

    Raises
    ------
    NoSuchMember
        When the split has no such share.
    NotYours
        When an order asked about is not the member's, or does not take part.
    Settled
        When an order that should leave is on its way already.
    """
    plan = split.plan or plan
    share = share_of(split, member)
    mine = own_orders(problem, plan, member)
    if isinstance(question, StayOut):
        return Answer(
            question=question,
            currency=split.currency,
            stand_alone_minor=share.stand_alone_minor,
            share_minor=share.share_minor,
            stand_alone_then_minor=share.stand_alone_minor,
            share_then_minor=share.stand_alone_minor,
            change_minor=share.stand_alone_minor - share.share_minor,
            grain_minor=0,
        )
    asked = _asked(mine, question.orders)
    if isinstance(question, WiderWindow):
        wider = {order.id: _wider(order, question) for order in asked}
        return _Case(problem, plan, pool, split, member, mine, seed).with_windows(question, wider)
    _refuse_settled(problem, asked)
    return _Case(problem, plan, pool, split, member, mine, seed).without(question, asked, other_day)


def _asked(mine: tuple[Order, ...], ids: tuple[str, ...]) -> tuple[Order, ...]:
    """The orders that a question is about."""
    known = {order.id for order in mine}
    if not known.issuperset(ids):
        raise NotYours("ask about orders of your own that take part in this day")
    return tuple(order for order in mine if not ids or order.id in ids)


def _refuse_settled(problem: Problem, orders: tuple[Order, ...]) -> None:
    leaving = {order.id for order in orders}
    for lock in problem.locks:
        if leaving.intersection(lock.orders) or any(visit.order in leaving for visit in lock.visits):
            raise Settled("a vehicle is bound to serve this order already")


def _wider(order: Order, question: WiderWindow) -> Order:
    """The order with all its windows wider; a visit without windows may begin at any time as it is."""

    def widened(visit: Visit | None) -> Visit | None:
        if visit is None:
            return None
        windows = tuple(
            Window(max(0, window.open_s - question.earlier_s), window.close_s + question.later_s)
            for window in visit.windows
        )
        return msgspec.structs.replace(visit, windows=windows)

    return msgspec.structs.replace(order, pickup=widened(order.pickup), delivery=widened(order.delivery))


class _Case:
    """One member's question about one day."""

    def __init__(
        self,
        problem: Problem,
        plan: Plan,
        pool: Pool | None,
        split: Split,
        member: str,
        mine: tuple[Order, ...],
        seed: int,
    ) -> None:
        self._plan, self._split, self._member, self._mine, self._seed = plan, split, member, mine, seed
        self._problem = problem
        self._known = () if pool is None else tuple(pool)
        self._compiled = Compiled(problem) if pool is None else pool.compiled
        self._share = share_of(split, member)
        out = {entry.order for entry in plan.unplanned if entry.outside_milli is None}
        self._taking_part = frozenset(index for order, index in self._compiled.order_index.items() if order not in out)

    def with_windows(self, question: WiderWindow, wider: dict[str, Order]) -> Answer:
        """Some of the member's orders with wider windows."""
        after = Compiled(self._problem.replace(orders=_replaced(self._problem.orders, wider)))
        everybody = self._saved_milli(Version(after, self._taking_part))
        own = Compiled(own_problem(self._problem, self._mine))
        own_after = Compiled(own_problem(self._problem, _replaced(self._mine, wider)))
        all_own = frozenset(range(len(self._mine)))
        alone = self._saved_alone_milli(own, Version(own_after, all_own))
        return self._answer(question, self._changed(everybody, alone, Fraction(1)))

    def without(self, question: DayLater, leaving: tuple[Order, ...], other_day: OtherDay | None) -> Answer:
        """Some of the member's orders on another day."""
        gone = frozenset(self._compiled.order_index[order.id] for order in leaving)
        everybody = self._saved_milli(Version(self._compiled, self._taking_part - gone))
        own = Compiled(own_problem(self._problem, self._mine))
        staying = frozenset(range(len(self._mine))) - {own.order_index[order.id] for order in leaving}
        alone = self._saved_alone_milli(own, Version(own, staying))
        left = keys_left(self._split.rule_applied, own, staying)
        answer = self._answer(question, self._changed(everybody, alone, left), all_gone=not staying)
        if other_day is None:
            return answer
        grain = max(answer.grain_minor, self._grain_there(other_day))
        added = added_milli(self._problem, other_day, leaving, seed=self._seed)
        there = None if added is None else guards.up(-(-added // MILLI), grain)
        return msgspec.structs.replace(answer, there_minor=there, there_impossible=added is None)

    def _saved_milli(self, after: Version) -> int:
        """By how much everybody's plan gets cheaper; not negative."""
        before = Version(self._compiled, self._taking_part)
        start = routes_of(self._compiled, self._plan)
        compared = compare(before, after, start, self._known, seed=self._seed)
        return max(0, compared.before.cost_milli - compared.after.cost_milli)

    def _saved_alone_milli(self, own: Compiled, after: Version) -> int:
        """By how much the member's own plan gets cheaper; not negative. Nothing of others goes into it."""
        start = routes_of(own, stand_alone_plan(own.problem, self._seed))
        compared = compare(Version(own, frozenset(range(len(self._mine)))), after, start, seed=self._seed)
        return max(0, compared.before.cost_milli - compared.after.cost_milli)

    def _changed(self, everybody_milli: int, alone_milli: int, left: Fraction | None) -> Changed:
        return Changed(
            share=self._share,
            cost_minor=self._split.cost_minor,
            alone_minor=sum(share.stand_alone_minor for share in self._split.shares),
            saved_milli=everybody_milli,
            saved_alone_milli=alone_milli,
            keys_left=left,
        )

    def _answer(self, question: Question, changed: Changed, *, all_gone: bool = False) -> Answer:
        share = self._share
        shares = self._split.shares
        grain = guards.grain_minor(shares, self._member, share.stand_alone_minor)
        then = 0 if all_gone else share_then(self._split.rule_applied, changed)
        change = -share.share_minor if all_gone else guards.towards_zero(then - share.share_minor, grain)
        limited = (
            guards.enough(shares, self._member) and changed.within_limits(self._split.rule_applied) and not all_gone
        )
        return Answer(
            question=question,
            currency=self._split.currency,
            stand_alone_minor=share.stand_alone_minor,
            share_minor=share.share_minor,
            stand_alone_then_minor=0 if all_gone else changed.alone_then_minor,
            share_then_minor=share.share_minor + change,
            change_minor=change,
            low_then_minor=guards.down(int(changed.incremental_then), grain) if limited else None,
            high_then_minor=changed.alone_then_minor if limited else None,
            grain_minor=grain,
        )

    def _grain_there(self, other_day: OtherDay) -> int:
        few = len(set(other_day.problem.owners) - {self._member}) < guards.OTHERS_MIN
        return guards.grain_of(self._share.stand_alone_minor, few=few)


def _replaced(orders: tuple[Order, ...], changed: dict[str, Order]) -> tuple[Order, ...]:
    return tuple(changed.get(order.id, order) for order in orders)
