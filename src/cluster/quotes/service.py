"""Use cases of quotes."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
from msgspec import structs

from cluster.base import ids
from cluster.base.db import Connection, Database, Scope, system_scope
from cluster.base.errors import TooMany
from cluster.base.money import Money, money
from cluster.base.secrets import Vault
from cluster.members import service as members
from cluster.planning import gathering, insertion
from cluster.planning.insertion import Snapshot
from cluster.planning.translate import Day
from cluster.quotes import queries
from cluster.quotes.bracket import bracket, cell, stepped
from cluster.quotes.models import Bracket, Quote
from cluster.quotes.pricer import FRESH_S, Pricer
from cluster.shipments import service as shipments
from cluster.shipments.models import BookShipment, Shipment, ShipmentStop

A_DAY_MAX = 500
OWN_MAX = 200
"""Of a member's own shipments of the day, the newest this many are planned with."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A question for a price with everything it depends on."""

    shipment: Shipment
    currency: str
    own: Day
    history: list[float]
    pool: Snapshot | Day | None


async def forget_old(db: Connection) -> int:
    """Drops quotes older than 90 days; returns how many."""
    return await queries.forget_old(db)


async def quote(database: Database, scope: Scope, pricer: Pricer, vault: Vault, body: BookShipment) -> Quote:
    """
    What a shipment would cost if it were booked now.

    Nothing is booked, and no transaction is open while the price is computed.

    Raises
    ------
    TooMany
        After ``A_DAY_MAX`` quotes in a day.
    Busy
        When too many prices are being computed.
    ClusterError
        Whatever booking the shipment would be refused for.
    """
    async with database.unit(scope) as db:
        shipment, history = await _considered(db, scope, body)
    async with database.unit(system_scope(scope.cluster)) as db:
        asked = await _gathered(db, scope, pricer, shipment, history)
    alone_minor = await _alone_minor(pricer, asked)
    part = await _pool_part(pricer, vault, scope, asked)
    found = bracket(alone_minor, part, asked.history, shipment.outside_minor)
    async with database.unit(scope) as db:
        return await _told(db, scope, asked, alone_minor, found)


async def _considered(db: Connection, scope: Scope, body: BookShipment) -> tuple[Shipment, list[float]]:
    """The shipment as it would be stored, and what its member paid lately."""
    if await queries.asked_today(db, scope) >= A_DAY_MAX:
        raise TooMany(f"{A_DAY_MAX} prices a day are told.", 3600)
    return await shipments.considered(db, scope, body), await queries.paid_parts(db, scope)


async def _gathered(db: Connection, scope: Scope, pricer: Pricer, shipment: Shipment, history: list[float]) -> Asked:
    """The member's own day, and the pool's where enough others have booked."""
    window = _window(shipment)
    day = await gathering.gather(db, system_scope(scope.cluster), window, [shipment])
    own = [entry for entry in day.shipments if entry.member_id == shipment.member_id][-OWN_MAX:]
    others = {entry.member_id for entry in day.shipments} - {shipment.member_id}
    cluster = await members.cluster_of(db, system_scope(scope.cluster))
    enough = len(others) >= cluster.privacy_min_members
    return Asked(
        shipment=shipment,
        currency=day.currency,
        own=structs.replace(day, shipments=own),
        history=history,
        pool=(pricer.kept(scope.cluster, window) or day) if enough else None,
    )


def _window(shipment: Shipment) -> UUID:
    if shipment.pool_window_id is None:
        raise LookupError("a shipment that is considered has a window")
    return ids.parse("win", shipment.pool_window_id)


async def _alone_minor(pricer: Pricer, asked: Asked) -> int | None:
    taken = await pricer.ask(insertion.snapshot, asked.own)
    return await pricer.ask(insertion.added_minor, taken, asked.shipment)


async def _pool_part(pricer: Pricer, vault: Vault, scope: Scope, asked: Asked) -> float | None:
    """
    What the pool makes of the cost of the neighbourhood alone, as it may be told.

    Both figures are of the same goods taken to the middle of the cell, by themselves and into the pool.
    """
    if asked.pool is None:
        return None
    window = _window(asked.shipment)
    taken = asked.pool
    if isinstance(taken, Day):
        taken = await pricer.ask(insertion.snapshot, taken)
        pricer.keep(scope.cluster, window, taken)
    blurred = _blurred(asked.shipment)
    nobody = Snapshot(day=structs.replace(taken.day, shipments=[]), plan=None)
    by_itself = await pricer.ask(insertion.added_minor, nobody, blurred)
    added = await pricer.ask(insertion.added_minor, taken, blurred)
    if not by_itself or added is None:
        return None
    cells = [cell(stop.lat, stop.lon) for stop in (blurred.pickup, blurred.delivery) if stop is not None]
    signature = vault.sign(f"{window} {asked.shipment.member_id} {cells}", "quote")
    nudge = int.from_bytes(signature.encode()[:6]) % 1001 / 1000 - 0.5
    return stepped(added / by_itself, nudge)


def _blurred(shipment: Shipment) -> Shipment:
    """The shipment with its ends in the middle of their cells, at any time of the day."""
    return structs.replace(
        shipment,
        id=ids.show("shp", ids.new()),
        pickup=_blurred_stop(shipment.pickup),
        delivery=_blurred_stop(shipment.delivery),
    )


def _blurred_stop(stop: ShipmentStop | None) -> ShipmentStop | None:
    if stop is None:
        return None
    lat, lon = cell(stop.lat, stop.lon)
    return structs.replace(stop, lat=lat, lon=lon, site_id=None)


async def _told(db: Connection, scope: Scope, asked: Asked, alone_minor: int | None, found: Bracket) -> Quote:
    quote_id, window = ids.new(), _window(asked.shipment)
    outside_minor = asked.shipment.outside_minor
    await queries.insert(db, scope, quote_id, window, alone_minor, found, outside_minor)
    return Quote(
        id=ids.show("qte", quote_id),
        pool_window_id=ids.show("win", window),
        alone=_money(alone_minor, asked.currency),
        low=_money(found.low_minor, asked.currency),
        high=_money(found.high_minor, asked.currency),
        outside=_money(outside_minor, asked.currency),
        basis=list(found.basis),
        valid_until=datetime.now(UTC) + timedelta(seconds=FRESH_S),
    )


def _money(amount_minor: int | None, currency: str) -> Money | None:
    return None if amount_minor is None else money(amount_minor, currency)
