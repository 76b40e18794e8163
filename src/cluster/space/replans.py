"""
Use cases of re-planning space, for the coordinator: proposed outside of any transaction, applied in one, whole or not.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from cluster.base import ids, outbox
from cluster.base.audit import record
from cluster.base.db import Connection, Database, Scope
from cluster.base.errors import Conflict, NotFound
from cluster.base.helper import Helper
from cluster.space import booking_queries, queries, replan_queries
from cluster.space.finding import Place, Wanted
from cluster.space.models import AskReplan, SpaceMove, SpaceReplan, SpaceReplanStatus, SpaceUnit
from cluster.space.replanning import Proposal, Standing, Unanswerable, proposal
from cluster.space.waiting import AT_ONCE, taken, told

CHANGED = "Bookings have changed since this was worked out; ask for another."


class _Content(msgspec.Struct, frozen=True, kw_only=True):
    """What is stored of a re-plan."""

    unit: SpaceUnit
    moves: list[SpaceMove]
    taken_in: list[SpaceMove]
    left_waiting: list[str]
    moves_minor: int
    worth_minor: int
    bound_minor: int


async def ask(database: Database, scope: Scope, helper: Helper, body: AskReplan) -> SpaceReplan:
    """
    Works out what would move so that those who wait find room, and stores it as a proposal.

    Raises
    ------
    Conflict
        ``space_not_replannable`` when prices are beyond reckoning.
    """
    async with database.unit(scope) as db:
        today = await queries.today(db, scope)
        zones = await queries.zones(db, scope, body.unit, today)
        standing = await replan_queries.standing(db, scope, body.unit, today)
        waiting = await booking_queries.waiting(db, scope, AT_ONCE)
    waiting = [(each, wanted) for each, wanted in waiting if wanted.unit is body.unit and wanted.latest_on >= today]
    try:
        found = await helper.ask(proposal, zones, standing, waiting, today, float(body.seconds))
    except Unanswerable as error:
        raise Conflict("space_not_replannable", str(error)) from None
    async with database.unit(scope) as db:
        held = await replan_queries.versions(db, scope, [each for each, _ in waiting])
        content = _content(body.unit, found, standing, dict(waiting), held)
        replan_id = ids.new()
        await replan_queries.insert(db, scope, replan_id, msgspec.to_builtins(content))
        return await replan(db, scope, replan_id)


def _content(
    unit: SpaceUnit,
    found: Proposal,
    standing: Sequence[Standing],
    waiting: Mapping[UUID, Wanted],
    versions: Mapping[UUID, int],
) -> _Content:
    by_id = {each.booking_id: each for each in standing}
    moves = [_move(booking_id, place, by_id[booking_id]) for booking_id, place in found.moved.items()]
    return _Content(
        unit=unit,
        moves=moves,
        taken_in=[
            _taken_in(booking_id, place, waiting[booking_id], versions.get(booking_id, 0))
            for booking_id, place in found.taken_in.items()
        ],
        left_waiting=[ids.show("spb", booking_id) for booking_id in found.left],
        moves_minor=sum(move.price_minor for move in moves),
        worth_minor=found.worth_minor,
        bound_minor=found.bound_minor,
    )


def _move(booking_id: UUID, place: Place, now: Standing) -> SpaceMove:
    return SpaceMove(
        booking_id=ids.show("spb", booking_id),
        member_id=_member(now.wanted),
        units=now.wanted.units,
        from_offer_id=ids.show("spo", now.offer_id),
        from_first_on=now.first_on,
        to_offer_id=ids.show("spo", place.offer_id),
        to_first_on=place.first_on,
        to_last_on=place.last_on,
        price_minor=now.price_minor,
        rent_minor=place.rent_minor,
        booking_version=now.version,
    )


def _taken_in(booking_id: UUID, place: Place, wanted: Wanted, version: int) -> SpaceMove:
    return SpaceMove(
        booking_id=ids.show("spb", booking_id),
        member_id=_member(wanted),
        units=wanted.units,
        from_offer_id=None,
        from_first_on=None,
        to_offer_id=ids.show("spo", place.offer_id),
        to_first_on=place.first_on,
        to_last_on=place.last_on,
        price_minor=0,
        rent_minor=place.rent_minor,
        booking_version=version,
    )


def _member(wanted: Wanted) -> str:
    assert wanted.member_id is not None, "stored bookings have a member"
    return ids.show("mem", wanted.member_id)


async def replan(db: Connection, scope: Scope, replan_id: UUID) -> SpaceReplan:
    """One re-plan."""
    row = await replan_queries.replan(db, scope, replan_id)
    if row is None:
        raise NotFound("spr")
    content = msgspec.convert(row["content"], _Content)
    return SpaceReplan(
        id=ids.show("spr", row["replan_id"]),
        status=SpaceReplanStatus(row["status"]),
        created_at=row["created_at"],
        applied_at=row["applied_at"],
        **{name: getattr(content, name) for name in content.__struct_fields__},
    )


async def apply(db: Connection, scope: Scope, replan_id: UUID) -> SpaceReplan:
    """
    Moves bookings as proposed, all or none; twice is the same as once.

    Raises
    ------
    Conflict
        ``space_changed`` when a booking or what is free is no longer as it was.
    """
    await queries.take_turn(db, scope)
    found = await replan(db, scope, replan_id)
    if found.status is SpaceReplanStatus.APPLIED:
        return found
    each = [*found.moves, *found.taken_in]
    held = await replan_queries.versions(db, scope, [ids.parse("spb", move.booking_id) for move in each])
    if any(held.get(ids.parse("spb", move.booking_id)) != move.booking_version for move in each):
        raise Conflict("space_changed", CHANGED)
    for move in found.moves:
        now = (await booking_queries.bookings(db, scope, UUID(int=0), 1, _only(move)))[0]
        assert now.offer_id is not None, "what has a place is not waiting"
        assert now.first_on is not None, "what has a place has days"
        assert now.last_on is not None, "what has a place has days"
        offer_id = ids.parse("spo", now.offer_id)
        await queries.take(db, scope, offer_id, now.first_on, now.last_on, -now.units)
    for move in each:
        await _put(db, scope, move)
    await replan_queries.applied(db, scope, replan_id)
    detail = {"moves": len(found.moves), "taken_in": len(found.taken_in), "moves_minor": found.moves_minor}
    await record(db, scope, "space.replanned", "spr", replan_id, detail)
    return await replan(db, scope, replan_id)


def _only(move: SpaceMove) -> booking_queries.BookingsWanted:
    return booking_queries.BookingsWanted(booking_id=ids.parse("spb", move.booking_id))


async def _put(db: Connection, scope: Scope, move: SpaceMove) -> None:
    place = Place(
        offer_id=ids.parse("spo", move.to_offer_id),
        first_on=move.to_first_on,
        last_on=move.to_last_on,
        rent_minor=move.rent_minor,
    )
    if not await taken(db, scope, place, move.units):
        raise Conflict("space_changed", CHANGED)
    booking_id = ids.parse("spb", move.booking_id)
    await booking_queries.put_in_place(db, scope, booking_id, place)
    topic = "space_booking.booked" if move.from_offer_id is None else "space_booking.moved"
    await outbox.emit(db, scope, booking_id, topic, told(place), ids.parse("mem", move.member_id))
