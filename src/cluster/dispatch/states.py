"""When a vehicle will be where, from what was planned and what has been reported."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct


class StopTimes(Struct, frozen=True, kw_only=True):
    """
    A stop as planned and as reported.

    ``begins_at`` is when the first service was planned to begin: later than the arrival where the vehicle was to wait.
    ``over`` says that every visit there has an outcome, the last of them at ``over_at``.
    """

    stop_no: int
    arrives_at: datetime
    begins_at: datetime
    departs_at: datetime
    arrived_at: datetime | None = None
    left_at: datetime | None = None
    over: bool = False
    over_at: datetime | None = None


def etas(
    stops: Sequence[StopTimes], starts_at: datetime, started_at: datetime | None, now: datetime
) -> dict[int, datetime]:
    """
    When the vehicle is expected at the stops that it has not reached, by their numbers.

    It drives and serves for as long as was planned, and waits where the plan had it wait for a window to open. What
    should have happened by ``now`` and was not reported happens now at the earliest.
    """
    ready = started_at or max(starts_at, now)
    before = starts_at
    found = {}
    for stop in stops:
        drive = max(stop.arrives_at - before, timedelta())
        before = stop.departs_at
        arrived = stop.arrived_at or (stop.over_at if stop.over else None)
        if arrived is None:
            arrived = max(ready + drive, now)
            if not stop.over:
                found[stop.stop_no] = arrived
        ready = stop.left_at or (stop.over_at if stop.over else None) or _leaves(stop, arrived, now)
    return found


def _leaves(stop: StopTimes, arrived: datetime, now: datetime) -> datetime:
    """When the vehicle will leave a stop that it has not left."""
    waits = stop.begins_at > stop.arrives_at
    begins = max(arrived, stop.begins_at) if waits else arrived
    return max(begins + (stop.departs_at - stop.begins_at), now)
