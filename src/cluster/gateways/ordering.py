"""Use cases of orders at carriers' systems: prices, placing, cancelling, labels, and what a lost answer leaves."""

from collections.abc import Awaitable, Mapping
from typing import TypeVar
from uuid import UUID

from cluster.base import audit, ids
from cluster.base.db import Connection, Database, Scope, system_scope
from cluster.base.errors import Conflict, NotFound
from cluster.base.pages import Page, page
from cluster.gateways import connectors, consigning, order_queries, queries, service
from cluster.gateways.adapting import GatewayAway, GatewayRefused
from cluster.gateways.models import (
    OF_FILES,
    AskRates,
    GatewayLabel,
    GatewayOrder,
    GatewayRates,
    OrderState,
    PlaceOrder,
    SettleOrder,
)
from cluster.gateways.order_queries import Kept
from cluster.gateways.service import Desk
from cluster.members import service as members
from cluster.shipments import service as shipments

FIRST = UUID(int=0)
T = TypeVar("T")


async def rates(database: Database, scope: Scope, desk: Desk, gateway_id: UUID, body: AskRates) -> GatewayRates:
    """
    What the carrier would take for a shipment; no transaction is open while it is asked.

    Raises
    ------
    NotFound
        When the caller has no such gateway, or sees no such shipment.
    Conflict
        ``gateway_refused`` or ``gateway_away`` with what the system says.
    """
    shipment_id = ids.parse("shp", body.shipment_id)
    async with database.unit(scope) as db:
        found = await service.held(db, scope, gateway_id)
        what = await consigning.consignment(
            db,
            scope,
            shipment_id,
            found.settings,
            reference=body.shipment_id,
            service=body.service,
            options=body.options,
        )
    return await _asked(service.open_adapter(desk, found).rates(what))


async def _asked(call: Awaitable[T]) -> T:
    """What a system answers, or why not as a refusal of ours."""
    try:
        return await call
    except GatewayRefused as no:
        raise Conflict("gateway_refused", f"The carrier's system says no: {no}.") from None
    except GatewayAway as away:
        raise Conflict("gateway_away", f"The carrier's system gives no answer: {away}.") from None


async def place(db: Connection, scope: Scope, desk: Desk, gateway_id: UUID, body: PlaceOrder) -> GatewayOrder:
    """
    Writes an order down; a worker places it, once.

    Raises
    ------
    NotFound
        When the caller has no such gateway, or sees no such shipment.
    Conflict
        When the pool moves the shipment, it has a live order, or the gateway takes none.
    """
    await members.must_be_active(db, scope)
    found = await service.held(db, scope, gateway_id)
    try:
        service.open_adapter(desk, found)
    except GatewayAway as away:
        raise Conflict("gateway_away", f"The carrier's system cannot be asked: {away}.") from None
    shipment_id, order_id = ids.parse("shp", body.shipment_id), ids.new()
    consigning.must_be_outside(await shipments.shipment(db, scope, shipment_id))
    wanted = body.service or found.settings.service
    if not await order_queries.insert(db, scope, order_id, gateway_id, shipment_id, wanted, body):
        raise Conflict("shipment_given_away", "This shipment has an order at a carrier already; cancel that first.")
    await audit.record(db, scope, "gateway_order.made", "gor", order_id)
    return await order(db, scope, order_id)


async def order(db: Connection, scope: Scope, order_id: UUID) -> GatewayOrder:
    """One order of the caller's."""
    return _shown(await kept(db, scope, order_id))


async def kept(db: Connection, scope: Scope, order_id: UUID) -> Kept:
    """
    One order of the caller's as it is stored.

    Raises
    ------
    NotFound
        When the caller has none with this identifier.
    """
    found = await order_queries.orders(db, scope, FIRST, 1, only=order_id)
    if not found:
        raise NotFound("gor")
    return found[0]


async def list_orders(
    db: Connection,
    scope: Scope,
    after: UUID,
    limit: int,
    *,
    gateway_id: UUID | None,
    shipment_id: UUID | None,
    state: OrderState | None,
) -> Page[GatewayOrder]:
    """The caller's orders, oldest first."""
    found = await order_queries.orders(
        db, scope, after, limit + 1, gateway_id=gateway_id, shipment_id=shipment_id, state=state
    )
    return page([_shown(entry) for entry in found], limit)


async def cancel(db: Connection, scope: Scope, order_id: UUID) -> GatewayOrder:
    """
    Has an order cancelled; twice is the same as once.

    Raises
    ------
    Conflict
        When it is being placed just now, is unclear, or over.
    """
    found = await kept(db, scope, order_id)
    if found.state in (OrderState.CANCELLING, OrderState.CANCELLED):
        return _shown(found)
    if found.state is OrderState.UNCLEAR:
        raise Conflict("order_unclear", "Nobody knows whether the carrier has this order; settle that first.")
    if found.state not in (OrderState.PLACING, OrderState.PLACED):
        raise Conflict("order_over", f"The order is {found.state}; there is nothing to cancel.")
    placing = found.state is OrderState.PLACING
    target = OrderState.CANCELLED if placing else OrderState.CANCELLING
    never = not placing or found.asked_at is None
    if not never or not await order_queries.move(db, scope, found, target, due=not placing):
        raise Conflict("order_being_placed", "The carrier is being asked just now; try again in a moment.")
    await audit.record(db, scope, "gateway_order.cancelled", "gor", order_id)
    return await order(db, scope, order_id)


async def settle(db: Connection, scope: Scope, order_id: UUID, body: SettleOrder) -> GatewayOrder:
    """
    Says what became of an order whose answer was lost: its number at the carrier's, or that there is none.

    Raises
    ------
    Conflict
        When it is not unclear.
    """
    found = await kept(db, scope, order_id)
    if found.state is not OrderState.UNCLEAR:
        raise Conflict("order_not_unclear", f"The order is {found.state}; there is nothing to settle.")
    there = body.external_id is not None
    target = OrderState.PLACED if there else OrderState.REFUSED
    if not await order_queries.move(db, scope, found, target, external_id=body.external_id, due=there):
        raise Conflict("order_being_placed", "Somebody else is at this order just now; try again in a moment.")
    await audit.record(db, scope, "gateway_order.settled", "gor", order_id, {"external_id": body.external_id})
    return await order(db, scope, order_id)


async def label(database: Database, scope: Scope, desk: Desk, order_id: UUID) -> GatewayLabel:
    """
    The carrier's own label of an order.

    Raises
    ------
    Conflict
        When the order is not placed, or the system has none.
    """
    async with database.unit(scope) as db:
        found = await kept(db, scope, order_id)
        if found.external_id is None or found.state not in (OrderState.PLACED, OrderState.DONE):
            raise Conflict("order_not_placed", f"The order is {found.state}; it has no label.")
        gateway = await service.held(db, scope, found.gateway_id)
    return await _asked(service.open_adapter(desk, gateway).label(found.external_id, found.label_ref))


async def knock(database: Database, desk: Desk, gateway_id: UUID, token: str, body: Mapping[str, object]) -> None:
    """
    Takes a webhook for a hint: the order that it names is asked after; what it says is not believed.

    Raises
    ------
    NotFound
        When there is no such gateway, it is switched off, or the token is another.
    """
    async with database.unit(system_scope()) as db:
        found = await queries.knocked_at(db, gateway_id)
    good = found is not None and found.active and found.kind not in OF_FILES and found.sealed is not None
    if not good or found is None or not connectors.token_fits(token, found.token_digest):
        raise NotFound("gtw")
    try:
        named = service.open_adapter(desk, found).hinted(body)
    except GatewayAway:
        raise NotFound("gtw") from None
    if named is None or not 1 <= len(named) <= 100 or not named.isprintable():
        return
    scope = system_scope(found.cluster_id)
    async with database.unit(scope) as db:
        await order_queries.hint(db, scope, gateway_id, named)


def _shown(found: Kept) -> GatewayOrder:
    return GatewayOrder(
        id=ids.show("gor", found.order_id),
        gateway_id=ids.show("gtw", found.gateway_id),
        shipment_id=ids.show("shp", found.shipment_id),
        state=found.state,
        service=found.service,
        external_id=found.external_id,
        tracking_number=found.tracking_number,
        tracking_url=found.tracking_url,
        price_minor=found.price_minor,
        currency=found.currency,
        foreign_code=found.foreign_code,
        foreign_at=found.foreign_at,
        error=found.error,
        detail=found.detail,
        version=found.version,
        created_at=found.created_at,
        updated_at=found.updated_at,
    )
