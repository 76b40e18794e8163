"""
A carrier's own tours.

Row-level security proves that a tour is the carrier's; the platform then reads that tour for it, as it does for a
driver who holds a link. A tour of somebody else, and one that is only planned, is as unknown as none at all.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from cluster.base import ids
from cluster.base.db import Connection, Scope, act_as, system_scope
from cluster.base.errors import NotFound
from cluster.dispatch import carrier_queries, documents, driving, proofs, queries, taking_queries, tours
from cluster.dispatch.carrier_models import CarrierTour, CarrierTours, CarrierWholeTour
from cluster.dispatch.carrier_queries import Asked
from cluster.dispatch.document_models import Label, Paper, PaperLanguage
from cluster.dispatch.event_models import PROOF_MAX_BYTES, Proof
from cluster.dispatch.models import LIVE, Tour, TourStatus
from cluster.dispatch.proofs import NewContent
from cluster.dispatch.queries import Wanted
from cluster.dispatch.reasons import Reason
from cluster.members import service as members

FIRST = UUID(int=0)
TOLD = tuple(name for name in CarrierTour.__struct_fields__ if name not in {"id", "status", "exception"})


async def page_of(db: Connection, scope: Scope, after: UUID, limit: int, asked: Asked) -> CarrierTours:
    """The calling carrier's tours, oldest first."""
    as_of = await carrier_queries.as_of(db)
    found = await carrier_queries.page_of(db, scope, after, limit + 1, asked)
    more = len(found) > limit
    own = found[:limit]
    work = system_scope(scope.cluster)
    await act_as(db, work)
    wanted = Wanted(tour_ids=own, carrier_id=scope.carrier_id)
    data = [_tour(row) for row in await queries.tour_rows(db, work, FIRST, limit, wanted)]
    next_cursor = ids.show("tor", own[-1]) if more else None
    return CarrierTours(data=data, next_cursor=next_cursor, has_more=more, as_of=as_of)


async def page_since(db: Connection, scope: Scope, after: UUID, limit: int, day: date) -> CarrierTours:
    """The calling carrier's tours of a day and later, oldest first."""
    return await page_of(db, scope, after, limit, Asked(service_date_from=day))


def _tour(row: Mapping[str, Any]) -> CarrierTour:
    return CarrierTour(
        id=ids.show("tor", row["tour_id"]),
        status=TourStatus(row["status"]),
        exception=None if row["exception"] is None else Reason(row["exception"]),
        **{name: row[name] for name in TOLD},
    )


async def prove(db: Connection, scope: Scope, tour_id: UUID) -> Scope:
    """
    Proves that a tour is the calling carrier's, and returns the scope in which the platform then looks at it.

    Raises
    ------
    NotFound
        When it is none of the carrier's, or only planned, or there is none.
    """
    if not await carrier_queries.prove(db, scope, [tour_id]):
        raise NotFound("tor")
    return system_scope(scope.cluster)


async def _row(db: Connection, scope: Scope, work: Scope, tour_id: UUID) -> Any:
    """A tour as the platform reads it: it must still be the carrier's, somebody may have awarded it meanwhile."""
    wanted = Wanted(tour_ids=[tour_id], carrier_id=scope.carrier_id)
    found = await queries.tour_rows(db, work, FIRST, 1, wanted)
    if not found:
        raise NotFound("tor")
    return found[0]


async def whole(db: Connection, scope: Scope, tour_id: UUID) -> CarrierWholeTour:
    """One of the calling carrier's tours with its stops, and when the vehicle is expected at those ahead."""
    work = await prove(db, scope, tour_id)
    row = await _row(db, scope, work, tour_id)
    cluster = await members.cluster_of(db, work)
    way = await driving.way_of(db, work, await tours.tour(db, work, tour_id))
    own = _tour(row)
    return CarrierWholeTour(
        id=own.id,
        version=own.version,
        tour=own,
        cluster_name=cluster.name,
        currency=cluster.currency,
        country_code=cluster.country_code,
        time_zone=cluster.time_zone,
        start=way.start,
        end=way.end,
        stops=way.stops,
        breaks=way.breaks,
        reasons=driving.CHOICES,
        proof_max_bytes=PROOF_MAX_BYTES,
    )


async def _own(db: Connection, scope: Scope, tour_id: UUID) -> tuple[Scope, Tour]:
    work = await prove(db, scope, tour_id)
    await _row(db, scope, work, tour_id)
    return work, await tours.tour(db, work, tour_id)


async def manifest(db: Connection, scope: Scope, tour_id: UUID, language: PaperLanguage) -> Paper:
    """The manifest of one of the calling carrier's tours; once it is over, without whom to ask for."""
    work, found = await _own(db, scope, tour_id)
    return await documents.manifest(db, work, tour_id, language, persons=found.status in LIVE)


async def waybills(db: Connection, scope: Scope, tour_id: UUID, language: PaperLanguage) -> Paper:
    """Waybills of one of the calling carrier's tours; once it is over, without whom to ask for."""
    work, _ = await _own(db, scope, tour_id)
    return await documents.waybills_on_the_road(db, work, tour_id, language)


async def loading_plan(db: Connection, scope: Scope, tour_id: UUID, language: PaperLanguage) -> Paper:
    """The loading plan of one of the calling carrier's tours."""
    work, _ = await _own(db, scope, tour_id)
    return await documents.loading_plan(db, work, tour_id, language)


async def labels(db: Connection, scope: Scope, tour_id: UUID) -> list[Label]:
    """Labels of all units on one of the calling carrier's tours."""
    work = await hold(db, scope, tour_id)
    return await documents.of_tour(db, work, tour_id)


async def hold(db: Connection, scope: Scope, tour_id: UUID) -> Scope:
    """
    Proves that a tour is the calling carrier's, and sees to it that it stays so until the transaction ends.

    Raises
    ------
    NotFound
        When it is none of the carrier's, or only planned, or there is none.
    """
    work = await prove(db, scope, tour_id)
    if not await taking_queries.hold(db, work, [tour_id], scope.carrier_id):
        raise NotFound("tor")
    return work


async def prove_visit(
    db: Connection, scope: Scope, tour_id: UUID, new: NewContent, content_type: str, raw: bytes
) -> Proof:
    """Keeps a photo or a signature of a visit on one of the calling carrier's tours."""
    work = await hold(db, scope, tour_id)
    return await proofs.add(db, work, tour_id, new, content_type, raw)
