"""HTTP for drivers: a link opens one tour, without an account."""

from dataclasses import dataclass
from typing import Annotated, Any

from litestar import Controller, get, post
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIFormat, OpenAPIType
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response import Response

from cluster.base.auth import NO_SECURITY, OPEN_DOOR
from cluster.base.etags import IfNoneMatch, with_tag_of_content
from cluster.base.fields import PRINTABLE, VISIBLE
from cluster.base.http import ApiRequest, Db
from cluster.dispatch import driving, events, links, proofs
from cluster.dispatch.event_models import (
    PROOF_MAX_BYTES,
    Action,
    EventSource,
    Proof,
    ProofKind,
    ReportEvents,
    TakenEvents,
)
from cluster.dispatch.link_queries import LinkKind
from cluster.dispatch.models import DriverTour
from cluster.dispatch.proofs import NewContent
from cluster.shipments.parties import Instant

EventKeyQuery = Annotated[
    str, QueryParameter(min_length=1, max_length=64, pattern=VISIBLE, description="Yours, unique in the tour.")
]
ShipmentQuery = Annotated[str, QueryParameter(max_length=40, description="Of which shipment.")]
ActionQuery = Annotated[Action, QueryParameter(description="Of its pickup or its delivery.")]
KindQuery = Annotated[ProofKind, QueryParameter(description="A photo or a signature.")]
TakenQuery = Annotated[Instant, QueryParameter(description="When, by the phone's clock.")]
SignerQuery = Annotated[
    str | None, QueryParameter(min_length=1, max_length=200, pattern=PRINTABLE, description="Who signed.")
]


@dataclass
class ProofOperation(Operation):
    """In the API reference, a body that is a picture, or the path of a pen."""

    def __post_init__(self) -> None:
        """The body's kinds."""
        picture = OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY))
        path = OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING))
        kinds: dict[str, Any] = dict.fromkeys(("image/jpeg", "image/png", "image/webp"), picture)
        self.request_body = RequestBody(content=kinds | {"text/plain": path}, required=True)


class DriverController(Controller):
    """A driver's tour."""

    path = "/v1/driver/{token:str}"
    tags = ("Driver",)
    opt = {OPEN_DOOR: True}  # noqa: RUF012  (the framework's own kind of attribute)
    security = NO_SECURITY

    @get("/tour", operation_id="driver_tour")
    async def driver_tour(
        self, request: ApiRequest, database: Db, token: FromPath[str], if_none_match: IfNoneMatch = None
    ) -> Response[DriverTour]:
        """All that a driver needs, to be kept on the phone. Needs no key: the token of a driver's link."""
        opened = await opened_by(request, database, token)
        async with database.unit(opened.scope) as db:
            found = await driving.tour_of(db, opened)
        return with_tag_of_content(found, if_none_match)

    @post("/events", operation_id="driver_events", status_code=200)
    async def driver_events(
        self, request: ApiRequest, database: Db, token: FromPath[str], data: JSONBody[ReportEvents]
    ) -> TakenEvents:
        """Report what happened, at any time later, in any order; each event counts once, by its `event_key`."""
        opened = await opened_by(request, database, token)
        async with database.unit(opened.scope) as db:
            return await events.take(db, opened.scope, opened.thing_id, EventSource.DRIVER, data)

    @post(
        "/proofs",
        operation_id="driver_proof",
        status_code=201,
        request_max_body_size=PROOF_MAX_BYTES + 1,
        operation_class=ProofOperation,
    )
    async def driver_proof(
        self,
        request: ApiRequest,
        database: Db,
        token: FromPath[str],
        event_key: EventKeyQuery,
        shipment_id: ShipmentQuery,
        action: ActionQuery,
        kind: KindQuery,
        taken_at: TakenQuery,
        signer_name: SignerQuery = None,
    ) -> Proof:
        """Hand in a photo or a signature as the body: JPEG, PNG, WebP, or the pen's path as text. Twice is as once."""
        opened = await opened_by(request, database, token)
        raw = await request.body()
        new = NewContent(
            event_key=event_key,
            shipment_id=shipment_id,
            action=action,
            kind=kind,
            taken_at=taken_at,
            signer_name=signer_name,
        )
        async with database.unit(opened.scope) as db:
            return await proofs.add(db, opened.scope, opened.thing_id, new, request.content_type[0], raw)


async def opened_by(request: ApiRequest, database: Db, token: str) -> links.Opened:
    """What the token opens; whoever tries tokens is slowed down by where it comes from."""
    where = "" if request.client is None else request.client.host
    await request.app.state.limiter.take(f"link:{where}")
    return await links.open_link(database, LinkKind.DRIVER, token)
