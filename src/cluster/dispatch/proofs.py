"""
Proofs of pickup and delivery: photos and signatures.

What a file says it is, is not believed: its first bytes decide. A signature drawn on a phone comes as the path of the
pen alone, and the picture is made here, so that nothing foreign stands in it.
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from msgspec import Struct

from cluster.base import ids, outbox
from cluster.base.db import Connection, Database, Scope, system_scope
from cluster.base.errors import Conflict, FieldFault, Invalid, NotFound
from cluster.dispatch import event_queries, link_queries
from cluster.dispatch.event_models import PROOF_MAX_BYTES, PROOFS_MAX, Action, Proof, ProofKind, moment_faults
from cluster.dispatch.event_queries import NewProof
from cluster.dispatch.models import TourStatus
from cluster.members.erasure import Order
from cluster.shipments import service as shipments

PATH = "text/plain"
SVG = "image/svg+xml"
PATH_DATA = re.compile(r"[MmLlHhVvCcSsQqTtZz0-9 .,+-]{5,200000}")
"""Path data of SVG 2 without arcs: letters of commands and numbers, and so nothing that could do anything."""
SIGNATURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 200"><path d="{path}" fill="none" stroke="black" '
    'stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/></svg>'
)
AT_ONCE = 500


class NewContent(Struct, frozen=True, kw_only=True):
    """What came in beside the bytes."""

    event_key: str
    shipment_id: str
    action: Action
    kind: ProofKind
    taken_at: datetime
    signer_name: str | None


def media_type_of(raw: bytes) -> str | None:
    """What kind of picture bytes are, by how they begin; None for none that is taken."""
    if raw.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if raw.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if raw[:4] == b"RIFF" and raw[8:12] == b"WEBP":
        return "image/webp"
    return None


def picture_of(kind: ProofKind, content_type: str, raw: bytes) -> tuple[str, bytes]:
    """
    The picture to be kept, with its media type.

    Raises
    ------
    Invalid
        For what is no picture, too large, or no path of a pen.
    """
    if len(raw) > PROOF_MAX_BYTES:
        cure = f"at most {PROOF_MAX_BYTES} bytes"
        raise Invalid([FieldFault(pointer="", code="too_large", cause=f"{len(raw)} bytes", cure=cure)])
    if kind is ProofKind.SIGNATURE and content_type == PATH:
        text = raw.decode("ascii", "replace").strip()
        if not PATH_DATA.fullmatch(text):
            raise _no_picture("no SVG path data", "send path data such as M10 20L30 40, within 600 x 200")
        return SVG, SIGNATURE.format(path=text).encode()
    media_type = media_type_of(raw)
    if media_type is None:
        raise _no_picture("neither JPEG, PNG nor WebP", "send a picture, or the path of a signature")
    return media_type, raw


def _no_picture(cause: str, cure: str) -> Invalid:
    return Invalid([FieldFault(pointer="", code="not_a_picture", cause=cause, cure=cure)])


async def add(db: Connection, scope: Scope, tour_id: UUID, new: NewContent, content_type: str, raw: bytes) -> Proof:
    """
    Keeps a proof of a visit on this tour. The same ``event_key`` again gets the first proof again.

    Raises
    ------
    NotFound
        When the tour has no such visit.
    Conflict
        ``tour_not_dispatched``, ``tour_over``: nobody drives the tour; ``too_many_proofs``: the visit has enough.
    Invalid
        When it is no picture, or taken at no time of this century.
    """
    if faults := list(moment_faults("#query/taken_at", new.taken_at)):
        raise Invalid(faults)
    tour = await event_queries.hold(db, scope, tour_id)
    if known := await event_queries.proofs(db, scope, tour_key=(tour_id, new.event_key)):
        return known[0]
    _must_be_driven(TourStatus(tour["status"]))
    shipment_id = ids.parse("shp", new.shipment_id)
    rows = await event_queries.visits(db, scope, tour_id)
    visit = next((row for row in rows if (row["shipment_id"], row["action"]) == (shipment_id, new.action)), None)
    if visit is None:
        raise NotFound("shp")
    if await event_queries.count_proofs(db, scope, tour_id, shipment_id, new.action) >= PROOFS_MAX:
        raise Conflict("too_many_proofs", f"This visit has {PROOFS_MAX} proofs already; that must do.")
    media_type, picture = picture_of(new.kind, content_type, raw)
    proof = NewProof(
        proof_id=ids.new(),
        member_id=visit["member_id"],
        shipment_id=shipment_id,
        event_key=new.event_key,
        action=new.action,
        kind=new.kind,
        media_type=media_type,
        size_bytes=len(picture),
        sha256=hashlib.sha256(picture).hexdigest(),
        signer_name=new.signer_name,
        taken_at=min(new.taken_at.astimezone(UTC), datetime.now(UTC)),
    )
    await event_queries.insert_proof(db, scope, tour_id, proof, picture)
    payload = {"id": new.shipment_id, "proof_id": ids.show("pod", proof.proof_id), "kind": new.kind}
    await outbox.emit(db, scope, shipment_id, "tracking.proof", payload, member_id=visit["member_id"])
    return (await event_queries.proofs(db, scope, tour_key=(tour_id, new.event_key)))[0]


def _must_be_driven(status: TourStatus) -> None:
    if status is TourStatus.PLANNED:
        raise Conflict("tour_not_dispatched", "This tour has not been given to its driver.")
    if status is TourStatus.CANCELLED:
        raise Conflict("tour_over", "This tour was called off.")


async def of_shipment(db: Connection, scope: Scope, shipment_id: UUID) -> list[Proof]:
    """Proofs of a shipment that the caller may see, oldest first."""
    await shipments.shipment(db, scope, shipment_id)
    return await event_queries.proofs(db, scope, shipment_id=shipment_id)


async def content(db: Connection, scope: Scope, proof_id: UUID) -> tuple[Proof, bytes]:
    """
    A proof with what it shows.

    Raises
    ------
    NotFound
        When there is none that the caller may see, or the persons in it have been erased.
    """
    found = await event_queries.proofs(db, scope, proof_id=proof_id)
    picture = await event_queries.content(db, scope, proof_id)
    if not found or not picture:
        raise NotFound("pod")
    return found[0], picture


async def erase_proofs(database: Database, order: Order) -> Mapping[str, int]:
    """
    Takes consignees out of what happened on the road.

    Pictures, names, words and places go, and links close; that there was an event or a proof, and its digest, stays.
    """
    if not order.consignees:
        return {}
    scope, after, count = system_scope(order.cluster_id), UUID(int=0), 0
    async with database.unit(scope) as db:
        await link_queries.close_of_past(db, scope, order.member_id, order.until)
        await event_queries.forget_places(db, scope, order.member_id, order.until)
    events = await _forget_notes(database, scope, order)
    while True:
        async with database.unit(scope) as db:
            found = await event_queries.proofs_to_forget(db, scope, order.member_id, order.until, after, AT_ONCE)
            if not found:
                return {"proofs": count, "tracking_events": events}
            await event_queries.forget_proofs(db, scope, found)
        count, after = count + len(found), found[-1]


async def _forget_notes(database: Database, scope: Scope, order: Order) -> int:
    count = 0
    while True:
        async with database.unit(scope) as db:
            done = await event_queries.forget_notes(db, scope, order.member_id, order.until, AT_ONCE)
        if not done:
            return count
        count += done
