"""
Small days on the road of ``tests.solver.sharing.worlds`` (kilometre 0 the hub, 1 a kilometre, 60 s each), and splits of
them put together by hand, so that what a statement makes of a split is tested apart from how a split comes about.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from solver.assemble import assemble
from solver.compiled import Compiled
from solver.plan import Plan
from solver.problem import Order, Problem, Window
from solver.shares import Certificate, Gain, Rule, Share, Split, Verdict
from tests.solver.sharing.worlds import parcel, road

NOBODY = Gain(players=(), gain_minor=0)


def planned(problem: Problem, *routes: list[str]) -> Plan:
    """The plan with these routes of order ids, all deliveries, on the first vehicle type."""
    compiled = Compiled(problem)
    return assemble(compiled, [(0, tuple(2 * compiled.order_index[order] + 1 for order in route)) for route in routes])


def share(owner: str, alone: int, paid: int, incremental: int = 0, **changes: Any) -> Share:
    plain = {"low_minor": paid, "high_minor": paid}
    return Share(
        owner=owner,
        stand_alone_minor=alone,
        share_minor=paid,
        saving_minor=alone - paid,
        incremental_minor=incremental,
        **plain | changes,
    )


def split_of(*shares: Share, **changes: Any) -> Split:
    """A split with these shares; everything else as plain as can be."""
    cost = sum(entry.share_minor for entry in shares)
    plain: dict[str, Any] = {
        "rule": Rule.NUCLEOLUS,
        "rule_applied": Rule.NUCLEOLUS,
        "repaired": False,
        "currency": "VND",
        "cost_minor": cost,
        "shares": shares,
        "unions": (),
        "certificate": certificate_of(shares),
        "excess_max_minor": 0,
        "in_core": True,
        "individually_rational": True,
        "coalitions": 2 ** len(shares) - 1,
        "coalitions_proven": 2 ** len(shares) - 1,
        "pool_digest": "0" * 64,
        "seconds": 0.0,
        "plan": None,
    }
    return Split(**plain | changes)


def certificate_of(shares: tuple[Share, ...], verdict: Verdict = Verdict.STABLE) -> Certificate:
    masks = range(2 ** len(shares))
    costs = tuple(sum(s.stand_alone_minor for i, s in enumerate(shares) if mask >> i & 1) for mask in masks)
    return Certificate(
        players=tuple(entry.owner for entry in shares),
        cost_minor=sum(entry.share_minor for entry in shares),
        shares_minor=tuple(entry.share_minor for entry in shares),
        lower_minor=costs,
        upper_minor=costs,
        verdict=verdict,
        excess_max=NOBODY,
        gain_max=NOBODY,
        slack_minor=len(shares) - 1,
        weights=(),
        excess_least_minor=None,
        digest="c" * 64,
    )


def at(order: Order, *windows: tuple[int, int]) -> Order:
    """The same delivery within windows."""
    assert order.delivery is not None
    asked = msgspec.structs.replace(order.delivery, windows=tuple(Window(*window) for window in windows))
    return msgspec.structs.replace(order, delivery=asked)


def four_on_the_road() -> tuple[Problem, Plan, Split]:
    """
    A van is 40. Alone anna (10 km) pays 60, binh (20 km) 80, chi (30 km) 100, dung (40 km) 120: 360 together.

    One van takes all for 40 + 80 = 120, a third: 20, 27, 33 and 40. Without dung it would be 40 + 60 = 100, so dung adds
    20, the others nothing.
    """
    day = road(
        parcel("a", "anna", 10), parcel("b", "binh", 20), parcel("c", "chi", 30), parcel("d", "dung", 40), fixed=40
    )
    shares = (share("anna", 60, 20), share("binh", 80, 27), share("chi", 100, 33), share("dung", 120, 40, 20))
    return day, planned(day, ["a", "b", "c", "d"]), split_of(*shares)


def two_on_the_road() -> tuple[Problem, Plan, Split]:
    """A van is 40: anna (10 km) alone 60, binh (30 km) alone 100, both 100. They save 60, half each: 30 and 70."""
    day = road(parcel("a", "anna", 10), parcel("b", "binh", 30), fixed=40)
    return day, planned(day, ["a", "b"]), split_of(share("anna", 60, 30), share("binh", 100, 70, 40))


def some_on_the_road(others: Mapping[str, int]) -> tuple[Problem, Plan, Split]:
    """Anna (10 km), and others by name at so many kilometres; van 40; everybody pays a third, to see who sees what."""
    orders = [parcel("a", "anna", 10), *(parcel(f"{name} 1", name, km) for name, km in others.items())]
    day = road(*orders, fixed=40)
    shares = [share("anna", 60, 20)] + [share(name, 40 + 2 * km, (40 + 2 * km) // 3) for name, km in others.items()]
    return day, planned(day, [order.id for order in orders]), split_of(*sorted(shares, key=lambda s: s.owner))
