"""An allocation of space as text for a terminal."""

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from cluster.offline.figures import counted, money, percent, plain
from cluster.offline.tables import PLAIN_WIDTH, table
from solver.plan import Violation, minor
from solver.spaces import Allocation, Alternative, Change, SpaceProblem

ROWS_MAX = 40
"""Bookings that a terminal is told one by one; ``--json`` has them all."""


def show(problem: SpaceProblem, allocation: Allocation, violations: list[Violation]) -> None:
    """Print how full offers are, who stands where, who does not and what would help, and what is proven."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = PLAIN_WIDTH
    parts: list[RenderableType] = [_offers(problem, allocation)]
    if allocation.stays:
        parts.append(_stays(problem, allocation))
    if allocation.rejected:
        parts.append(_rejected(allocation))
    for count in (len(allocation.stays), len(allocation.rejected)):
        if count > ROWS_MAX:
            parts.append(Text(f"and {counted(count - ROWS_MAX, 'booking')} more; --json lists them all", style="dim"))
    console.print(Group(*parts, *_summary(allocation, violations)))


def _offers(problem: SpaceProblem, allocation: Allocation) -> Table:
    rows = table("Offers", ("offer", "dimension"), ("capacity", "used", "fullest day", "price of a day at most"))
    offers = {offer.id: offer for offer in problem.offers}
    for taken, priced in zip(allocation.occupied, allocation.prices, strict=True):
        offer = offers[taken.offer]
        capacity = offer.capacity[taken.dimension]
        days = taken.units[offer.first_day : offer.last_day + 1]
        used = sum(days) / max(capacity * len(days), 1)
        dearest = money(minor(max(priced.milli, default=0)), allocation.currency)
        names = (plain(taken.offer), plain(taken.dimension))
        rows.add_row(*(Text(cell) for cell in (*names, f"{capacity:,}", percent(used), f"{max(days):,}", dearest)))
    return rows


def _stays(problem: SpaceProblem, allocation: Allocation) -> Table:
    bookings = {booking.id: booking for booking in problem.bookings}
    rows = table("\nAccepted", ("booking", "owner", "offer", "need"), ("from day", "days"))
    for stay in allocation.stays[:ROWS_MAX]:
        booking = bookings[stay.booking]
        names = (plain(booking.id), plain(booking.owner), plain(stay.offer), _amounts(booking.need))
        rows.add_row(*(Text(cell) for cell in (*names, str(stay.first_day), str(booking.days))))
    return rows


def _rejected(allocation: Allocation) -> Table:
    rows = table("\nRejected", ("booking", "why", "nearest yes"), ())
    for entry in allocation.rejected[:ROWS_MAX]:
        nearest = _alternative(entry.nearest[0]) if entry.nearest else "none"
        rows.add_row(*(Text(cell) for cell in (plain(entry.booking), plain(entry.detail), nearest)))
    return rows


def _alternative(other: Alternative) -> str:
    """What is given up, where, from when."""
    what = {
        Change.DATES: f"{counted(abs(other.by), 'day')} {'later' if other.by > 0 else 'earlier'}",
        Change.SITE: "another site",
        Change.TEMPERATURE: "another temperature class",
        Change.NEED: f"{_amounts(other.need)} only",
        Change.DAYS: f"{counted(other.days, 'day')} only",
    }[other.change]
    return f"{what}: {plain(other.offer)} from day {other.first_day}"


def _amounts(need: dict[str, int]) -> str:
    return ", ".join(f"{amount:,} {plain(name)}" for name, amount in sorted(need.items()) if amount)


def _summary(allocation: Allocation, violations: list[Violation]) -> list[RenderableType]:
    worth, rent = (
        money(minor(milli), allocation.currency) for milli in (allocation.worth_milli, allocation.rent_milli)
    )
    proven = "proven best" if allocation.gap_percent <= 0 else f"at most {allocation.gap_percent:.1f} % below the best"
    lines: list[RenderableType] = [Text(f"\nWorth {worth} after a rent of {rent}; {proven}.")]
    lines += [Text(f"{plain(entry.where)}: {plain(entry.detail)} [{entry.code}]", style="red") for entry in violations]
    return lines
