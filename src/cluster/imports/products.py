"""Use cases of products, cartons, and what is packed into them."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import structs

from cluster.base import etags, ids
from cluster.base.db import Connection, Database, Scope
from cluster.base.errors import ClusterError, Conflict, FieldFault, Invalid, NotFound
from cluster.base.pages import Page, page
from cluster.base.validation import explain, judge
from cluster.imports import product_queries as queries
from cluster.imports.cartons import Piece, pack
from cluster.imports.product_models import (
    AddCarton,
    AddProduct,
    Carton,
    Cartonise,
    Cartonised,
    Item,
    Product,
    TemperatureClass,
)
from cluster.members import service as members
from cluster.shipments import service as shipments
from cluster.shipments.goods import OnTop, Rotations
from cluster.shipments.models import BookShipment, Shipment

PIECES_MAX = 1000
CARTONS_MAX = 500
SIZE = ("weight_g", "length_mm", "width_mm", "height_mm")
_turns = asyncio.Semaphore(2)
"""Searches at once in this process: each takes a core."""


async def add_product(db: Connection, scope: Scope, body: AddProduct) -> Product:
    """
    Adds a product.

    Raises
    ------
    Conflict
        When the member has, or had, one with this SKU.
    """
    product_id = ids.new()
    if not await queries.insert_product(db, scope, product_id, body):
        raise Conflict("sku_taken", "You have a product with this SKU, or had one; importing a file replaces it.")
    return await product(db, scope, product_id)


async def product(db: Connection, scope: Scope, product_id: UUID) -> Product:
    """One product of the calling member."""
    found = await queries.products(db, scope, UUID(int=0), 1, product_id, None)
    if not found:
        raise NotFound("prd")
    return found[0]


async def list_products(db: Connection, scope: Scope, after: UUID, limit: int, sku: str | None) -> Page[Product]:
    """Products of the calling member."""
    return page(await queries.products(db, scope, after, limit + 1, None, sku), limit)


async def put_product(
    db: Connection, scope: Scope, product_id: UUID, if_match: str | None, body: AddProduct
) -> Product:
    """Changes a product that is still as the asker saw it."""
    etags.must_match(if_match, (await product(db, scope, product_id)).version)
    if not await queries.update_product(db, scope, product_id, body):
        raise NotFound("prd")
    return await product(db, scope, product_id)


async def retire_product(db: Connection, scope: Scope, product_id: UUID) -> None:
    """Takes a product off the list; twice is the same as once."""
    if not await queries.retire_product(db, scope, product_id):
        raise NotFound("prd")


async def add_carton(db: Connection, scope: Scope, body: AddCarton) -> Carton:
    """
    Adds a carton to the member's catalogue.

    Raises
    ------
    Conflict
        When there is, or was, one with this code.
    """
    carton_id = ids.new()
    if not await queries.insert_carton(db, scope, carton_id, body):
        raise Conflict("carton_code_taken", "You have a carton with this code, or had one; importing replaces it.")
    return await carton(db, scope, carton_id)


async def carton(db: Connection, scope: Scope, carton_id: UUID) -> Carton:
    """One carton of the calling member."""
    found = await queries.cartons(db, scope, UUID(int=0), 1, carton_id)
    if not found:
        raise NotFound("ctn")
    return found[0]


async def list_cartons(db: Connection, scope: Scope, after: UUID, limit: int) -> Page[Carton]:
    """Cartons of the calling member."""
    return page(await queries.cartons(db, scope, after, limit + 1, None), limit)


async def put_carton(db: Connection, scope: Scope, carton_id: UUID, if_match: str | None, body: AddCarton) -> Carton:
    """Changes a carton that is still as the asker saw it."""
    etags.must_match(if_match, (await carton(db, scope, carton_id)).version)
    if not await queries.update_carton(db, scope, carton_id, body):
        raise NotFound("ctn")
    return await carton(db, scope, carton_id)


async def retire_carton(db: Connection, scope: Scope, carton_id: UUID) -> None:
    """Takes a carton out of the catalogue; twice is the same as once."""
    if not await queries.retire_carton(db, scope, carton_id):
        raise NotFound("ctn")


async def cartonise(database: Database, scope: Scope, body: Cartonise) -> Cartonised:
    """
    Items as handling units; nothing is stored, and no transaction is open while the search goes on.

    Raises
    ------
    Invalid
        For items that neither have a product nor say weight and size, and for too many pieces.
    """
    async with database.unit(scope) as db:
        skus = [item.sku for item in body.items if item.sku is not None]
        known = await queries.products_by_sku(db, scope, skus)
        cartons = await queries.cartons(db, scope, UUID(int=0), CARTONS_MAX, None)
    pieces = _pieces(body.items, known)
    async with _turns:
        return await asyncio.to_thread(pack, pieces, cartons, body.pallet, body.pallet_height_max_mm)


def _pieces(items: Sequence[Item], known: dict[str, Product]) -> list[Piece]:
    faults = []
    pieces = []
    for index, item in enumerate(items):
        product = known.get(item.sku or "")
        missing = [name for name in SIZE if getattr(item, name) is None] if product is None else []
        if missing and item.sku is not None:
            cure = "add the product, or give weight_g, length_mm, width_mm and height_mm"
            pointer = f"/items/{index}/sku"
            faults.append(FieldFault(pointer=pointer, code="product_unknown", cause="no such product", cure=cure))
            continue
        for name in missing:
            cure = "give it, or the sku of a product"
            faults.append(FieldFault(pointer=f"/items/{index}/{name}", code="missing", cause="missing", cure=cure))
        if not missing:
            pieces.append(Piece(_product(item, product), item.quantity))
    if sum(item.quantity for item in items) > PIECES_MAX:
        cure = "divide them into several shipments"
        cause = f"more than {PIECES_MAX} pieces together"
        faults.append(FieldFault(pointer="/items", code="too_many_pieces", cause=cause, cure=cure))
    if faults:
        raise Invalid(faults)
    return pieces


def _product(item: Item, known: Product | None) -> Product:
    """What an item says, upon what its product says."""
    said: dict[str, Any] = {
        name: getattr(item, name) for name in ("name", *SIZE, "rotations", "on_top") if getattr(item, name) is not None
    }
    if known is not None:
        return structs.replace(known, **said)
    usual = {"rotations": Rotations.ANY_WAY, "on_top": OnTop.ANYTHING, "name": item.name or item.sku or "item"}
    now = datetime.now(UTC)
    return Product(
        id="",
        sku=item.sku or "",
        bearing_max_g=None,
        hs_code=None,
        temperature_class=TemperatureClass.AMBIENT,
        dangerous=False,
        version=0,
        created_at=now,
        updated_at=now,
        **(usual | said),
    )


def booking_of(shipment: dict[str, Any], packed: Cartonised) -> BookShipment:
    """
    A booking with the handling units that items were packed into.

    Raises
    ------
    Invalid or Malformed
        With what is wrong with the rest of it.
    """
    units = [entry.handling_unit for entry in packed.units]
    raw = msgspec.json.encode(shipment | {"handling_units": units})
    try:
        body = msgspec.json.decode(raw, type=BookShipment)
        judge(body)
    except msgspec.ValidationError:
        raise _within(explain(raw, BookShipment)) from None
    except ClusterError as refused:
        raise _within(refused) from None
    return body


def _within(refused: ClusterError) -> Invalid:
    return Invalid([structs.replace(fault, pointer=f"/shipment{fault.pointer}") for fault in refused.errors])


async def book(db: Connection, scope: Scope, body: BookShipment, packed: Cartonised) -> Shipment:
    """Books a shipment of packed items, and stores what is in each handling unit."""
    await members.must_be_active(db, scope)
    booked = await shipments.book(db, scope, body)
    await queries.add_contents(db, scope, _rows(ids.parse("shp", booked.id), packed))
    return booked


async def repack(db: Connection, scope: Scope, shipment_id: UUID, packed: Cartonised) -> None:
    """Puts other items in the handling units of a shipment, after its units were changed."""
    await queries.drop_contents(db, scope, shipment_id)
    await queries.add_contents(db, scope, _rows(shipment_id, packed))


def _rows(shipment_id: UUID, packed: Cartonised) -> list[tuple[UUID, int, int, str | None, str, int]]:
    return [
        (shipment_id, line_no, entry_no, content.sku, content.name, content.quantity)
        for line_no, unit in enumerate(packed.units, start=1)
        for entry_no, content in enumerate(unit.contents, start=1)
    ]


async def contents(db: Connection, scope: Scope, shipment_id: UUID) -> list[tuple[int, str | None, str, int]]:
    """What is in the handling units of a shipment; nothing where it was not made of items."""
    await shipments.shipment(db, scope, shipment_id)
    return await queries.contents(db, scope, shipment_id)
