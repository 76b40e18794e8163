-- What must hold whatever was killed, whenever. Each row is one rule and how often it is broken.
-- acked: what the client was told, kept outside of the database, loaded before.
--   kind = 'booked': idem_key and client_ref of a booking answered with 201, shipment_id as answered
--   kind = 'edited': shipment_id and the number that the edit put into metadata, answered with 200
--   kind = 'import': shipment_id is the import's identifier, number its lines, committing answered with 202

SELECT 'booking acknowledged and not there' AS rule, count(*) AS broken
  FROM acked LEFT JOIN shipments USING (shipment_id, client_ref)
 WHERE acked.kind = 'booked' AND shipments.shipment_id IS NULL
UNION ALL
SELECT 'booking acknowledged twice with different identifiers', count(*)
  FROM (SELECT client_ref FROM acked WHERE kind = 'booked' GROUP BY client_ref HAVING count(DISTINCT shipment_id) > 1) AS o
UNION ALL
SELECT 'reference booked twice', count(*)
  FROM (SELECT FROM shipments GROUP BY cluster_id, member_id, client_ref HAVING count(*) > 1) AS o
UNION ALL
SELECT 'delivery without its stop', count(*) FROM shipments AS held
 WHERE service = 'delivery'
   AND (SELECT count(*) FROM shipment_stops AS stop
         WHERE stop.cluster_id = held.cluster_id AND stop.shipment_id = held.shipment_id AND action = 'delivery') <> 1
UNION ALL
SELECT 'handling units that do not weigh what their shipment weighs', count(*) FROM shipments AS held
 WHERE weight_g IS DISTINCT FROM
       (SELECT sum(unit.weight_g * unit.units) FROM handling_units AS unit
         WHERE unit.cluster_id = held.cluster_id AND unit.shipment_id = held.shipment_id)
UNION ALL
SELECT 'timeline that does not end in the state of its shipment', count(*) FROM shipments AS held
 WHERE (SELECT array_agg(event_no ORDER BY event_no) FROM shipment_events AS event
         WHERE event.cluster_id = held.cluster_id AND event.shipment_id = held.shipment_id)
       IS DISTINCT FROM (SELECT array_agg(number) FROM generate_series(1, held.event_no) AS number)
    OR held.status IS DISTINCT FROM
       (SELECT status FROM shipment_events AS event
         WHERE event.cluster_id = held.cluster_id AND event.shipment_id = held.shipment_id AND applied
         ORDER BY event_no DESC LIMIT 1)
UNION ALL
SELECT 'booking acknowledged without its event', count(*) FROM acked
 WHERE kind = 'booked' AND NOT EXISTS (SELECT FROM outbox WHERE resource_id = acked.shipment_id AND seq = 1)
UNION ALL
SELECT 'booking acknowledged without its stored answer', count(*)
  FROM acked LEFT JOIN idempotency USING (idem_key)
 WHERE kind = 'booked'
   AND (idempotency.status IS DISTINCT FROM 201
        OR convert_from(idempotency.body, 'UTF8')::jsonb ->> 'client_ref' IS DISTINCT FROM acked.client_ref)
UNION ALL
-- Whoever was never answered may have booked all the same; then everything of it is there.
SELECT 'stored answer of a booking that is not there', count(*)
  FROM idempotency LEFT JOIN shipments ON shipments.cluster_id = idempotency.cluster_id
       AND shipments.client_ref = convert_from(idempotency.body, 'UTF8')::jsonb ->> 'client_ref'
 WHERE idempotency.operation = 'POST /v1/shipments' AND shipments.shipment_id IS NULL
UNION ALL
SELECT 'half an idempotency row', count(*) FROM idempotency WHERE status IS NULL OR body IS NULL
UNION ALL
SELECT 'edit acknowledged and lost', count(*)
  FROM (SELECT shipment_id, max(number) AS number FROM acked WHERE kind = 'edited' GROUP BY shipment_id) AS told
  JOIN shipments USING (shipment_id)
 WHERE coalesce((shipments.metadata ->> 'edit')::int, 0) < told.number
UNION ALL
SELECT 'import acknowledged and not booked to its last line', count(*)
  FROM acked LEFT JOIN imports ON imports.import_id = acked.shipment_id
 WHERE acked.kind = 'import'
   AND (imports.status IS DISTINCT FROM 'booked'
        OR (SELECT count(*) FROM import_lines AS line
             WHERE line.import_id = imports.import_id AND line.state = 'booked') <> acked.number)
UNION ALL
SELECT 'line booked without its shipment, or a shipment of two lines', count(*)
  FROM (SELECT line.shipment_id FROM import_lines AS line LEFT JOIN shipments USING (cluster_id, shipment_id)
         WHERE line.state = 'booked' AND line.first_line IS NOT DISTINCT FROM line.line_no
         GROUP BY line.shipment_id HAVING count(*) > 1 OR count(shipments.shipment_id) <> count(*)) AS o
UNION ALL
SELECT 'shipment of a file whose line is not booked', count(*) FROM shipments AS held
 WHERE client_ref LIKE 'file-%'
   AND NOT EXISTS (SELECT FROM import_lines AS line
                    WHERE line.cluster_id = held.cluster_id AND line.shipment_id = held.shipment_id
                      AND line.state = 'booked')
UNION ALL
SELECT 'gap in the numbers of a resource''s events', count(*)
  FROM (SELECT FROM outbox GROUP BY cluster_id, resource_id HAVING min(seq) <> 1 OR max(seq) <> count(*)) AS o
UNION ALL
SELECT 'event given out twice, or out of order', count(*)
  FROM (SELECT position <= lag(position) OVER (PARTITION BY cluster_id, resource_id ORDER BY seq) AS wrong
          FROM outbox WHERE position IS NOT NULL) AS o
 WHERE wrong
UNION ALL
SELECT 'event never given out', count(*) FROM outbox WHERE dispatched_at IS NULL
UNION ALL
SELECT 'job running without a lease, or that nobody finishes', count(*) FROM jobs
 WHERE (state = 'running' AND lease_until IS NULL) OR state IN ('queued', 'running')
UNION ALL
SELECT 'window with two plans that apply', count(*)
  FROM (SELECT FROM plans WHERE status = 'published' GROUP BY cluster_id, pool_window_id HAVING count(*) > 1) AS o
UNION ALL
SELECT 'plan that is solved without its result', count(*) FROM plans AS held
 WHERE status IN ('solved', 'published', 'superseded')
   AND NOT EXISTS (SELECT FROM plan_results AS result
                    WHERE result.cluster_id = held.cluster_id AND result.plan_id = held.plan_id)
UNION ALL
SELECT 'plan left in the making', count(*) FROM plans WHERE status IN ('queued', 'solving')
UNION ALL
SELECT 'shipment planned without a place on a route, or with one and not planned', count(*) FROM shipments AS held
 WHERE (status = 'planned') <> EXISTS (SELECT FROM assignments AS place
                                        WHERE place.cluster_id = held.cluster_id AND place.active
                                          AND place.shipment_id = held.shipment_id)
