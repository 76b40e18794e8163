"""What a member may ask, and the answer: frozen, integers in whole minor units unless a name says otherwise."""

from msgspec import Struct

from solver.plan import Plan
from solver.problem import Problem

DAY_S = 86_400


class NotYours(Exception):
    """An order that is not the member's, or does not take part. Whether anybody else has it is not said."""


class Settled(Exception):
    """An order that a vehicle is bound to serve already."""


class StayOut(Struct, frozen=True, kw_only=True, tag="stay_out"):
    """What if none of my orders took part?"""


class WiderWindow(Struct, frozen=True, kw_only=True, tag="wider_window"):
    """
    What if these orders' services might begin earlier and later than their windows allow?

    ``orders`` are own ids, empty for all; ``earlier_s`` and ``later_s`` 0 to a day, not both 0. Opening hours of places
    stay as they are.
    """

    orders: tuple[str, ...] = ()
    earlier_s: int = 0
    later_s: int = 0

    def __post_init__(self) -> None:
        within = 0 <= self.earlier_s <= DAY_S and 0 <= self.later_s <= DAY_S
        if not within or not self.earlier_s + self.later_s:
            raise ValueError("a wider window begins earlier or ends later, by at most a day")


class DayLater(Struct, frozen=True, kw_only=True, tag="day_later"):
    """What if these orders (own ids, empty for all) went another day?"""

    orders: tuple[str, ...] = ()


Question = StayOut | WiderWindow | DayLater


class OtherDay(Struct, frozen=True, kw_only=True):
    """A day that orders might move to: its problem, without them, and its plan; places and tariffs are its own."""

    problem: Problem
    plan: Plan


class Answer(Struct, frozen=True, kw_only=True):
    """
    What would become of one member's own figures.

    Attributes
    ----------
    question, currency
        What was asked; ISO 4217.
    stand_alone_minor, share_minor
        Now.
    stand_alone_then_minor
        Of its orders as they then are; from its own part of the day alone.
    share_then_minor
        What it would pay, for a ``stay_out`` exactly its stand-alone cost; otherwise an estimate, ``change_minor`` away
        from today's.
    change_minor
        Rounded towards 0 to a multiple of ``grain_minor``: a smaller difference is not told.
    low_then_minor, high_then_minor
        What it adds to the others' cost, rounded down, and what it would pay alone: the rule stays between these. None
        where the rule does not, or fewer than three others took part.
    there_minor
        Of a ``day_later``: what the orders add to the other day's cost, rounded up; None where there is no such plan,
        or they find no room (``there_impossible``).
    there_impossible
        Whether the other day cannot take them.
    grain_minor
        Step of rounding; 0 where all figures are exact.
    """

    question: Question
    currency: str
    stand_alone_minor: int
    share_minor: int
    stand_alone_then_minor: int
    share_then_minor: int
    change_minor: int
    low_then_minor: int | None = None
    high_then_minor: int | None = None
    there_minor: int | None = None
    there_impossible: bool = False
    grain_minor: int
