"""HTTP of following a shipment: for its member, and by a link for its consignee."""

from litestar import Controller, delete, get, post
from litestar.params import FromPath, JSONBody
from litestar.response import Response

from cluster.base import ids
from cluster.base.auth import ANY_IN_CLUSTER, NO_SECURITY, OPEN_DOOR, For
from cluster.base.browser import public_url
from cluster.base.http import ApiRequest, Db
from cluster.base.pages import LIMIT_DEFAULT, Cursor, Limit, Page, after
from cluster.dispatch import events, links, proofs, tracking
from cluster.dispatch.event_models import Proof, Proofs, Tracking, TrackingEvent
from cluster.dispatch.link_queries import LinkKind
from cluster.dispatch.models import IssuedLink, Links, NewLink

UNSEEN = {"X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer"}
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


class TrackingController(Controller):
    """What became of shipments on their way."""

    path = "/v1"
    tags = ("Tracking",)

    @get(
        "/shipments/{shipment_id:str}/tracking-events",
        guards=[For(*ANY_IN_CLUSTER)],
        operation_id="list_tracking_events",
    )
    async def list_tracking_events(
        self,
        request: ApiRequest,
        database: Db,
        shipment_id: FromPath[str],
        limit: Limit = LIMIT_DEFAULT,
        cursor: Cursor = None,
    ) -> Page[TrackingEvent]:
        """What was reported of a shipment on the road, with time, place and reason."""
        of = ids.parse("shp", shipment_id)
        async with database.unit(request.auth) as db:
            return await events.of_shipment(db, request.auth, of, after("tev", cursor), limit)

    @get("/shipments/{shipment_id:str}/proofs", guards=[For(*ANY_IN_CLUSTER)], operation_id="list_proofs")
    async def list_proofs(self, request: ApiRequest, database: Db, shipment_id: FromPath[str]) -> Proofs:
        """Photos and signatures of a shipment's pickup and delivery."""
        async with database.unit(request.auth) as db:
            return Proofs(data=await proofs.of_shipment(db, request.auth, ids.parse("shp", shipment_id)))

    @get(
        "/proofs/{proof_id:str}/content",
        guards=[For(*ANY_IN_CLUSTER)],
        operation_id="get_proof_content",
        media_type="image/*",
    )
    async def get_proof_content(self, request: ApiRequest, database: Db, proof_id: FromPath[str]) -> Response[bytes]:
        """The picture itself."""
        async with database.unit(request.auth) as db:
            proof, picture = await proofs.content(db, request.auth, ids.parse("pod", proof_id))
        return _picture(proof, picture)

    @post(
        "/shipments/{shipment_id:str}/tracking-link", guards=[For(*ANY_IN_CLUSTER)], operation_id="issue_tracking_link"
    )
    async def issue_tracking_link(
        self, request: ApiRequest, database: Db, shipment_id: FromPath[str], data: JSONBody[NewLink]
    ) -> IssuedLink:
        """Make a link for the consignee. The token is shown once and kept nowhere: a repeated request makes another."""
        asked = links.Asked(hours=data.hours, origin=public_url(request))
        async with database.unit(request.auth) as db:
            return await tracking.issue(db, request.auth, ids.parse("shp", shipment_id), asked)

    @get(
        "/shipments/{shipment_id:str}/tracking-links", guards=[For(*ANY_IN_CLUSTER)], operation_id="list_tracking_links"
    )
    async def list_tracking_links(self, request: ApiRequest, database: Db, shipment_id: FromPath[str]) -> Links:
        """Links of a shipment, without their tokens."""
        async with database.unit(request.auth) as db:
            return Links(data=await tracking.list_links(db, request.auth, ids.parse("shp", shipment_id)))

    @delete(
        "/shipments/{shipment_id:str}/tracking-links/{link_id:str}",
        guards=[For(*ANY_IN_CLUSTER)],
        operation_id="revoke_tracking_link",
    )
    async def revoke_tracking_link(
        self, request: ApiRequest, database: Db, shipment_id: FromPath[str], link_id: FromPath[str]
    ) -> None:
        """Close a consignee's link."""
        async with database.unit(request.auth) as db:
            await tracking.revoke(db, request.auth, ids.parse("shp", shipment_id), ids.parse("lnk", link_id))


class TrackController(Controller):
    """A consignee's shipment."""

    path = "/v1/track"
    tags = ("Tracking",)
    opt = {OPEN_DOOR: True}  # noqa: RUF012  (the framework's own kind of attribute)
    security = NO_SECURITY

    @get("/{token:str}", operation_id="track_shipment")
    async def track_shipment(self, request: ApiRequest, database: Db, token: FromPath[str]) -> Response[Tracking]:
        """Where a shipment is and when it comes. Needs no key: the token of a consignee's link."""
        opened = await _opened(request, database, token)
        async with database.unit(opened.scope) as db:
            found = await tracking.track(db, opened)
        return Response(found, headers=UNSEEN)

    @get("/{token:str}/proofs/{proof_id:str}", operation_id="track_proof", media_type="image/*")
    async def track_proof(
        self, request: ApiRequest, database: Db, token: FromPath[str], proof_id: FromPath[str]
    ) -> Response[bytes]:
        """A photo or signature of the delivery. Needs no key: the token of a consignee's link."""
        opened = await _opened(request, database, token)
        async with database.unit(opened.scope) as db:
            proof, picture = await tracking.proof(db, opened, ids.parse("pod", proof_id))
        return _picture(proof, picture, UNSEEN)


async def _opened(request: ApiRequest, database: Db, token: str) -> links.Opened:
    """What the token opens; whoever tries tokens is slowed down by where it comes from."""
    where = "" if request.client is None else request.client.host
    await request.app.state.limiter.take(f"link:{where}")
    return await links.open_link(database, LinkKind.CONSIGNEE, token)


def _picture(proof: Proof, picture: bytes, more: dict[str, str] | None = None) -> Response[bytes]:
    headers = {"Content-Security-Policy": PICTURE_POLICY, "Cache-Control": "private, max-age=3600", **(more or {})}
    return Response(picture, media_type=proof.media_type, headers=headers)
