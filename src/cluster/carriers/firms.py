"""Use cases of carriers: added, changed, suspended, with their papers and keys."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from msgspec import structs

from cluster.base import ids
from cluster.base.audit import record
from cluster.base.db import Connection, Role, Scope
from cluster.base.errors import Conflict, NotFound
from cluster.base.etags import Outdated, must_match
from cluster.base.pages import Page, page
from cluster.carriers import firm_queries, service
from cluster.carriers.firm_models import (
    AddCarrier,
    AddPaper,
    Carrier,
    ChangeCarrier,
    NewCarrierKey,
    Paper,
    WhoseVehicles,
)
from cluster.carriers.models import VehicleType
from cluster.members import keys
from cluster.members.models import IssuedKey

NIL = UUID(int=0)


async def add(db: Connection, scope: Scope, body: AddCarrier) -> Carrier:
    """
    Adds a carrier.

    Raises
    ------
    Conflict
        ``carrier_code_taken``.
    """
    carrier_id = ids.new()
    if not await firm_queries.insert_carrier(db, scope, carrier_id, body):
        raise Conflict("carrier_code_taken", f"There is a carrier with code {body.code} already.")
    await record(db, scope, "carrier.added", "car", carrier_id, {"code": body.code})
    return await carrier(db, scope, carrier_id)


async def list_carriers(db: Connection, scope: Scope, after: UUID, limit: int) -> Page[Carrier]:
    """Carriers of the cluster."""
    return page(await firm_queries.carriers(db, scope, after, limit + 1), limit)


async def carrier(db: Connection, scope: Scope, carrier_id: UUID) -> Carrier:
    """
    One carrier.

    Raises
    ------
    NotFound
        When the caller can see none with this identifier.
    """
    found = await firm_queries.carriers(db, scope, NIL, 1, carrier_id)
    if not found:
        raise NotFound("car")
    return found[0]


async def myself(db: Connection, scope: Scope) -> Carrier:
    """The carrier that asks."""
    if scope.carrier_id is None:
        raise NotFound("car")
    return await carrier(db, scope, scope.carrier_id)


async def change(db: Connection, scope: Scope, carrier_id: UUID, body: ChangeCarrier, if_match: str | None) -> Carrier:
    """
    Changes a carrier; suspending it keeps its vehicles out of new plans.

    Raises
    ------
    NotFound
        When there is none.
    VersionMissing, Outdated
        For an edit of another version than there is.
    """
    seen = await carrier(db, scope, carrier_id)
    must_match(if_match, seen.version)
    to = structs.replace(
        seen, **{name: value for name in body.__struct_fields__ if (value := getattr(body, name)) is not None}
    )
    changed = [name for name in body.__struct_fields__ if getattr(to, name) != getattr(seen, name)]
    if not changed:
        return seen
    if not await firm_queries.change_carrier(db, scope, carrier_id, seen.version, to):
        raise Outdated
    await record(db, scope, "carrier.changed", "car", carrier_id, {"changed": changed, "status": to.status})
    return await carrier(db, scope, carrier_id)


async def add_paper(db: Connection, scope: Scope, carrier_id: UUID, body: AddPaper) -> Paper:
    """Adds an insurance or permit of a carrier."""
    await carrier(db, scope, carrier_id)
    paper_id = ids.new()
    await firm_queries.insert_paper(db, scope, carrier_id, paper_id, body)
    await record(db, scope, "carrier.paper_added", "cpp", paper_id, {"kind": body.kind})
    return (await firm_queries.papers(db, scope, carrier_id, NIL, 1, paper_id))[0]


async def list_papers(db: Connection, scope: Scope, carrier_id: UUID, after: UUID, limit: int) -> Page[Paper]:
    """Papers of a carrier, the withdrawn ones too."""
    await carrier(db, scope, carrier_id)
    return page(await firm_queries.papers(db, scope, carrier_id, after, limit + 1), limit)


async def withdraw_paper(db: Connection, scope: Scope, carrier_id: UUID, paper_id: UUID) -> None:
    """Withdraws a paper: it counts no more, and stays in the list. Twice is the same as once."""
    if not await firm_queries.withdraw_paper(db, scope, carrier_id, paper_id):
        raise NotFound("cpp")
    await record(db, scope, "carrier.paper_withdrawn", "cpp", paper_id)


async def issue_key(db: Connection, scope: Scope, carrier_id: UUID, body: NewCarrierKey) -> IssuedKey:
    """Issues a key for a carrier's program; it opens the carrier's part of the API and nothing else."""
    await carrier(db, scope, carrier_id)
    return await keys.issue(db, scope, body.name, Role.CARRIER_KEY, None, body.days, carrier_id=carrier_id)


async def give_vehicles(db: Connection, scope: Scope, vehicle_type_id: UUID, body: WhoseVehicles) -> VehicleType:
    """
    Says which carrier a type's vehicles belong to.

    Raises
    ------
    NotFound
        When there is no such vehicle type or carrier.
    """
    carrier_id = None if body.carrier_id is None else ids.parse("car", body.carrier_id)
    if carrier_id is not None:
        await carrier(db, scope, carrier_id)
    if not await firm_queries.give_vehicles(db, scope, vehicle_type_id, carrier_id):
        raise NotFound("vht")
    await record(db, scope, "vehicle_type.given", "vht", vehicle_type_id, {"carrier": body.carrier_id})
    return await service.vehicle_type(db, scope, vehicle_type_id)


async def fitness(
    db: Connection, scope: Scope, on: date, *, dangerous: bool, only: Sequence[UUID] | None = None
) -> dict[UUID, str | None]:
    """
    By carrier, why it may not drive on a day; None where it may. All of the cluster, or ``only`` some.

    With ``dangerous`` goods it needs a valid permit for them.
    """
    return await firm_queries.fitness(db, scope, on, dangerous=dangerous, only=only)
