"""A pool window's day, read in one transaction."""

from collections.abc import Sequence
from uuid import UUID

from msgspec import structs

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.carriers import service as carriers
from cluster.members import service as members
from cluster.members import settings
from cluster.places import service as places
from cluster.places import travel
from cluster.places.models import SiteRef, e6
from cluster.planning.scenario_models import Scenario
from cluster.planning.settled import Road
from cluster.planning.translate import Day
from cluster.shipments import pools
from cluster.shipments import service as shipments
from cluster.shipments.models import Shipment, ShipmentStatus

PLAIN = Scenario()


async def gather(
    db: Connection,
    scope: Scope,
    pool_window_id: UUID,
    also: Sequence[Shipment] = (),
    scenario: Scenario = PLAIN,
    road: Road | None = None,
) -> Day:
    """
    Everything that a window's plan depends on; with the places of shipments that are not in it, but might be.

    What the scenario does not plan is in ``left_out`` instead of ``shipments``; of vehicles that rest that day there
    are none, unless they are on the road already. With a ``road``, what is on it is among the shipments, whatever state
    it is in, unless it was cancelled.
    """
    cluster = await members.cluster_of(db, scope)
    pool = await pools.pool(db, scope, pool_window_id)
    every = await shipments.pooled(db, scope, pool_window_id)
    pooled = [entry for entry in every if takes_part(scenario, entry)]
    left_out = [entry for entry in every if not takes_part(scenario, entry)]
    held_up: list[Shipment] = []
    if road is not None:
        held_up = await _there(db, scope, road.held_up)
        known = {entry.id for entry in (*every, *held_up)}
        pooled += [entry for entry in await _there(db, scope, road.shipment_ids) if entry.id not in known]
    vehicle_types = await carriers.every(db, scope, pool.service_date)
    if road is None:
        vehicle_types = [structs.replace(entry, vehicles=0) if entry.rests else entry for entry in vehicle_types]
    site_ids = {entry.start_site_id for entry in vehicle_types}
    site_ids |= {entry.end_site_id for entry in vehicle_types if entry.end_site_id is not None}
    for shipment in (*pooled, *also):
        ends = (shipment.pickup, shipment.delivery)
        site_ids |= {stop.site_id for stop in ends if stop is not None and stop.site_id is not None}
        site_ids |= {shipment.hub_site_id} - {None}  # type: ignore[arg-type]
    sites = await places.site_refs(db, scope, sorted(ids.parse("sit", entry) for entry in site_ids))
    legs = await travel.legs_among(db, scope, points(sites, [*pooled, *also]))
    return Day(
        currency=cluster.currency,
        time_zone=cluster.time_zone,
        pool=pool,
        shipments=pooled,
        vehicle_types=vehicle_types,
        sites=sites,
        legs=legs,
        country_code=cluster.country_code,
        left_out=left_out,
        scenario=scenario,
        held_up=held_up,
        driver_breaks=(await settings.planning(db, scope, pool.service_date)).driver_breaks,
    )


async def _there(db: Connection, scope: Scope, wanted: Sequence[UUID]) -> list[Shipment]:
    """These shipments, in order of booking, without those that were cancelled."""
    found = await shipments.some(db, scope, sorted(set(wanted)))
    return sorted(
        (entry for entry in found if entry.status is not ShipmentStatus.CANCELLED), key=lambda entry: entry.id
    )


def takes_part(scenario: Scenario, shipment: Shipment) -> bool:
    """Whether a scenario plans a shipment at all."""
    wanted = not scenario.service_levels or shipment.service_level in scenario.service_levels
    return wanted and shipment.member_id not in scenario.leave_out_member_ids


def points(sites: dict[UUID, SiteRef], pooled: list[Shipment]) -> list[tuple[int, int]]:
    """Where a day's vehicles may be."""
    found = {e6(site.lat, site.lon) for site in sites.values()}
    found |= {e6(s.lat, s.lon) for entry in pooled for s in (entry.pickup, entry.delivery) if s is not None}
    return sorted(found)
