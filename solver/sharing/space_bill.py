"""
A bill for shared space in three parts: what was reserved, what was used, and what went beyond.

The cluster rents as many places as the joint peak of its members' reservations. Each day a member may use what it
reserved less what it released; what it uses beyond that is its overshoot. Overshoot goes into released places first (at
the price of re-letting, which those who released get), then into rented places that stand empty (at no price), and what
is left into space rented for the day.
"""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

import numpy as np
from msgspec import Struct

from solver.faults import Fault, ProblemError
from solver.plan import minor
from solver.shares import Rule
from solver.sharing.apportion import apportioned
from solver.sharing.game import PLAYERS_MAX
from solver.sharing.rules import split
from solver.sharing.space import EXACT_MAX, Places, peak_game
from solver.validate_values import COST_MAX_MILLI, QUANTITY_MAX, fault, identifier, is_whole, number

DAYS_MAX = 3_660


class SpaceUse(Struct, frozen=True, kw_only=True):
    """
    A member's space, day by day, whole places; all members' days are the same.

    ``released_places`` is what it gave back beforehand of its reservation, none where it is empty.
    """

    member: str
    reserved_places: tuple[int, ...]
    used_places: tuple[int, ...]
    released_places: tuple[int, ...] = ()


class SpaceTariff(Struct, frozen=True, kw_only=True):
    """
    Prices of space.

    Attributes
    ----------
    peak_minor
        A place rented for the whole period.
    day_milli
        A place used for a day: handling and heating.
    overflow_milli
        A place rented for one day beyond those.
    relet_milli
        What a released place is let for on one day.
    """

    peak_minor: int
    day_milli: int = 0
    overflow_milli: int = 0
    relet_milli: int = 0


class SpaceShare(Struct, frozen=True, kw_only=True):
    """
    One member's bill; ``share_minor`` is the sum of the five parts.

    ``reserved_minor`` for its part of the rented places, ``days_minor`` for places used, ``overflow_minor`` for places
    rented for the day and ``relet_minor`` for released places of others, both because it overshot; ``credit_minor`` (0
    or less) for places that it released and that were let again.
    """

    member: str
    reserved_minor: int
    days_minor: int
    overflow_minor: int
    relet_minor: int
    credit_minor: int
    share_minor: int


class SpaceBill(Struct, frozen=True, kw_only=True):
    """
    Shares, sorted by member, and what they sum to.

    ``rented_places`` is the joint peak of reservations; ``cost_minor`` what the cluster pays for them, for use and for
    overflow. What was let again goes from member to member, and what was let to others (``let_minor``) comes off.
    """

    rule: Rule
    rented_places: int
    cost_minor: int
    let_minor: int
    shares: tuple[SpaceShare, ...]


def space_bill(
    uses: Sequence[SpaceUse], tariff: SpaceTariff, rule: Rule, *, let_places: Sequence[int] = ()
) -> SpaceBill:
    """
    Who pays what for shared space.

    1. Reserved: the peak game of reservations (``peak_game``) under ``rule``, owed whether used or not.
    2. Used: places times days, in proportion.
    3. Overflow and re-letting: each day's cost to those who overshot on that day, in proportion to their overshoot; the
       money for released places to those who released, in proportion to what they released that day.

    Each part is rounded once, over the whole period, and sums exactly. Somebody has overshot on every day with
    overflow: use beyond the joint peak of reservations is beyond somebody's own.

    Parameters
    ----------
    uses
        By member; at most ``PLAYERS_MAX``.
    rule
        Of the reserved part: one that wants nothing but the game.
    let_places
        By day, released places that were let to others than members; none where it is empty.

    Raises
    ------
    ProblemError
        With all that is wrong with the input.
    """
    faults = list(_faults(uses, tariff, let_places))
    if faults:
        raise ProblemError(faults)
    uses = sorted(uses, key=lambda use: use.member)
    members = [use.member for use in uses]
    days = len(uses[0].reserved_places) if uses else 0
    reserved, used = (
        _table(uses, days, lambda use: use.reserved_places),
        _table(uses, days, lambda use: use.used_places),
    )
    released = _table(uses, days, lambda use: use.released_places or (0,) * days)
    let = np.array(let_places or (0,) * days, dtype=np.int64)
    game = peak_game(members, reserved, tariff.peak_minor)
    rented = max((int(total) for total in reserved.sum(axis=0)), default=0)
    over = np.maximum(used - (reserved - released), 0)
    taken = np.minimum(over.sum(axis=0), released.sum(axis=0) - let)
    beyond = np.maximum(used.sum(axis=0) + let - rented, 0)
    days_minor = minor(int(used.sum()) * tariff.day_milli)
    overflow_minor, relet_minor = (
        minor(int(beyond.sum()) * tariff.overflow_milli),
        minor(int(taken.sum()) * tariff.relet_milli),
    )
    let_minor = minor(int(let.sum()) * tariff.relet_milli)
    parts = zip(
        members,
        split(game, rule).minor,
        apportioned(members, [int(row.sum()) for row in used], days_minor),
        apportioned(members, _by_day(over, beyond), overflow_minor),
        apportioned(members, _by_day(over, taken), relet_minor),
        apportioned(members, _by_day(released, taken + let), -relet_minor - let_minor),
        strict=True,
    )
    return SpaceBill(
        rule=rule,
        rented_places=rented,
        cost_minor=int(game.cost[-1]) + days_minor + overflow_minor,
        let_minor=let_minor,
        shares=tuple(_share(*part) for part in parts),
    )


def _share(member: str, reserved: int, days: int, overflow: int, relet: int, credit: int) -> SpaceShare:
    return SpaceShare(
        member=member,
        reserved_minor=reserved,
        days_minor=days,
        overflow_minor=overflow,
        relet_minor=relet,
        credit_minor=credit,
        share_minor=reserved + days + overflow + relet + credit,
    )


def _table(uses: Sequence[SpaceUse], days: int, places: Callable[[SpaceUse], tuple[int, ...]]) -> Places:
    return np.array([places(use) for use in uses], dtype=np.int64).reshape(len(uses), days)


def _by_day(causes: Places, amounts: Places) -> list[Fraction]:
    """Each day's amount in proportion to that day's causes, summed over days, exactly; by member."""
    parts = [Fraction(0)] * len(causes)
    for day in np.flatnonzero(amounts).tolist():
        total = int(causes[:, day].sum())
        for member in np.flatnonzero(causes[:, day]).tolist():
            parts[member] += Fraction(int(amounts[day]) * int(causes[member, day]), total)
    return parts


def _faults(uses: Sequence[SpaceUse], tariff: SpaceTariff, let_places: Sequence[int]) -> Iterator[Fault]:
    if len(uses) > PLAYERS_MAX:
        yield fault("players_too_many", "uses", f"{len(uses)} members", f"at most {PLAYERS_MAX}: unite small ones")
    for name in ("peak_minor", "day_milli", "overflow_milli", "relet_milli"):
        yield from number(f"tariff.{name}", getattr(tariff, name), COST_MAX_MILLI)
    days = len(uses[0].reserved_places) if uses else 0
    seen: set[str] = set()
    for at, use in enumerate(uses):
        yield from identifier(f"uses[{at}].member", use.member)
        if use.member in seen:
            yield fault("id_duplicate", f"uses[{at}].member", f"{use.member!r} stands twice", "one entry a member")
        seen.add(use.member)
        yield from _place_faults(f"uses[{at}].reserved_places", use.reserved_places, days)
        yield from _place_faults(f"uses[{at}].used_places", use.used_places, days)
        if use.released_places:
            yield from _place_faults(f"uses[{at}].released_places", use.released_places, days)
    if let_places:
        yield from _place_faults("let_places", let_places, days)
    rows = [row for use in uses for row in (use.reserved_places, use.used_places, use.released_places)]
    rows.append(tuple(let_places))
    if all(is_whole(value) for row in rows for value in row) and is_whole(tariff.peak_minor):
        yield from _release_faults(uses, let_places)
        peaks = sum(max(use.reserved_places, default=0) for use in uses)
        if peaks * max(tariff.peak_minor, 1) > EXACT_MAX:
            yield fault("cost_overflow", "tariff.peak_minor", "the price of all peaks passes 2**53", "a coarser unit")


def _place_faults(where: str, places: Sequence[int], days: int) -> Iterator[Fault]:
    if len(places) != days or days > DAYS_MAX:
        cause = f"{len(places)} days, where the first member's reservation has {days}"
        yield fault("days_differ", where, cause, f"the same days for everybody, at most {DAYS_MAX}")
    for day, value in enumerate(places):
        yield from number(f"{where}[{day}]", value, QUANTITY_MAX // 10**3)


def _release_faults(uses: Sequence[SpaceUse], let_places: Sequence[int]) -> Iterator[Fault]:
    """Nobody gives back more than it has, and no more is let than was given back."""
    for at, use in enumerate(uses):
        for day, (had, gave) in enumerate(zip(use.reserved_places, use.released_places, strict=False)):
            if gave > had:
                cause = f"{gave} released of {had} reserved"
                yield fault("released_beyond_reserved", f"uses[{at}].released_places[{day}]", cause, f"at most {had}")
    for day, let in enumerate(let_places):
        given = sum(use.released_places[day] for use in uses if day < len(use.released_places))
        if let > given:
            cause = f"{let} let of {given} released"
            yield fault("let_beyond_released", f"let_places[{day}]", cause, f"at most {given}")
