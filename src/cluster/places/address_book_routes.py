"""HTTP of the address book, of administrative units and of geocoding."""

from typing import Annotated

from litestar import Controller, Response, delete, get, patch, post
from litestar.params import FromPath, JSONBody, QueryParameter

from cluster.base import ids
from cluster.base.auth import ANY_IN_CLUSTER, MEMBERS, NOTED, For
from cluster.base.etags import IfMatch, must_match, with_etag
from cluster.base.http import ApiRequest, Db, IdempotencyKey, created
from cluster.base.pages import LIMIT_DEFAULT, Cursor, Limit, Page, after
from cluster.places import address_book, locating, units, unlocodes
from cluster.places.address import Address
from cluster.places.address_book_models import AddAddress, EditAddress, SavedAddress
from cluster.places.editing import place_kept, whole_after
from cluster.places.geocoding_models import GeocodedAddress
from cluster.places.subdivisions import names_of
from cluster.places.units_models import AdminUnits, Resolution, ResolveAddress, SubdivisionEntry, Subdivisions
from cluster.places.unlocodes_models import UnLocodes

Words = Annotated[str | None, QueryParameter(max_length=100, description="Words that must occur, accents or none.")]
Country = Annotated[str, QueryParameter(pattern="^[A-Z]{2}$", description="ISO 3166-1 alpha-2.")]
ProvinceCode = Annotated[
    str | None, QueryParameter(pattern="^[0-9]{2}$", description="Wards of this province; provinces if left out.")
]
LocodeCode = Annotated[str | None, QueryParameter(max_length=6, description="One code, such as VNSGN or VN SGN.")]


def point_of(body: AddAddress) -> tuple[float, float] | None:
    """The point that an asker gave."""
    return None if body.lat is None or body.lon is None else (body.lat, body.lon)


class AddressesController(Controller):
    """A member's consignees."""

    path = "/v1/addresses"
    tags = ("Address book",)

    @post("/", guards=[For(*MEMBERS)], operation_id="add_address")
    async def add_address(
        self, request: ApiRequest, database: Db, idempotency_key: IdempotencyKey, data: JSONBody[AddAddress]
    ) -> Response[SavedAddress]:
        """Add a consignee to your address book; nobody else can read it, nor can the coordinator."""
        place = await locating.locate(database, request.auth, request.app.state.geocoder, data, point_of(data))
        return await created(
            request,
            database,
            idempotency_key,
            lambda db: address_book.add(db, request.auth, data, locating.found_or_refused(place)),
            "/v1/addresses/{id}",
        )

    @get("/", guards=[For(*MEMBERS)], operation_id="list_addresses")
    async def list_addresses(
        self,
        request: ApiRequest,
        database: Db,
        limit: Limit = LIMIT_DEFAULT,
        cursor: Cursor = None,
        q: Words = None,
    ) -> Page[SavedAddress]:
        """Your consignees; with ``q`` those whose name, company, code, street or phone holds all its words."""
        async with database.unit(request.auth) as db:
            return await address_book.list_addresses(db, request.auth, after("adr", cursor), limit, q)

    @get("/{address_id:str}", guards=[For(*MEMBERS)], operation_id="get_address")
    async def get_address(self, request: ApiRequest, database: Db, address_id: FromPath[str]) -> Response[SavedAddress]:
        """One consignee."""
        async with database.unit(request.auth) as db:
            found = await address_book.address(db, request.auth, ids.parse("adr", address_id))
        return with_etag(found, found.version)

    @patch("/{address_id:str}", guards=[For(*MEMBERS)], operation_id="edit_address")
    async def edit_address(
        self,
        request: ApiRequest,
        database: Db,
        address_id: FromPath[str],
        data: JSONBody[EditAddress],
        if_match: IfMatch = None,
    ) -> Response[SavedAddress]:
        """Change a consignee; what was booked before keeps what it was booked with."""
        identifier = ids.parse("adr", address_id)
        async with database.unit(request.auth) as db:
            current = await address_book.address(db, request.auth, identifier)
        must_match(if_match, current.version)
        whole, place = whole_after(current, data, AddAddress), place_kept(current, data)
        if place is None:
            place = locating.found_or_refused(
                await locating.locate(database, request.auth, request.app.state.geocoder, whole, point_of(whole))
            )
        async with database.unit(request.auth) as db:
            found = await address_book.replace(db, request.auth, identifier, current.version, whole, place)
        return with_etag(found, found.version)

    @delete("/{address_id:str}", guards=[For(*MEMBERS)], operation_id="delete_address", status_code=204)
    async def delete_address(self, request: ApiRequest, database: Db, address_id: FromPath[str]) -> None:
        """Erase a consignee for good; what was booked keeps its copy."""
        async with database.unit(request.auth) as db:
            await address_book.delete(db, request.auth, ids.parse("adr", address_id))


class LookupsController(Controller):
    """What everybody may look up: units, codes, and where an address is."""

    path = "/v1"
    tags = ("Places",)

    @post("/geocode", guards=[For(*ANY_IN_CLUSTER)], operation_id="geocode", status_code=200)
    async def geocode(self, request: ApiRequest, database: Db, data: JSONBody[Address]) -> GeocodedAddress:
        """Where an address is, how well that is known, and what else it may be. Nothing is stored in your book."""
        return await locating.geocode(database, request.auth, request.app.state.geocoder, data)

    @post("/addresses/resolve", guards=[For(*ANY_IN_CLUSTER)], operation_id="resolve_address", status_code=200)
    async def resolve_address(self, request: ApiRequest, database: Db, data: JSONBody[ResolveAddress]) -> Resolution:
        """Today's province and ward of an old Vietnamese address, given by its names, as one line, or as a point."""
        async with database.unit(request.auth) as db:
            return await units.resolve(db, data)

    @get("/admin-units", guards=[For(*ANY_IN_CLUSTER)], operation_id="list_admin_units", opt={NOTED: False})
    async def list_admin_units(
        self, request: ApiRequest, database: Db, province_code: ProvinceCode = None, q: Words = None
    ) -> AdminUnits:
        """Vietnam's provinces, or the wards of one; empty where the list was not imported."""
        async with database.unit(request.auth) as db:
            return await (units.provinces(db) if province_code is None else units.wards(db, province_code, q))

    @get("/subdivisions", guards=[For(*ANY_IN_CLUSTER)], operation_id="list_subdivisions", opt={NOTED: False})
    async def list_subdivisions(self, country_code: Country) -> Subdivisions:
        """A country's states, provinces or the like by ISO 3166-2."""
        return Subdivisions(data=[SubdivisionEntry(code=code, name=name) for code, name in names_of(country_code)])

    @get("/un-locodes", guards=[For(*ANY_IN_CLUSTER)], operation_id="list_un_locodes", opt={NOTED: False})
    async def list_un_locodes(
        self,
        request: ApiRequest,
        database: Db,
        code: LocodeCode = None,
        country_code: Annotated[
            str | None, QueryParameter(pattern="^[A-Z]{2}$", description="Only places of this country.")
        ] = None,
        q: Words = None,
        limit: Limit = LIMIT_DEFAULT,
    ) -> UnLocodes:
        """Ports, stations and other places of trade: one by its code, or those whose name begins with ``q``."""
        async with database.unit(request.auth) as db:
            return await unlocodes.look_up(db, code, country_code, q, limit)
