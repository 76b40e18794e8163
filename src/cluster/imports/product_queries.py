"""SQL of products and cartons."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from msgspec import structs

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.imports.product_models import AddCarton, AddProduct, Carton, Product


async def put_products(db: Connection, scope: Scope, products: Sequence[tuple[UUID, AddProduct]]) -> None:
    """Adds products of the calling member, or puts them in the place of those with the same SKU."""
    await db.execute(
        """
        INSERT INTO products (cluster_id, member_id, product_id, sku, name, weight_g, length_mm, width_mm, height_mm,
                              rotations, on_top, bearing_max_g, hs_code, temperature_class, dangerous)
        SELECT $1, $2, new.*
          FROM unnest($3::uuid[], $4::text[], $5::text[], $6::bigint[], $7::int[], $8::int[], $9::int[], $10::text[],
                      $11::text[], $12::bigint[], $13::text[], $14::text[], $15::boolean[]) AS new
        ON CONFLICT (cluster_id, member_id, sku) DO UPDATE
           SET name = excluded.name, weight_g = excluded.weight_g, length_mm = excluded.length_mm,
               width_mm = excluded.width_mm, height_mm = excluded.height_mm, rotations = excluded.rotations,
               on_top = excluded.on_top, bearing_max_g = excluded.bearing_max_g, hs_code = excluded.hs_code,
               temperature_class = excluded.temperature_class, dangerous = excluded.dangerous, retired_at = NULL,
               version = products.version + 1, updated_at = now()
        """,
        scope.cluster,
        scope.member_id,
        *[list(column) for column in zip(*((key, *structs.astuple(body)) for key, body in products), strict=True)],
    )


async def insert_product(db: Connection, scope: Scope, product_id: UUID, body: AddProduct) -> bool:
    """A new product; False when the member has one with this SKU. One that was retired takes the new one's values."""
    found = await db.fetchval(
        """
        INSERT INTO products (cluster_id, member_id, product_id, sku, name, weight_g, length_mm, width_mm, height_mm,
                              rotations, on_top, bearing_max_g, hs_code, temperature_class, dangerous)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
        ON CONFLICT (cluster_id, member_id, sku) DO NOTHING RETURNING true
        """,
        scope.cluster,
        scope.member_id,
        product_id,
        *structs.astuple(body),
    )
    return bool(found)


async def update_product(db: Connection, scope: Scope, product_id: UUID, body: AddProduct) -> bool:
    """Puts other values in a product's place, its SKU too; False when there is none."""
    found = await db.fetchval(
        """
        UPDATE products SET sku = $4, name = $5, weight_g = $6, length_mm = $7, width_mm = $8, height_mm = $9,
                            rotations = $10, on_top = $11, bearing_max_g = $12, hs_code = $13, temperature_class = $14,
                            dangerous = $15, version = version + 1, updated_at = now()
         WHERE cluster_id = $1 AND member_id = $2 AND product_id = $3 AND retired_at IS NULL RETURNING true
        """,
        scope.cluster,
        scope.member_id,
        product_id,
        *structs.astuple(body),
    )
    return bool(found)


async def retire_product(db: Connection, scope: Scope, product_id: UUID) -> bool:
    """Takes a product off the list; False when there is none."""
    found = await db.fetchval(
        """
        UPDATE products SET retired_at = coalesce(retired_at, now()), updated_at = now()
         WHERE cluster_id = $1 AND member_id = $2 AND product_id = $3 RETURNING true
        """,
        scope.cluster,
        scope.member_id,
        product_id,
    )
    return bool(found)


async def products(
    db: Connection, scope: Scope, after: UUID, limit: int, product_id: UUID | None, sku: str | None
) -> list[Product]:
    """The calling member's products, oldest first; one of them, or that of a SKU, if asked."""
    rows = await db.fetch(
        """
        SELECT product_id, sku, name, weight_g, length_mm, width_mm, height_mm, rotations, on_top, bearing_max_g,
               hs_code, temperature_class, dangerous, version, created_at, updated_at
          FROM products
         WHERE cluster_id = $1 AND product_id > $2 AND member_id = $3 AND retired_at IS NULL
           AND ($4::uuid IS NULL OR product_id = $4) AND ($5::text IS NULL OR sku = $5)
         ORDER BY product_id LIMIT $6
        """,
        scope.cluster,
        after,
        scope.member_id,
        product_id,
        sku,
        limit,
    )
    return [_product(dict(row)) for row in rows]


def _product(fields: dict[str, Any]) -> Product:
    shown = ids.show("prd", fields.pop("product_id"))
    return msgspec.convert(fields | {"id": shown}, Product)


async def products_by_sku(db: Connection, scope: Scope, skus: Sequence[str]) -> dict[str, Product]:
    """Those of some SKUs that the calling member has."""
    rows = await db.fetch(
        """
        SELECT product_id, sku, name, weight_g, length_mm, width_mm, height_mm, rotations, on_top, bearing_max_g,
               hs_code, temperature_class, dangerous, version, created_at, updated_at
          FROM products WHERE cluster_id = $1 AND member_id = $2 AND retired_at IS NULL AND sku = ANY($3)
        """,
        scope.cluster,
        scope.member_id,
        list(skus),
    )
    found = {}
    for row in rows:
        found[row["sku"]] = _product(dict(row))
    return found


async def put_cartons(db: Connection, scope: Scope, cartons: Sequence[tuple[UUID, AddCarton]]) -> None:
    """Adds cartons of the calling member, or puts them in the place of those with the same code."""
    await db.execute(
        """
        INSERT INTO cartons (cluster_id, member_id, carton_id, code, inner_length_mm, inner_width_mm, inner_height_mm,
                             wall_mm, tare_g, weight_max_g, bearing_max_g, cost_minor)
        SELECT $1, $2, new.*
          FROM unnest($3::uuid[], $4::text[], $5::int[], $6::int[], $7::int[], $8::int[], $9::bigint[], $10::bigint[],
                      $11::bigint[], $12::bigint[]) AS new
        ON CONFLICT (cluster_id, member_id, code) DO UPDATE
           SET inner_length_mm = excluded.inner_length_mm, inner_width_mm = excluded.inner_width_mm,
               inner_height_mm = excluded.inner_height_mm, wall_mm = excluded.wall_mm, tare_g = excluded.tare_g,
               weight_max_g = excluded.weight_max_g, bearing_max_g = excluded.bearing_max_g,
               cost_minor = excluded.cost_minor, retired_at = NULL, version = cartons.version + 1, updated_at = now()
        """,
        scope.cluster,
        scope.member_id,
        *[list(column) for column in zip(*((key, *structs.astuple(body)) for key, body in cartons), strict=True)],
    )


async def insert_carton(db: Connection, scope: Scope, carton_id: UUID, body: AddCarton) -> bool:
    """A new carton; False when the member has one with this code."""
    found = await db.fetchval(
        """
        INSERT INTO cartons (cluster_id, member_id, carton_id, code, inner_length_mm, inner_width_mm, inner_height_mm,
                             wall_mm, tare_g, weight_max_g, bearing_max_g, cost_minor)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        ON CONFLICT (cluster_id, member_id, code) DO NOTHING RETURNING true
        """,
        scope.cluster,
        scope.member_id,
        carton_id,
        *structs.astuple(body),
    )
    return bool(found)


async def update_carton(db: Connection, scope: Scope, carton_id: UUID, body: AddCarton) -> bool:
    """Puts other values in a carton's place; False when there is none."""
    found = await db.fetchval(
        """
        UPDATE cartons SET code = $4, inner_length_mm = $5, inner_width_mm = $6, inner_height_mm = $7, wall_mm = $8,
                           tare_g = $9, weight_max_g = $10, bearing_max_g = $11, cost_minor = $12,
                           version = version + 1, updated_at = now()
         WHERE cluster_id = $1 AND member_id = $2 AND carton_id = $3 AND retired_at IS NULL RETURNING true
        """,
        scope.cluster,
        scope.member_id,
        carton_id,
        *structs.astuple(body),
    )
    return bool(found)


async def retire_carton(db: Connection, scope: Scope, carton_id: UUID) -> bool:
    """Takes a carton out of the catalogue; False when there is none."""
    found = await db.fetchval(
        """
        UPDATE cartons SET retired_at = coalesce(retired_at, now()), updated_at = now()
         WHERE cluster_id = $1 AND member_id = $2 AND carton_id = $3 RETURNING true
        """,
        scope.cluster,
        scope.member_id,
        carton_id,
    )
    return bool(found)


async def cartons(db: Connection, scope: Scope, after: UUID, limit: int, carton_id: UUID | None) -> list[Carton]:
    """The calling member's cartons, oldest first; one of them if asked."""
    rows = await db.fetch(
        """
        SELECT carton_id, code, inner_length_mm, inner_width_mm, inner_height_mm, wall_mm, tare_g, weight_max_g,
               bearing_max_g, cost_minor, version, created_at, updated_at
          FROM cartons
         WHERE cluster_id = $1 AND carton_id > $2 AND member_id = $3 AND retired_at IS NULL
           AND ($4::uuid IS NULL OR carton_id = $4)
         ORDER BY carton_id LIMIT $5
        """,
        scope.cluster,
        after,
        scope.member_id,
        carton_id,
        limit,
    )
    found = []
    for row in rows:
        fields = dict(row)
        found.append(Carton(id=ids.show("ctn", fields.pop("carton_id")), **fields))
    return found


async def add_contents(
    db: Connection, scope: Scope, contents: Sequence[tuple[UUID, int, int, str | None, str, int]]
) -> None:
    """What is in handling units: shipment, line of the unit, number, SKU, name, quantity."""
    await db.execute(
        """
        INSERT INTO unit_contents (cluster_id, member_id, shipment_id, line_no, entry_no, sku, name, quantity)
        SELECT $1, $2, new.*
          FROM unnest($3::uuid[], $4::int[], $5::int[], $6::text[], $7::text[], $8::int[]) AS new
        """,
        scope.cluster,
        scope.member_id,
        *[list(column) for column in zip(*contents, strict=True)],
    )


async def contents(db: Connection, scope: Scope, shipment_id: UUID) -> list[tuple[int, str | None, str, int]]:
    """What is in the handling units of a shipment: line of the unit, SKU, name, quantity."""
    rows = await db.fetch(
        """
        SELECT line_no, sku, name, quantity FROM unit_contents
         WHERE cluster_id = $1 AND shipment_id = $2 AND ($3::uuid IS NULL OR member_id = $3) ORDER BY line_no, entry_no
        """,
        scope.cluster,
        shipment_id,
        scope.member_id,
    )
    return [(row["line_no"], row["sku"], row["name"], row["quantity"]) for row in rows]


async def drop_contents(db: Connection, scope: Scope, shipment_id: UUID) -> None:
    """Forgets what is in the handling units of a shipment."""
    await db.execute("DELETE FROM unit_contents WHERE cluster_id = $1 AND shipment_id = $2", scope.cluster, shipment_id)
