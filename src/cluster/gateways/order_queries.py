"""SQL of orders at carriers' systems, and when a worker sees to one."""

from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from msgspec import Struct

from cluster.base.db import Connection, Scope
from cluster.gateways.adapting import Placed
from cluster.gateways.models import OrderOptions, OrderState, PlaceOrder

LEASE_S = 120
HINTS_MAX = 20
LIVE = ("placing", "placed", "unclear", "cancelling")


class Kept(Struct, frozen=True, kw_only=True):
    """An order as it is stored."""

    cluster_id: UUID
    order_id: UUID
    gateway_id: UUID
    member_id: UUID | None
    shipment_id: UUID
    service: str | None
    options: OrderOptions
    price_max_minor: int | None
    state: OrderState
    asked_at: datetime | None
    external_id: str | None
    tracking_number: str | None
    tracking_url: str | None
    label_ref: str | None
    price_minor: int | None
    currency: str | None
    foreign_code: str | None
    foreign_at: datetime | None
    error: str | None
    detail: str | None
    hints: list[str]
    fence: int
    failures: int
    version: int
    created_at: datetime
    updated_at: datetime


def _kept(row: asyncpg.Record) -> Kept:
    fields = dict(row)
    fields["state"] = OrderState(fields["state"])
    fields["options"] = msgspec.convert(fields["options"], OrderOptions)
    return Kept(**fields)


async def insert(
    db: Connection,
    scope: Scope,
    order_id: UUID,
    gateway_id: UUID,
    shipment_id: UUID,
    service: str | None,
    body: PlaceOrder,
) -> bool:
    """A new order, of which nobody knows yet; False when the shipment has a live one."""
    done = await db.fetchval(
        """
        INSERT INTO gateway_orders (cluster_id, order_id, gateway_id, member_id, shipment_id, service, options,
                                    price_max_minor)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (cluster_id, shipment_id) WHERE state IN ('placing', 'placed', 'unclear', 'cancelling')
        DO NOTHING RETURNING true
        """,
        scope.cluster,
        order_id,
        gateway_id,
        scope.member_id,
        shipment_id,
        service,
        msgspec.to_builtins(body.options),
        body.price_max_minor,
    )
    return bool(done)


async def orders(
    db: Connection,
    scope: Scope,
    after: UUID,
    limit: int,
    *,
    gateway_id: UUID | None = None,
    shipment_id: UUID | None = None,
    state: OrderState | None = None,
    only: UUID | None = None,
) -> list[Kept]:
    """The caller's orders, oldest first."""
    rows = await db.fetch(
        """
        SELECT cluster_id, order_id, gateway_id, member_id, shipment_id, service, options, price_max_minor, state,
               asked_at, external_id, tracking_number, tracking_url, label_ref, price_minor, currency, foreign_code,
               foreign_at, error, detail, hints, fence, failures, version, created_at, updated_at
          FROM gateway_orders
         WHERE cluster_id = $1 AND member_id IS NOT DISTINCT FROM $2 AND order_id > $3
           AND ($5::uuid IS NULL OR gateway_id = $5) AND ($6::uuid IS NULL OR shipment_id = $6)
           AND ($7::text IS NULL OR state = $7) AND ($8::uuid IS NULL OR order_id = $8)
         ORDER BY order_id LIMIT $4
        """,
        scope.cluster,
        scope.member_id,
        after,
        limit,
        gateway_id,
        shipment_id,
        state,
        only,
    )
    return [_kept(row) for row in rows]


async def claim(db: Connection) -> Kept | None:
    """An order that is due, for one worker at a time."""
    # any-cluster: workers serve all clusters
    row = await db.fetchrow(
        """
        UPDATE gateway_orders
           SET working_until = now() + make_interval(secs => $1), fence = fence + 1
         WHERE (cluster_id, order_id) = (
               SELECT cluster_id, order_id FROM gateway_orders
                WHERE due_at <= now() AND (working_until IS NULL OR working_until < now())
                ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING cluster_id, order_id, gateway_id, member_id, shipment_id, service, options, price_max_minor, state,
                  asked_at, external_id, tracking_number, tracking_url, label_ref, price_minor, currency, foreign_code,
                  foreign_at, error, detail, hints, fence, failures, version, created_at, updated_at
        """,
        LEASE_S,
    )
    return None if row is None else _kept(row)


async def about_to_ask(db: Connection, scope: Scope, kept: Kept) -> bool:
    """From now on the system may know of the order; False when the claim is somebody else's."""
    done = await db.fetchval(
        """
        UPDATE gateway_orders SET asked_at = now(), working_until = now() + make_interval(secs => $4)
         WHERE cluster_id = $1 AND order_id = $2 AND fence = $3 AND state = 'placing' RETURNING true
        """,
        scope.cluster,
        kept.order_id,
        kept.fence,
        LEASE_S,
    )
    return bool(done)


class Change(Struct, frozen=True, kw_only=True):
    """What a look at an order leaves: ``due_s`` None: nobody looks again by itself."""

    state: OrderState
    due_s: float | None
    error: str | None = None
    detail: str | None = None
    placed: Placed | None = None
    foreign_code: str | None = None
    foreign_at: datetime | None = None
    not_asked: bool = False
    failed: bool = False


async def note(db: Connection, scope: Scope, kept: Kept, change: Change) -> bool:
    """Keeps what became of a look; False when the claim is somebody else's by now."""
    placed = change.placed or Placed(external_id=kept.external_id or "")
    values: dict[str, Any] = {
        "external_id": placed.external_id or kept.external_id,
        "tracking_number": placed.tracking_number or kept.tracking_number,
        "tracking_url": placed.tracking_url or kept.tracking_url,
        "label_ref": placed.label_ref or kept.label_ref,
        "price_minor": kept.price_minor if placed.price_minor is None else placed.price_minor,
        "currency": placed.currency or kept.currency,
    }
    done = await db.fetchval(
        """
        UPDATE gateway_orders
           SET state = CASE WHEN state = 'cancelling' AND $4 = 'placed' AND $17::text = 'placed' THEN state ELSE $4 END,
               due_at = now() + make_interval(
                   secs => CASE WHEN state = 'cancelling' AND $4 = 'placed' AND $17::text = 'placed' THEN 0
                                ELSE $5::double precision END),
               error = $6, detail = $7, external_id = $8,
               tracking_number = $9, tracking_url = $10, label_ref = $11, price_minor = $12, currency = $13,
               foreign_code = coalesce($14, foreign_code), foreign_at = coalesce($15, foreign_at),
               asked_at = CASE WHEN $16 THEN NULL ELSE asked_at END,
               failures = CASE WHEN $18 THEN failures + 1 ELSE 0 END, working_until = NULL,
               version = version + 1, updated_at = now()
         WHERE cluster_id = $1 AND order_id = $2 AND fence = $3 RETURNING true
        """,
        scope.cluster,
        kept.order_id,
        kept.fence,
        change.state,
        change.due_s,
        change.error,
        change.detail,
        values["external_id"],
        values["tracking_number"],
        values["tracking_url"],
        values["label_ref"],
        values["price_minor"],
        values["currency"],
        change.foreign_code,
        change.foreign_at,
        change.not_asked,
        kept.state,
        change.failed,
    )
    return bool(done)


async def move(
    db: Connection, scope: Scope, kept: Kept, state: OrderState, *, external_id: str | None = None, due: bool = True
) -> bool:
    """What somebody asks for; False when the order has moved on meanwhile, or a worker is at it."""
    done = await db.fetchval(
        """
        UPDATE gateway_orders SET state = $4, external_id = coalesce($5, external_id), error = NULL, detail = NULL,
                                  due_at = CASE WHEN $6 THEN now() END, version = version + 1, updated_at = now()
         WHERE cluster_id = $1 AND order_id = $2 AND version = $3 AND state = $7
           AND (working_until IS NULL OR working_until < now() OR state = 'placed') RETURNING true
        """,
        scope.cluster,
        kept.order_id,
        kept.version,
        state,
        external_id,
        due,
        kept.state,
    )
    return bool(done)


async def hint(db: Connection, scope: Scope, gateway_id: UUID, external_id: str) -> bool:
    """
    Has workers look at the order with this number; or, if there is none, at those whose answer was lost.

    Returns whether anybody will look.
    """
    row = await db.fetchrow(
        """
        WITH known AS (
            UPDATE gateway_orders SET due_at = now()
             WHERE cluster_id = $1 AND gateway_id = $2 AND external_id = $3 AND state IN ('placed', 'cancelling')
            RETURNING true)
        SELECT EXISTS (SELECT FROM known)
               OR EXISTS (SELECT FROM gateway_orders
                           WHERE cluster_id = $1 AND gateway_id = $2 AND external_id = $3) AS found
        """,
        scope.cluster,
        gateway_id,
        external_id,
    )
    if row["found"]:
        return True
    done = await db.execute(
        """
        UPDATE gateway_orders SET hints = hints || $3::text, due_at = now()
         WHERE cluster_id = $1 AND gateway_id = $2 AND state IN ('unclear', 'placing') AND external_id IS NULL
           AND asked_at IS NOT NULL AND cardinality(hints) < $4 AND NOT hints @> ARRAY[$3::text]
        """,
        scope.cluster,
        gateway_id,
        external_id,
        HINTS_MAX,
    )
    return int(done.rpartition(" ")[2]) > 0


async def under_way(db: Connection, scope: Scope, gateway_id: UUID) -> bool:
    """Whether an order of a gateway still has to be asked after."""
    found = await db.fetchval(
        """
        SELECT true FROM gateway_orders
         WHERE cluster_id = $1 AND gateway_id = $2 AND state IN ('placing', 'placed', 'unclear', 'cancelling') LIMIT 1
        """,
        scope.cluster,
        gateway_id,
    )
    return bool(found)
