"""HTTP of tenders: for the coordinator, and for carriers."""

from typing import Annotated

from litestar import Controller, get, post
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response import Response

from cluster.base import ids
from cluster.base.auth import For
from cluster.base.db import Role
from cluster.base.http import ApiRequest, Db, IdempotencyKey, created
from cluster.base.pages import LIMIT_DEFAULT, Cursor, Limit, Page, after
from cluster.tenders import answering, service
from cluster.tenders.models import (
    AcceptOffer,
    AwardTender,
    CounterOffer,
    DeclineOffer,
    Offer,
    OfferStatus,
    Tender,
    TenderStatus,
    TenderTour,
)
from cluster.tenders.queries import Wanted

TourFilter = Annotated[str | None, QueryParameter(max_length=40, description="Only those of this tour.")]
TenderFilter = Annotated[TenderStatus | None, QueryParameter(name="status", description="Only those in this state.")]
OfferFilter = Annotated[OfferStatus | None, QueryParameter(name="status", description="Only those in this state.")]


class TendersController(Controller):
    """Tenders of tours, for the coordinator."""

    path = "/v1"
    tags = ("Tenders",)

    @post("/tours/{tour_id:str}/tenders", guards=[For(Role.COORDINATOR)], operation_id="tender_tour")
    async def tender_tour(
        self,
        request: ApiRequest,
        database: Db,
        idempotency_key: IdempotencyKey,
        tour_id: FromPath[str],
        data: JSONBody[TenderTour],
    ) -> Response[Tender]:
        """Ask carriers to drive a planned tour: one, one after the other, or all at once."""
        return await created(
            request,
            database,
            idempotency_key,
            lambda db: service.tender_tour(db, request.auth, ids.parse("tor", tour_id), data),
            "/v1/tenders/{id}",
        )

    @get("/tenders", guards=[For(Role.COORDINATOR)], operation_id="list_tenders")
    async def list_tenders(
        self,
        request: ApiRequest,
        database: Db,
        limit: Limit = LIMIT_DEFAULT,
        cursor: Cursor = None,
        tour_id: TourFilter = None,
        in_status: TenderFilter = None,
    ) -> Page[Tender]:
        """Tenders with every offer, oldest first."""
        wanted = Wanted(tour_id=None if tour_id is None else ids.parse("tor", tour_id), status=in_status)
        async with database.unit(request.auth) as db:
            return await service.list_tenders(db, request.auth, after("tnd", cursor), limit, wanted)

    @get("/tenders/{tender_id:str}", guards=[For(Role.COORDINATOR)], operation_id="get_tender")
    async def get_tender(self, request: ApiRequest, database: Db, tender_id: FromPath[str]) -> Tender:
        """A tender with every offer and answer."""
        async with database.unit(request.auth) as db:
            return await service.tender(db, request.auth, ids.parse("tnd", tender_id))

    @post(
        "/tenders/{tender_id:str}/withdraw",
        guards=[For(Role.COORDINATOR)],
        operation_id="withdraw_tender",
        status_code=200,
    )
    async def withdraw_tender(self, request: ApiRequest, database: Db, tender_id: FromPath[str]) -> Tender:
        """Take a tender back before it is awarded. Twice is the same as once."""
        async with database.unit(request.auth) as db:
            return await service.withdraw(db, request.auth, ids.parse("tnd", tender_id))

    @post(
        "/tenders/{tender_id:str}/award", guards=[For(Role.COORDINATOR)], operation_id="award_tender", status_code=200
    )
    async def award_tender(
        self, request: ApiRequest, database: Db, tender_id: FromPath[str], data: JSONBody[AwardTender]
    ) -> Tender:
        """Take one carrier's answer, whatever the rule would say. Twice is the same as once."""
        async with database.unit(request.auth) as db:
            return await service.award(db, request.auth, ids.parse("tnd", tender_id), ids.parse("ofr", data.offer_id))


class OffersController(Controller):
    """Offers to a carrier, with a key of its own."""

    path = "/v1/carrier/offers"
    tags = ("Carrier API",)
    guards = (For(Role.CARRIER_KEY),)

    @get("/", operation_id="list_offers")
    async def list_offers(
        self,
        request: ApiRequest,
        database: Db,
        limit: Limit = LIMIT_DEFAULT,
        cursor: Cursor = None,
        in_status: OfferFilter = None,
    ) -> Page[Offer]:
        """Tours that you were asked to drive, oldest first; `status=open` are those to answer."""
        async with database.unit(request.auth) as db:
            return await answering.offers(db, request.auth, after("ofr", cursor), limit, in_status)

    @get("/{offer_id:str}", operation_id="get_offer")
    async def get_offer(self, request: ApiRequest, database: Db, offer_id: FromPath[str]) -> Offer:
        """What is to be driven, at what price, until when to answer, and what became of it."""
        async with database.unit(request.auth) as db:
            return await answering.offer(db, request.auth, ids.parse("ofr", offer_id))

    @post("/{offer_id:str}/accept", operation_id="accept_offer", status_code=200)
    async def accept_offer(
        self, request: ApiRequest, database: Db, offer_id: FromPath[str], data: JSONBody[AcceptOffer]
    ) -> Offer:
        """Take the tour at its price. Twice is the same as once."""
        return await answering.answer(database, request.auth, ids.parse("ofr", offer_id), data)

    @post("/{offer_id:str}/counter", operation_id="counter_offer", status_code=200)
    async def counter_offer(
        self, request: ApiRequest, database: Db, offer_id: FromPath[str], data: JSONBody[CounterOffer]
    ) -> Offer:
        """Name the price, or the start, at which you would take it. Another counter takes the place of an earlier."""
        return await answering.answer(database, request.auth, ids.parse("ofr", offer_id), data)

    @post("/{offer_id:str}/decline", operation_id="decline_offer", status_code=200)
    async def decline_offer(
        self, request: ApiRequest, database: Db, offer_id: FromPath[str], data: JSONBody[DeclineOffer]
    ) -> Offer:
        """Say that you do not take it, and why. Twice is the same as once."""
        return await answering.answer(database, request.auth, ids.parse("ofr", offer_id), data)
