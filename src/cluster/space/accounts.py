"""What each member reserved, gave back and used of a space, day by day."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from cluster.base import ids
from cluster.space.split_models import SpaceAccount

Row = Mapping[str, Any]
Days = dict[UUID, list[int]]


def accounts_of(
    first_on: date,
    last_on: date,
    offer: Row,
    stays: Iterable[Row],
    counts: Iterable[Row],
    committed: Mapping[UUID, int],
) -> tuple[list[SpaceAccount], list[date]]:
    """
    Accounts of a period, and which of its days were counted.

    Reserved is what is booked, and what was given back too late and is still owed; at least what a member is committed
    to. Places that were given back and booked by others are owed by these alone: the places that bookings and places
    given back need beyond what there is are taken off the latter, in proportion. Used is what was counted; on days
    without any count what was booked.
    """
    days = (last_on - first_on).days + 1
    booked, late = _by_day(days), _by_day(days)
    for stay in stays:
        _add(booked[stay["member_id"]], first_on, stay["first_on"], stay["last_on"], stay["units"])
        after = max(stay["last_on"] + timedelta(days=1), stay["first_on"])
        _add(late[stay["member_id"]], first_on, after, stay["owed_on"], stay["units"])
    _let_again(booked, late, offer["units"], days)
    used, counted = _used(first_on, days, booked, counts)
    found = []
    for member in sorted({*booked, *late, *used, *committed}):
        bound = committed.get(member, 0)
        reserved = [max(a + b, bound) for a, b in zip(booked[member], late[member], strict=True)]
        if any(reserved) or any(used[member]):
            found.append(
                SpaceAccount(
                    member_id=ids.show("mem", member), reserved=reserved, released=late[member], used=used[member]
                )
            )
    return found, counted


def _by_day(days: int) -> Days:
    return defaultdict(lambda: [0] * days)


def _add(row: list[int], first_on: date, since: date, until: date, units: int) -> None:
    begin, end = max((since - first_on).days, 0), min((until - first_on).days + 1, len(row))
    for day in range(begin, end):
        row[day] += units


def _let_again(booked: Days, late: Days, units: int, days: int) -> None:
    """Takes what others booked again off what was given back."""
    for day in range(days):
        given = sum(row[day] for row in late.values())
        again = max(sum(row[day] for row in booked.values()) + given - units, 0)
        if again:
            for member, part in _in_proportion({who: row[day] for who, row in late.items()}, min(again, given)):
                late[member][day] -= part


def _in_proportion(units: Mapping[UUID, int], amount: int) -> Iterator[tuple[UUID, int]]:
    """An amount in proportion to whole units, none more than it has: by running sums."""
    total, so_far, passed = sum(units.values()), 0, 0
    for member in sorted(units):
        so_far += units[member]
        part = amount * so_far // total - passed
        passed += part
        yield member, part


def _used(first_on: date, days: int, booked: Days, counts: Iterable[Row]) -> tuple[Days, list[date]]:
    used = _by_day(days)
    counted = set()
    for entry in counts:
        counted.add(entry["day"])
        used[entry["member_id"]][(entry["day"] - first_on).days] = entry["units"]
    for member, row in booked.items():
        for day in range(days):
            if first_on + timedelta(days=day) not in counted:
                used[member][day] = row[day]
    return used, sorted(counted)
