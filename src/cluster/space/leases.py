"""Use cases of jointly rented space: what it costs, who is committed to it, and what stood there."""

from datetime import date
from uuid import UUID

from cluster.base import ids
from cluster.base.audit import record
from cluster.base.db import Connection, Scope
from cluster.base.errors import Conflict, FieldFault, Invalid, NotFound
from cluster.members import service as members
from cluster.members.platform import platform
from cluster.space import queries, split_queries
from cluster.space.offers import offer_row, owned
from cluster.space.split_models import CountSpace, SettleLease, SpaceCounted, SpaceLease, SpaceUnitsOf


async def settle_lease(db: Connection, scope: Scope, offer_id: UUID, body: SettleLease) -> SpaceLease:
    """
    What a jointly rented space costs and who is committed to it, in place of what was settled before.

    Raises
    ------
    Conflict
        ``space_not_joint`` for a member's own space.
    Invalid
        When more is committed than there is.
    NotFound
        When there is no such offer or member.
    """
    offer = await offer_row(db, scope, offer_id)
    if offer["owner_id"] is not None:
        raise Conflict("space_not_joint", "This space is a member's own; it has a rent by the day.")
    committed = sum(entry.units for entry in body.commitments)
    if committed > offer["units"]:
        cause = f"{committed} are committed, of {offer['units']}"
        fault = FieldFault(pointer="/commitments", code="out_of_range", cause=cause, cure="commit to less")
        raise Invalid([fault])
    for entry in body.commitments:
        await members.member(db, scope, ids.parse("mem", entry.member_id))
    await split_queries.settle_lease(db, scope, offer_id, body)
    await record(db, scope, "space.lease_settled", "spo", offer_id, {"committed": committed})
    return await lease(db, scope, offer_id)


async def lease(db: Connection, scope: Scope, offer_id: UUID) -> SpaceLease:
    """What an offer costs, and commitments: a member's own alone."""
    await offer_row(db, scope, offer_id)
    row = await split_queries.lease(db, scope, offer_id)
    committed = await split_queries.commitments(db, scope, offer_id)
    if row is None and scope.neutral:
        raise NotFound("spo")
    return SpaceLease(
        offer_id=ids.show("spo", offer_id),
        rent_month_minor=None if row is None else row["rent_month_minor"],
        running_month_minor=None if row is None else row["running_month_minor"],
        overflow_milli=None if row is None else row["overflow_milli"],
        relet_milli=None if row is None else row["relet_milli"],
        commitments=[SpaceUnitsOf(member_id=ids.show("mem", each), units=units) for each, units in committed.items()],
    )


async def count(db: Connection, scope: Scope, offer_id: UUID, body: CountSpace) -> SpaceCounted:
    """
    What stood in a space on a day, said by whose space it is or by the coordinator; the same again changes nothing.

    Raises
    ------
    Invalid
        For a day that has not come, or that the offer does not have.
    NotFound
        For a member that there is not.
    """
    offer = await owned(db, scope, offer_id)
    today = await queries.today(db, scope)
    last: date = min(today, offer["last_on"])
    if not offer["first_on"] <= body.day <= last:
        cure = f"give a day from {offer['first_on']} to {last}"
        raise Invalid([FieldFault(pointer="/day", code="out_of_range", cause=f"is {body.day}", cure=cure)])
    units = {ids.parse("mem", entry.member_id): entry.units for entry in body.counts}
    async with platform(db, scope) as acting:
        for member_id in units:
            await members.member(db, acting, member_id)
        await split_queries.count(db, acting, offer_id, body.day, units)
    return SpaceCounted(offer_id=ids.show("spo", offer_id), day=body.day, units=sum(units.values()))
