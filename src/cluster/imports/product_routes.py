"""HTTP of products, cartons, and what is packed into them."""

from typing import Annotated

from litestar import Controller, delete, get, post, put
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response import Response

from cluster.base import ids
from cluster.base.auth import MEMBERS, For
from cluster.base.etags import IfMatch, with_etag
from cluster.base.http import ApiRequest, Db, IdempotencyKey, created
from cluster.base.pages import LIMIT_DEFAULT, Cursor, Limit, Page, after
from cluster.imports import products
from cluster.imports.product_models import (
    AddCarton,
    AddProduct,
    BookItems,
    Carton,
    Cartonise,
    Cartonised,
    Product,
    ShipmentContents,
    UnitContent,
)
from cluster.shipments.models import Shipment

SkuFilter = Annotated[str | None, QueryParameter(max_length=100, description="Only the one with this SKU.")]


class ProductsController(Controller):
    """Products, cartons, packing."""

    path = "/v1"
    tags = ("Imports",)

    @post("/products", guards=[For(*MEMBERS)], operation_id="add_product")
    async def add_product(
        self, request: ApiRequest, database: Db, idempotency_key: IdempotencyKey, data: JSONBody[AddProduct]
    ) -> Response[Product]:
        """Add a product. Many at once: import a file of products."""
        location = "/v1/products/{id}"
        return await created(
            request, database, idempotency_key, lambda db: products.add_product(db, request.auth, data), location
        )

    @get("/products", guards=[For(*MEMBERS)], operation_id="list_products")
    async def list_products(
        self, request: ApiRequest, database: Db, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None,
        sku: SkuFilter = None,
    ) -> Page[Product]:  # fmt: skip
        """Your products."""
        async with database.unit(request.auth) as db:
            return await products.list_products(db, request.auth, after("prd", cursor), limit, sku)

    @get("/products/{product_id:str}", guards=[For(*MEMBERS)], operation_id="get_product")
    async def get_product(self, request: ApiRequest, database: Db, product_id: FromPath[str]) -> Response[Product]:
        """One product, with its version as ETag."""
        async with database.unit(request.auth) as db:
            found = await products.product(db, request.auth, ids.parse("prd", product_id))
        return with_etag(found, found.version)

    @put("/products/{product_id:str}", guards=[For(*MEMBERS)], operation_id="put_product")
    async def put_product(
        self, request: ApiRequest, database: Db, product_id: FromPath[str], data: JSONBody[AddProduct],
        if_match: IfMatch = None,
    ) -> Response[Product]:  # fmt: skip
        """Change a product that is still as you saw it."""
        async with database.unit(request.auth) as db:
            found = await products.put_product(db, request.auth, ids.parse("prd", product_id), if_match, data)
        return with_etag(found, found.version)

    @delete("/products/{product_id:str}", guards=[For(*MEMBERS)], operation_id="retire_product")
    async def retire_product(self, request: ApiRequest, database: Db, product_id: FromPath[str]) -> None:
        """Take a product off the list. What was booked with it stays."""
        async with database.unit(request.auth) as db:
            await products.retire_product(db, request.auth, ids.parse("prd", product_id))

    @post("/cartons", guards=[For(*MEMBERS)], operation_id="add_carton")
    async def add_carton(
        self, request: ApiRequest, database: Db, idempotency_key: IdempotencyKey, data: JSONBody[AddCarton]
    ) -> Response[Carton]:
        """Add a carton that you pack into."""
        location = "/v1/cartons/{id}"
        return await created(
            request, database, idempotency_key, lambda db: products.add_carton(db, request.auth, data), location
        )

    @get("/cartons", guards=[For(*MEMBERS)], operation_id="list_cartons")
    async def list_cartons(
        self, request: ApiRequest, database: Db, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
    ) -> Page[Carton]:
        """Your cartons; while there are none, the usual sizes are taken."""
        async with database.unit(request.auth) as db:
            return await products.list_cartons(db, request.auth, after("ctn", cursor), limit)

    @get("/cartons/{carton_id:str}", guards=[For(*MEMBERS)], operation_id="get_carton")
    async def get_carton(self, request: ApiRequest, database: Db, carton_id: FromPath[str]) -> Response[Carton]:
        """One carton, with its version as ETag."""
        async with database.unit(request.auth) as db:
            found = await products.carton(db, request.auth, ids.parse("ctn", carton_id))
        return with_etag(found, found.version)

    @put("/cartons/{carton_id:str}", guards=[For(*MEMBERS)], operation_id="put_carton")
    async def put_carton(
        self, request: ApiRequest, database: Db, carton_id: FromPath[str], data: JSONBody[AddCarton],
        if_match: IfMatch = None,
    ) -> Response[Carton]:  # fmt: skip
        """Change a carton that is still as you saw it."""
        async with database.unit(request.auth) as db:
            found = await products.put_carton(db, request.auth, ids.parse("ctn", carton_id), if_match, data)
        return with_etag(found, found.version)

    @delete("/cartons/{carton_id:str}", guards=[For(*MEMBERS)], operation_id="retire_carton")
    async def retire_carton(self, request: ApiRequest, database: Db, carton_id: FromPath[str]) -> None:
        """Take a carton out of your catalogue."""
        async with database.unit(request.auth) as db:
            await products.retire_carton(db, request.auth, ids.parse("ctn", carton_id))

    @post("/cartonise", guards=[For(*MEMBERS)], operation_id="cartonise", status_code=200)
    async def cartonise(self, request: ApiRequest, database: Db, data: JSONBody[Cartonise]) -> Cartonised:
        """See which handling units items make, with what is in each. Nothing is booked."""
        return await products.cartonise(database, request.auth, data)

    @post("/shipments/from-items", guards=[For(*MEMBERS)], operation_id="book_items")
    async def book_items(
        self, request: ApiRequest, database: Db, idempotency_key: IdempotencyKey, data: JSONBody[BookItems]
    ) -> Response[Shipment]:
        """Book a shipment by its items: they are packed into handling units first, and what is in each is kept."""
        packed = await products.cartonise(database, request.auth, data.packing)
        body = products.booking_of(data.shipment, packed)
        location = "/v1/shipments/{id}"
        return await created(
            request, database, idempotency_key, lambda db: products.book(db, request.auth, body, packed), location
        )

    @get("/shipments/{shipment_id:str}/contents", guards=[For(*MEMBERS)], operation_id="get_shipment_contents")
    async def get_shipment_contents(
        self, request: ApiRequest, database: Db, shipment_id: FromPath[str]
    ) -> ShipmentContents:
        """What is in the handling units of a shipment, by the number of the unit's line."""
        async with database.unit(request.auth) as db:
            found = await products.contents(db, request.auth, ids.parse("shp", shipment_id))
        contents = [UnitContent(unit_no=no, sku=sku, name=name, quantity=count) for no, sku, name, count in found]
        return ShipmentContents(contents=contents)
