"""SQL of waybills: both ends of every shipment on a tour, who carries it, and its goods line by line."""

from uuid import UUID

import asyncpg

from cluster.base.db import Connection, Scope


async def consignments(db: Connection, scope: Scope, tour_id: UUID) -> list[asyncpg.Record]:
    """Shipments on a tour by their first stop, with both ends; an end without a party of its own is the hub."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT on_tour.shipment_id, shipment.client_ref, shipment.service, shipment.cod_minor,
               shipment.temperature_class, member.name AS member_name, member.country_code AS member_country,
               taken.begins_at AS taken_at,
               coalesce(origin.name, hub.name) AS origin_name,
               coalesce(origin.address_line1, hub.address_line1) AS origin_line1,
               CASE WHEN origin.name IS NULL THEN hub.address_line2 ELSE origin.address_line2 END AS origin_line2,
               CASE WHEN origin.name IS NULL THEN hub.postal_code ELSE origin.postal_code END AS origin_postal_code,
               CASE WHEN origin.name IS NULL THEN hub.locality ELSE origin.locality END AS origin_locality,
               CASE WHEN origin.name IS NULL THEN hub.country_code ELSE origin.country_code END AS origin_country,
               origin.instructions AS origin_instructions, sender.contact_name AS origin_contact,
               sender.phone AS origin_phone,
               coalesce(goal.name, hub.name) AS goal_name,
               coalesce(goal.address_line1, hub.address_line1) AS goal_line1,
               CASE WHEN goal.name IS NULL THEN hub.address_line2 ELSE goal.address_line2 END AS goal_line2,
               CASE WHEN goal.name IS NULL THEN hub.postal_code ELSE goal.postal_code END AS goal_postal_code,
               CASE WHEN goal.name IS NULL THEN hub.locality ELSE goal.locality END AS goal_locality,
               CASE WHEN goal.name IS NULL THEN hub.country_code ELSE goal.country_code END AS goal_country,
               goal.instructions AS goal_instructions, consignee.contact_name AS goal_contact,
               consignee.phone AS goal_phone
          FROM (SELECT shipment_id, min(stop_no) AS stop_no FROM tour_visits
                 WHERE cluster_id = $1 AND tour_id = $2 AND outcome IS DISTINCT FROM 'moved'
                 GROUP BY shipment_id) AS on_tour
          JOIN tours ON tours.cluster_id = $1 AND tours.tour_id = $2
          JOIN vehicle_types AS kind ON kind.cluster_id = $1 AND kind.vehicle_type_id = tours.vehicle_type_id
          JOIN shipments AS shipment ON shipment.cluster_id = $1 AND shipment.shipment_id = on_tour.shipment_id
          JOIN members AS member ON member.cluster_id = $1 AND member.member_id = shipment.member_id
          JOIN sites AS hub ON hub.cluster_id = $1
               AND hub.site_id = coalesce(shipment.hub_site_id, kind.start_site_id)
          LEFT JOIN tour_visits AS taken ON taken.cluster_id = $1 AND taken.tour_id = $2
               AND taken.shipment_id = shipment.shipment_id AND taken.action = 'pickup'
          LEFT JOIN shipment_stops AS origin ON origin.cluster_id = $1
               AND origin.shipment_id = shipment.shipment_id AND origin.action = 'pickup'
          LEFT JOIN shipment_stops AS goal ON goal.cluster_id = $1
               AND goal.shipment_id = shipment.shipment_id AND goal.action = 'delivery'
          LEFT JOIN shipment_contacts AS sender ON sender.cluster_id = $1
               AND sender.shipment_id = shipment.shipment_id AND sender.action = 'pickup'
          LEFT JOIN shipment_contacts AS consignee ON consignee.cluster_id = $1
               AND consignee.shipment_id = shipment.shipment_id AND consignee.action = 'delivery'
         ORDER BY on_tour.stop_no, on_tour.shipment_id
        """,
        scope.cluster,
        tour_id,
    )
    return found


async def carrier(db: Connection, scope: Scope, tour_id: UUID) -> asyncpg.Record | None:
    """The firm that drives a tour; None where the cluster does."""
    return await db.fetchrow(
        """
        SELECT name, country_code, phone FROM tours JOIN carriers USING (cluster_id, carrier_id)
         WHERE tours.cluster_id = $1 AND tour_id = $2
        """,
        scope.cluster,
        tour_id,
    )


async def goods(db: Connection, scope: Scope, shipment_ids: list[UUID]) -> list[asyncpg.Record]:
    """Lines of handling units with their hazards and the names of what is inside."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT unit.shipment_id, unit.line_no, unit.kind, unit.units, unit.weight_g,
               unit.length_mm::bigint * unit.width_mm * unit.height_mm AS volume_mm3, unit.hs_code, unit.un_number,
               unit.hazard_class, unit.hazard_labels, unit.packing_group, unit.limited_quantity,
               array(SELECT DISTINCT inside.name FROM unit_contents AS inside
                      WHERE inside.cluster_id = unit.cluster_id AND inside.shipment_id = unit.shipment_id
                        AND inside.line_no = unit.line_no ORDER BY inside.name) AS contents
          FROM handling_units AS unit
         WHERE unit.cluster_id = $1 AND unit.shipment_id = ANY($2)
         ORDER BY unit.shipment_id, unit.line_no
        """,
        scope.cluster,
        shipment_ids,
    )
    return found
