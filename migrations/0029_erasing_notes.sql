-- What drivers wrote and where they stood at somebody's door may tell of a person: an erasure takes it out of events,
-- which nobody else changes.
CREATE POLICY tracking_events_erase ON tracking_events FOR UPDATE
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_role()) = 'system')
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_role()) = 'system');
GRANT UPDATE (note, lat, lon, accuracy_m) ON tracking_events TO cluster_app;
CREATE POLICY shipment_events_erase ON shipment_events FOR UPDATE
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_role()) = 'system')
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_role()) = 'system');
GRANT UPDATE (reason) ON shipment_events TO cluster_app;

-- Who made a plan is asked before every approval; a day's tours are listed after the day too; whether a tour was heard of
-- since its plan was added up is asked for every plan of a year.
CREATE INDEX plan_log_plan ON plan_log (cluster_id, plan_id);
CREATE INDEX tours_window ON tours (cluster_id, pool_window_id, tour_id);
CREATE INDEX tracking_events_heard ON tracking_events (cluster_id, tour_id, received_at);
