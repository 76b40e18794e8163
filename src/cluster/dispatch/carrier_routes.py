"""HTTP of a carrier's own tours and events."""

from datetime import date
from typing import Annotated

from litestar import Controller, get, post
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response import Response

from cluster.base import ids
from cluster.base.auth import For
from cluster.base.db import Role
from cluster.base.etags import IfNoneMatch, with_tag_of_content
from cluster.base.http import ApiRequest, Db
from cluster.base.pages import LIMIT_DEFAULT, Cursor, Limit, after
from cluster.base.reference.document import OTHER_MEDIA_TYPES
from cluster.dispatch import carrier_events, carrier_tours, foreign_codes, typesetting
from cluster.dispatch.carrier_models import (
    CarrierEvents,
    CarrierTakenEvents,
    CarrierTours,
    CarrierWholeTour,
    ForeignCodes,
    ForeignEvents,
    ForeignFormat,
)
from cluster.dispatch.carrier_queries import Asked
from cluster.dispatch.document_models import LabelFormat, PaperLanguage
from cluster.dispatch.document_routes import PDF, ZPL, Format, Language, as_file, paper_answer, printed
from cluster.dispatch.driver_routes import (
    ActionQuery,
    EventKeyQuery,
    KindQuery,
    ProofOperation,
    ShipmentQuery,
    SignerQuery,
    TakenQuery,
)
from cluster.dispatch.event_models import PROOF_MAX_BYTES, Proof, ReportEvents, TakenEvents
from cluster.dispatch.models import TourStatus
from cluster.dispatch.proofs import NewContent
from cluster.shipments.parties import Instant

StatusFilter = Annotated[TourStatus | None, QueryParameter(name="status", description="Only those in this state.")]
FromFilter = Annotated[date | None, QueryParameter(description="Only those driven on this day or later.")]
UntilFilter = Annotated[date | None, QueryParameter(description="Only those driven on this day or before.")]
SinceFilter = Annotated[
    Instant | None, QueryParameter(description="Only those that changed since: `as_of` of the time before.")
]
FormatQuery = Annotated[ForeignFormat, QueryParameter(name="format", description="Whose codes.")]


class CarrierToursController(Controller):
    """A carrier's own tours."""

    path = "/v1/carrier"
    tags = ("Carrier API",)
    guards = (For(Role.CARRIER_KEY),)

    @get("/tours", operation_id="list_my_tours")
    async def list_my_tours(
        self,
        request: ApiRequest,
        database: Db,
        limit: Limit = LIMIT_DEFAULT,
        cursor: Cursor = None,
        in_status: StatusFilter = None,
        service_date_from: FromFilter = None,
        service_date_until: UntilFilter = None,
        changed_since: SinceFilter = None,
    ) -> CarrierTours:
        """My tours that have been given out, with how far they are. One that is only planned is not there yet."""
        asked = Asked(
            status=in_status,
            service_date_from=service_date_from,
            service_date_until=service_date_until,
            changed_since=changed_since,
        )
        async with database.unit(request.auth) as db:
            return await carrier_tours.page_of(db, request.auth, after("tor", cursor), limit, asked)

    @get("/tours/{tour_id:str}", operation_id="get_my_tour")
    async def get_my_tour(
        self, request: ApiRequest, database: Db, tour_id: FromPath[str], if_none_match: IfNoneMatch = None
    ) -> Response[CarrierWholeTour]:
        """One of my tours with its stops: goods, windows, whom to ask for; planned, reported, expected."""
        async with database.unit(request.auth) as db:
            found = await carrier_tours.whole(db, request.auth, ids.parse("tor", tour_id))
        return with_tag_of_content(found, if_none_match)

    @get(
        "/tours/{tour_id:str}/documents/manifest",
        operation_id="get_my_manifest",
        media_type=PDF,
        responses=paper_answer("The manifest."),
    )
    async def get_my_manifest(
        self, request: ApiRequest, database: Db, tour_id: FromPath[str], language: Language = PaperLanguage.EN
    ) -> Response[bytes]:
        """The manifest of one of my tours as PDF: stops, goods, whom to ask for, room for signatures."""
        wanted = typesetting.printable(language)
        async with database.unit(request.auth) as db:
            paper = await carrier_tours.manifest(db, request.auth, ids.parse("tor", tour_id), wanted)
        return await as_file(paper, f"manifest-{tour_id}")

    @get(
        "/tours/{tour_id:str}/documents/waybills",
        operation_id="get_my_waybills",
        media_type=PDF,
        responses=paper_answer("The waybills."),
    )
    async def get_my_waybills(
        self, request: ApiRequest, database: Db, tour_id: FromPath[str], language: Language = PaperLanguage.EN
    ) -> Response[bytes]:
        """Waybills of the shipments on one of my tours as PDF, one page each; CMR notes for those across a border."""
        wanted = typesetting.printable(language)
        async with database.unit(request.auth) as db:
            paper = await carrier_tours.waybills(db, request.auth, ids.parse("tor", tour_id), wanted)
        return await as_file(paper, f"waybills-{tour_id}")

    @get(
        "/tours/{tour_id:str}/documents/loading-plan",
        operation_id="get_my_loading_plan",
        media_type=PDF,
        responses=paper_answer("The loading plan."),
    )
    async def get_my_loading_plan(
        self, request: ApiRequest, database: Db, tour_id: FromPath[str], language: Language = PaperLanguage.EN
    ) -> Response[bytes]:
        """The loading plan of one of my tours as PDF: in which order, and where each unit stands."""
        wanted = typesetting.printable(language)
        async with database.unit(request.auth) as db:
            paper = await carrier_tours.loading_plan(db, request.auth, ids.parse("tor", tour_id), wanted)
        return await as_file(paper, f"loading-{tour_id}")

    @post(
        "/tours/{tour_id:str}/documents/labels",
        operation_id="print_my_labels",
        status_code=200,
        media_type=PDF,
        responses=paper_answer("The labels."),
        opt={OTHER_MEDIA_TYPES: (ZPL,)},
    )
    async def print_my_labels(
        self,
        request: ApiRequest,
        database: Db,
        tour_id: FromPath[str],
        file_format: Format = LabelFormat.PDF,
        language: Language = PaperLanguage.EN,
    ) -> Response[bytes]:
        """Labels of all units on one of my tours. A unit keeps its code: printing again is free."""
        async with database.unit(request.auth) as db:
            made = await carrier_tours.labels(db, request.auth, ids.parse("tor", tour_id))
        return await printed(made, file_format, language, tour_id)

    @post("/tours/{tour_id:str}/events", operation_id="report_my_tour", status_code=200)
    async def report_my_tour(
        self, request: ApiRequest, database: Db, tour_id: FromPath[str], data: JSONBody[ReportEvents]
    ) -> TakenEvents:
        """Report what happened on one of my tours, at any time later, in any order. Each counts once, by its key."""
        async with database.unit(request.auth) as db:
            return await carrier_events.take_one(db, request.auth, ids.parse("tor", tour_id), data)

    @post(
        "/tours/{tour_id:str}/proofs",
        operation_id="prove_my_visit",
        status_code=201,
        request_max_body_size=PROOF_MAX_BYTES + 1,
        operation_class=ProofOperation,
    )
    async def prove_my_visit(
        self,
        request: ApiRequest,
        database: Db,
        tour_id: FromPath[str],
        event_key: EventKeyQuery,
        shipment_id: ShipmentQuery,
        action: ActionQuery,
        kind: KindQuery,
        taken_at: TakenQuery,
        signer_name: SignerQuery = None,
    ) -> Proof:
        """Hand in a photo or a signature as the body: JPEG, PNG, WebP, or the pen's path as text. Twice is as once."""
        raw = await request.body()
        new = NewContent(
            event_key=event_key,
            shipment_id=shipment_id,
            action=action,
            kind=kind,
            taken_at=taken_at,
            signer_name=signer_name,
        )
        async with database.unit(request.auth) as db:
            return await carrier_tours.prove_visit(
                db, request.auth, ids.parse("tor", tour_id), new, request.content_type[0], raw
            )


class CarrierEventsController(Controller):
    """What a carrier reports of many tours at once."""

    path = "/v1/carrier"
    tags = ("Carrier API",)
    guards = (For(Role.CARRIER_KEY),)

    @post("/events", operation_id="report_my_tours", status_code=200)
    async def report_my_tours(
        self, request: ApiRequest, database: Db, data: JSONBody[CarrierEvents]
    ) -> CarrierTakenEvents:
        """
        Report what happened on any of my tours, up to 1,000 events at once, in any order.

        Each counts once, by its `event_key` in its tour, and is refused by itself: `not_your_tour`, `not_on_tour`, ...
        """
        async with database.unit(request.auth) as db:
            return await carrier_events.take_many(db, request.auth, data)

    @post("/foreign-events", operation_id="report_foreign_events", status_code=200)
    async def report_foreign_events(
        self, request: ApiRequest, database: Db, data: JSONBody[ForeignEvents]
    ) -> CarrierTakenEvents:
        """
        Report what happened to shipments on my tours in the codes of another system.

        A code that is not in its table is refused (`unknown_foreign_code`), never guessed at. The same history again
        changes nothing.
        """
        async with database.unit(request.auth) as db:
            return await carrier_events.take_foreign(db, request.auth, data)

    @get("/foreign-codes", operation_id="list_foreign_codes")
    async def list_foreign_codes(self, of_format: FormatQuery) -> ForeignCodes:
        """What the codes of another system stand for here."""
        return foreign_codes.codes_of(of_format)
