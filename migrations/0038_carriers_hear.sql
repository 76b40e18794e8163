-- Carriers hear of their own: endpoints of theirs, events told to one carrier alone.

-- Whether whoever owns an endpoint may hear of an event: a member, a carrier, or (neither is given) the coordinator.
CREATE FUNCTION hears(listening_member uuid, listening_carrier uuid, of_member uuid, of_carrier uuid, audience text)
    RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT CASE WHEN audience = 'nobody' THEN false
                      WHEN audience = 'carrier' OR listening_carrier IS NOT NULL
                      THEN audience = 'carrier' AND coalesce(listening_carrier = of_carrier, false)
                      ELSE listening_member IS NULL OR audience = 'everybody'
                           OR coalesce(listening_member = of_member, false) END $$;

ALTER TABLE outbox
    ADD COLUMN carrier_id uuid,
    DROP CONSTRAINT outbox_audience_check,
    ADD CONSTRAINT outbox_audience_check CHECK (audience IN ('owner', 'everybody', 'nobody', 'carrier')),
    ADD CONSTRAINT outbox_carrier_check CHECK (CASE WHEN carrier_id IS NULL THEN audience <> 'carrier'
                                                    ELSE audience IN ('carrier', 'nobody') AND member_id IS NULL END);
CREATE INDEX outbox_feed_of_carrier ON outbox (cluster_id, carrier_id, position) WHERE audience = 'carrier';
CREATE POLICY outbox_carrier ON outbox FOR SELECT
    USING (cluster_id = (SELECT app_cluster()) AND carrier_id = (SELECT app_carrier()));
-- A carrier tries its endpoints; all else that it hears the neutral side tells it.
CREATE POLICY outbox_carrier_write ON outbox FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND carrier_id = (SELECT app_carrier()) AND audience = 'nobody');

ALTER TABLE webhook_endpoints
    ADD COLUMN carrier_id uuid,
    ADD FOREIGN KEY (cluster_id, carrier_id) REFERENCES carriers,
    ADD CHECK (member_id IS NULL OR carrier_id IS NULL);
CREATE INDEX webhook_endpoints_carrier ON webhook_endpoints (cluster_id, carrier_id, endpoint_id)
    WHERE carrier_id IS NOT NULL;
CREATE POLICY webhook_endpoints_carrier ON webhook_endpoints
    USING (cluster_id = (SELECT app_cluster()) AND carrier_id = (SELECT app_carrier()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND carrier_id = (SELECT app_carrier()));

ALTER TABLE webhook_deliveries ADD COLUMN carrier_id uuid;
CREATE POLICY webhook_deliveries_carrier ON webhook_deliveries
    USING (cluster_id = (SELECT app_cluster()) AND carrier_id = (SELECT app_carrier()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND carrier_id = (SELECT app_carrier()));
