"""HTTP of shared warehouse space."""

from datetime import date
from typing import Annotated

from litestar import Controller, get, post
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response import Response

from cluster.base import ids
from cluster.base.auth import ANY_IN_CLUSTER, MEMBERS, For
from cluster.base.db import Role
from cluster.base.http import ApiRequest, Db, IdempotencyKey, created
from cluster.base.pages import LIMIT_DEFAULT, Cursor, Limit, Page, after
from cluster.shipments.goods import TemperatureClass
from cluster.space import offers, replans, service
from cluster.space.booking_queries import BookingsWanted
from cluster.space.models import (
    AskReplan,
    BookSpace,
    ExtendSpace,
    OfferSpace,
    ReleaseSpace,
    SpaceAnswer,
    SpaceBooking,
    SpaceBookingStatus,
    SpaceCalendar,
    SpaceOffer,
    SpaceReplan,
    SpaceUnit,
    WantSpace,
)
from cluster.space.queries import OffersWanted

SiteFilter = Annotated[str | None, QueryParameter(max_length=40, description="Only those at this site.")]
ClassFilter = Annotated[TemperatureClass | None, QueryParameter(description="Only those of this temperature class.")]
UnitFilter = Annotated[SpaceUnit | None, QueryParameter(description="Only those that are counted in this unit.")]
OfferFilter = Annotated[str | None, QueryParameter(max_length=40, description="Only those in this offer.")]
StatusFilter = Annotated[
    SpaceBookingStatus | None, QueryParameter(name="status", description="Only those in this state.")
]
FirstDay = Annotated[date, QueryParameter(description="First day.")]
LastDay = Annotated[date, QueryParameter(description="Last day, at most a year after the first.")]


class SpaceOffersController(Controller):
    """Offers of space, what is free, and the calendar of each."""

    path = "/v1"
    tags = ("Space",)
    guards = (For(*ANY_IN_CLUSTER),)

    @post("/space-offers", operation_id="offer_space")
    async def offer_space(
        self, request: ApiRequest, database: Db, idempotency_key: IdempotencyKey, data: JSONBody[OfferSpace]
    ) -> Response[SpaceOffer]:
        """Offer space: your own at a site of yours, or the cluster's (coordinator). Those who wait are asked first."""
        return await created(
            request,
            database,
            idempotency_key,
            lambda db: offers.offer_space(db, request.auth, data),
            "/v1/space-offers/{id}",
        )

    @get("/space-offers", operation_id="list_space_offers")
    async def list_space_offers(
        self,
        request: ApiRequest,
        database: Db,
        limit: Limit = LIMIT_DEFAULT,
        cursor: Cursor = None,
        site_id: SiteFilter = None,
        temperature: ClassFilter = None,
        unit: UnitFilter = None,
    ) -> Page[SpaceOffer]:
        """Space that is or was offered in the cluster, oldest first."""
        site = None if site_id is None else ids.parse("sit", site_id)
        wanted = OffersWanted(site_id=site, temperature=temperature, unit=unit)
        async with database.unit(request.auth) as db:
            return await offers.list_offers(db, request.auth, after("spo", cursor), limit, wanted)

    @get("/space-offers/{offer_id:str}", operation_id="get_space_offer")
    async def get_space_offer(self, request: ApiRequest, database: Db, offer_id: FromPath[str]) -> SpaceOffer:
        """One offer of space."""
        async with database.unit(request.auth) as db:
            return await offers.offer(db, request.auth, ids.parse("spo", offer_id))

    @post("/space-offers/{offer_id:str}/withdraw", operation_id="withdraw_space_offer", status_code=200)
    async def withdraw_space_offer(self, request: ApiRequest, database: Db, offer_id: FromPath[str]) -> SpaceOffer:
        """Take an offer off the market; bookings that it has stay. Twice is the same as once."""
        async with database.unit(request.auth) as db:
            return await offers.withdraw(db, request.auth, ids.parse("spo", offer_id))

    @get("/space-offers/{offer_id:str}/calendar", operation_id="get_space_calendar")
    async def get_space_calendar(
        self, request: ApiRequest, database: Db, offer_id: FromPath[str], first_on: FirstDay, last_on: LastDay
    ) -> SpaceCalendar:
        """How much is free on each day, and who stands where: all for whose space it is, else your own stays."""
        async with database.unit(request.auth) as db:
            return await offers.calendar(db, request.auth, ids.parse("spo", offer_id), first_on, last_on)

    @post("/space-searches", operation_id="search_space", status_code=200)
    async def search_space(self, request: ApiRequest, database: Db, data: JSONBody[WantSpace]) -> SpaceAnswer:
        """Where there is room for a stay, and what it costs; or why there is none. Nothing is booked."""
        async with database.unit(request.auth) as db:
            return await service.search(db, request.auth, data)


class SpaceBookingsController(Controller):
    """Bookings of space."""

    path = "/v1/space-bookings"
    tags = ("Space",)

    @post("/", guards=[For(*MEMBERS)], operation_id="book_space")
    async def book_space(
        self, request: ApiRequest, database: Db, idempotency_key: IdempotencyKey, data: JSONBody[BookSpace]
    ) -> Response[SpaceBooking]:
        """Book space where it costs least, or wait for it."""
        return await created(
            request,
            database,
            idempotency_key,
            lambda db: service.book(db, request.auth, data),
            "/v1/space-bookings/{id}",
        )

    @get("/", guards=[For(*ANY_IN_CLUSTER)], operation_id="list_space_bookings")
    async def list_space_bookings(
        self,
        request: ApiRequest,
        database: Db,
        limit: Limit = LIMIT_DEFAULT,
        cursor: Cursor = None,
        offer_id: OfferFilter = None,
        in_status: StatusFilter = None,
    ) -> Page[SpaceBooking]:
        """Your bookings of space, all for the coordinator; oldest first."""
        offer = None if offer_id is None else ids.parse("spo", offer_id)
        wanted = BookingsWanted(offer_id=offer, status=in_status)
        async with database.unit(request.auth) as db:
            return await service.list_bookings(db, request.auth, after("spb", cursor), limit, wanted)

    @get("/{booking_id:str}", guards=[For(*ANY_IN_CLUSTER)], operation_id="get_space_booking")
    async def get_space_booking(self, request: ApiRequest, database: Db, booking_id: FromPath[str]) -> SpaceBooking:
        """One booking of space."""
        async with database.unit(request.auth) as db:
            return await service.booking(db, request.auth, ids.parse("spb", booking_id))

    @post("/{booking_id:str}/extend", guards=[For(*ANY_IN_CLUSTER)], operation_id="extend_space", status_code=200)
    async def extend_space(
        self, request: ApiRequest, database: Db, booking_id: FromPath[str], data: JSONBody[ExtendSpace]
    ) -> SpaceBooking:
        """Let goods stay longer where they are. The same day again changes nothing."""
        async with database.unit(request.auth) as db:
            return await service.extend(db, request.auth, ids.parse("spb", booking_id), data.last_on)

    @post("/{booking_id:str}/release", guards=[For(*ANY_IN_CLUSTER)], operation_id="release_space", status_code=200)
    async def release_space(
        self, request: ApiRequest, database: Db, booking_id: FromPath[str], data: JSONBody[ReleaseSpace]
    ) -> SpaceBooking:
        """Give space back, whole or from a day on, or stop waiting. Those who wait get it at once."""
        async with database.unit(request.auth) as db:
            return await service.release(db, request.auth, ids.parse("spb", booking_id), data.from_on)


class SpaceReplansController(Controller):
    """Space thought through anew, for the coordinator."""

    path = "/v1/space-replans"
    tags = ("Space",)
    guards = (For(Role.COORDINATOR),)

    @post("/", operation_id="replan_space")
    async def replan_space(self, request: ApiRequest, database: Db, data: JSONBody[AskReplan]) -> SpaceReplan:
        """Work out what would move so that those who wait find room, and at what price. Nothing moves yet."""
        return await replans.ask(database, request.auth, request.app.state.space_planner, data)

    @get("/{replan_id:str}", operation_id="get_space_replan")
    async def get_space_replan(self, request: ApiRequest, database: Db, replan_id: FromPath[str]) -> SpaceReplan:
        """One re-plan of space."""
        async with database.unit(request.auth) as db:
            return await replans.replan(db, request.auth, ids.parse("spr", replan_id))

    @post("/{replan_id:str}/apply", operation_id="apply_space_replan", status_code=200)
    async def apply_space_replan(self, request: ApiRequest, database: Db, replan_id: FromPath[str]) -> SpaceReplan:
        """Move bookings as proposed, all or none. Twice is the same as once."""
        async with database.unit(request.auth) as db:
            return await replans.apply(db, request.auth, ids.parse("spr", replan_id))
