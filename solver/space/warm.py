"""Compile the kernels of space ahead of their first use."""

from solver.space.allocate import allocate
from solver.spaces import Booking, Offer, SpaceProblem


def warm() -> None:
    """Compile everything on a small problem; some ten seconds of one core the first time."""
    offer = Offer(id="offer", site="site", capacity={"pallet_places": 3}, last_day=5)
    bookings = tuple(
        Booking(
            id=f"booking {number}",
            owner="owner",
            need={"pallet_places": 2},
            earliest_day=number,
            days=2,
            value_milli=1000 + number,
        )
        for number in range(4)
    )
    allocate(SpaceProblem(offers=(offer,), bookings=bookings), seconds=None, work=10)
