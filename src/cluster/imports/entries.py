"""What the lines of a file become: what they refer to is looked up, and all of it is tried, or done, together."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.base.errors import ClusterError, FieldFault, Invalid
from cluster.imports import product_queries
from cluster.imports.columns.bookings import Surroundings
from cluster.imports.columns.things import TYPES
from cluster.members import service as members
from cluster.places import service as places
from cluster.shipments import pools
from cluster.shipments import service as shipments
from cluster.shipments.models import BookShipment, BookShipments

PAGE = 500
UNIT_FIELDS = ("weight_g", "length_mm", "width_mm", "height_mm", "rotations", "on_top", "bearing_max_g")
"""What a product says of a handling unit."""


class Refused(NamedTuple):
    """An entry, by its first line, and why it cannot be."""

    line_no: int
    faults: list[FieldFault]


class Done(NamedTuple):
    """What became of entries: those that are (with the shipment) and those that cannot be."""

    booked: list[tuple[int, UUID | None]]
    refused: list[Refused]


async def surroundings(db: Connection, scope: Scope, reference: str) -> Surroundings:
    """What lines may refer to, as the member sees it."""
    cluster = await members.cluster_of(db, scope)
    sites: dict[str, str] = {}
    after: UUID | None = UUID(int=0)
    while after is not None:
        page = await places.list_sites(db, scope, after, PAGE)
        for site in page.data:
            if site.member_id is not None or site.code not in sites:  # a member's own goes before a shared one
                sites[site.code] = site.id
        after = ids.parse("sit", page.next_cursor) if page.has_more and page.next_cursor else None
    windows: dict[str, date] = {}
    after = UUID(int=0)
    while after is not None:
        found = await pools.list_windows(db, scope, after, PAGE)
        windows |= {window.id: window.service_date for window in found.data}
        after = ids.parse("win", found.next_cursor) if found.has_more and found.next_cursor else None
    earliest = (await pools.pools_for_booking(db, scope, {None}))[None]
    return Surroundings(
        zone=ZoneInfo(cluster.time_zone),
        sites=sites,
        windows=windows,
        days={day: window for window, day in windows.items()},
        next_day=None if earliest is None else earliest.service_date,
        reference=reference,
    )


async def product_units(db: Connection, scope: Scope, skus: set[str]) -> dict[str, dict[str, Any]]:
    """What known products say of a handling unit."""
    if not skus:
        return {}
    found = await product_queries.products_by_sku(db, scope, sorted(skus))
    return {
        sku: {name: getattr(product, name) for name in UNIT_FIELDS if getattr(product, name) is not None}
        for sku, product in found.items()
    }


async def would(db: Connection, scope: Scope, kind: str, entries: Sequence[tuple[int, bytes]]) -> Done:
    """What ``do`` would say, with nothing stored."""
    done = Done([], [])
    if kind == "shipments" and entries:
        await _book(db, scope, _bodies(entries), done, keep=False)
    return done


async def do(db: Connection, scope: Scope, kind: str, entries: Sequence[tuple[int, bytes]]) -> Done:
    """Books all entries that can be booked, as the member in ``scope``; or stores its products or cartons."""
    if not entries:
        return Done([], [])
    if kind == "shipments":
        done = Done([], [])
        await _book(db, scope, _bodies(entries), done, keep=True)
        return done
    things = [(ids.new(), msgspec.json.decode(raw, type=TYPES[kind])) for _, raw in entries]
    if kind == "products":
        await product_queries.put_products(db, scope, things)  # type: ignore[arg-type]  # as TYPES says
    else:
        await product_queries.put_cartons(db, scope, things)  # type: ignore[arg-type]
    return Done([(line_no, None) for line_no, _ in entries], [])


def _bodies(entries: Sequence[tuple[int, bytes]]) -> list[tuple[int, BookShipment]]:
    return [(line_no, msgspec.json.decode(raw, type=BookShipment)) for line_no, raw in entries]


async def _book(
    db: Connection, scope: Scope, bodies: Sequence[tuple[int, BookShipment]], done: Done, *, keep: bool
) -> None:
    """All at once; without those at fault where the refusal names them; else by halves until only those are left."""
    if not bodies:
        return
    try:
        async with db.transaction():
            whole = BookShipments(shipments=[body for _, body in bodies])
            if keep:
                booked = (await shipments.book_many(db, scope, whole)).shipments
            else:
                await shipments.check_many(db, scope, whole)
                booked = []
    except Invalid as refused:
        by_index = _by_index(refused.errors)
        if not by_index:
            raise
        done.refused.extend(Refused(bodies[index][0], faults) for index, faults in sorted(by_index.items()))
        await _book(db, scope, [body for index, body in enumerate(bodies) if index not in by_index], done, keep=keep)
    except ClusterError as refused:
        if refused.status >= 500:
            raise
        if len(bodies) == 1 or _is_about_all(refused, bodies):
            fault = FieldFault(
                pointer="", code=refused.code, cause=refused.detail, cure="correct it and upload it again"
            )
            done.refused.extend(Refused(line_no, [fault]) for line_no, _ in bodies)
            return
        half = len(bodies) // 2
        await _book(db, scope, bodies[:half], done, keep=keep)
        await _book(db, scope, bodies[half:], done, keep=keep)
    else:
        done.booked.extend(
            (line_no, ids.parse("shp", shown)) for (line_no, _), shown in zip(bodies, booked, strict=False)
        )


def _is_about_all(refused: ClusterError, bodies: Sequence[tuple[int, BookShipment]]) -> bool:
    """Whether a refusal meets every booking alike: a window that is closed for one is closed for all of it."""
    about_windows = refused.code in {"cut_off_passed", "pool_window_not_open", "member_inactive"}
    return about_windows and len({body.pool_window_id for _, body in bodies}) == 1


def _by_index(errors: Sequence[FieldFault]) -> dict[int, list[FieldFault]]:
    """Faults of a bulk booking by the number of the shipment; pointers from there on."""
    found: dict[int, list[FieldFault]] = {}
    for fault in errors:
        _, first, index, *rest = [*fault.pointer.split("/"), "", ""][: len(fault.pointer.split("/")) + 2]
        if first == "shipments" and index.isdigit():
            pointer = "/" + "/".join(step for step in rest if step)
            found.setdefault(int(index), []).append(msgspec.structs.replace(fault, pointer=pointer))
    return found
