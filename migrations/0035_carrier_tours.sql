-- Whose tours are a carrier's, what it may see of them, and when they changed last.

ALTER TABLE tours
    -- Who drives it; the cluster itself where nobody is named.
    ADD COLUMN carrier_id uuid,
    ADD COLUMN changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ADD FOREIGN KEY (cluster_id, carrier_id) REFERENCES carriers;
CREATE INDEX tours_carrier ON tours (cluster_id, carrier_id, tour_id) WHERE carrier_id IS NOT NULL;
CREATE INDEX tours_carrier_code ON tours (cluster_id, carrier_id, code) WHERE carrier_id IS NOT NULL;
-- What is only planned may still go to somebody else.
CREATE POLICY tours_carrier ON tours FOR SELECT
    USING (cluster_id = (SELECT app_cluster()) AND carrier_id = (SELECT app_carrier()) AND status <> 'planned');

CREATE OR REPLACE FUNCTION tours_move() RETURNS trigger LANGUAGE plpgsql
    AS $$
BEGIN
    IF NEW.status <> OLD.status AND NOT (CASE OLD.status
        WHEN 'planned' THEN NEW.status IN ('dispatched', 'cancelled')
        WHEN 'dispatched' THEN NEW.status IN ('under_way', 'completed', 'cancelled')
        WHEN 'under_way' THEN NEW.status = 'completed'
        ELSE false END) THEN
        RAISE EXCEPTION 'a tour does not move from % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'tours_move';
    END IF;
    NEW.version := OLD.version + 1;
    -- The clock, not the transaction's beginning: never before any other change that was seen earlier.
    NEW.changed_at := clock_timestamp();
    RETURN NEW;
END
$$;

ALTER TABLE tracking_events
    DROP CONSTRAINT tracking_events_source_check,
    ADD CONSTRAINT tracking_events_source_check CHECK (source IN ('driver', 'coordinator', 'platform', 'carrier'));
