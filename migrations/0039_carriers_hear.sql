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

-- Changes of a tour that was awarded: what it was, what it would be, at what price, and what its carrier says to that.
CREATE TABLE amendments (
    cluster_id         uuid        NOT NULL,
    amendment_id       uuid        NOT NULL,
    tour_id            uuid        NOT NULL,
    carrier_id         uuid        NOT NULL,
    -- The plan that the tour would follow; it never changes, so what is agreed on stays what was shown.
    plan_id            uuid        NOT NULL,
    status             text        NOT NULL
                       CHECK (status IN ('open', 'accepted', 'declined', 'expired', 'withdrawn', 'imposed')),
    before             jsonb       NOT NULL,
    after              jsonb       NOT NULL,
    price_before_minor bigint      NOT NULL CHECK (price_before_minor >= 0),
    price_after_minor  bigint      NOT NULL CHECK (price_after_minor >= 0),
    note               text,
    deadline_at        timestamptz NOT NULL,
    answered_at        timestamptz,
    answer_reason      text,
    answer_note        text,
    -- Why it could not wait for an answer.
    urgent_reason      text,
    decided_at         timestamptz,
    -- When the tour began to follow the plan.
    applied_at         timestamptz,
    version            bigint      NOT NULL DEFAULT 1,
    created_at         timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, amendment_id),
    FOREIGN KEY (cluster_id, tour_id) REFERENCES tours,
    FOREIGN KEY (cluster_id, carrier_id) REFERENCES carriers,
    FOREIGN KEY (cluster_id, plan_id) REFERENCES plans,
    CHECK ((status = 'open') = (decided_at IS NULL)),
    CHECK (status <> 'imposed' OR urgent_reason IS NOT NULL),
    CHECK (applied_at IS NULL OR status IN ('accepted', 'imposed'))
);
-- One question at a time about a tour and a plan, and one answer that holds.
CREATE UNIQUE INDEX amendments_held ON amendments (cluster_id, tour_id, plan_id)
    WHERE status IN ('open', 'accepted', 'imposed');
CREATE INDEX amendments_carrier ON amendments (cluster_id, carrier_id, amendment_id);
CREATE INDEX amendments_plan ON amendments (cluster_id, plan_id);
CREATE INDEX amendments_due ON amendments (deadline_at) WHERE status = 'open';
ALTER TABLE amendments ENABLE ROW LEVEL SECURITY;
ALTER TABLE amendments FORCE ROW LEVEL SECURITY;
-- The worker sees to deadlines of all clusters.
CREATE POLICY amendments_due ON amendments FOR SELECT USING ((SELECT app_role()) = 'system');
CREATE POLICY amendments_neutral ON amendments
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
CREATE POLICY amendments_own ON amendments FOR SELECT
    USING (cluster_id = (SELECT app_cluster()) AND carrier_id = (SELECT app_carrier()));
GRANT SELECT, INSERT ON amendments TO cluster_app;
GRANT UPDATE (status, answered_at, answer_reason, answer_note, urgent_reason, decided_at, applied_at)
    ON amendments TO cluster_app;

CREATE FUNCTION amendments_move() RETURNS trigger LANGUAGE plpgsql
    AS $$
BEGIN
    IF NEW.status <> OLD.status AND NOT (CASE OLD.status
        WHEN 'open' THEN true
        WHEN 'accepted' THEN NEW.status = 'withdrawn' AND OLD.applied_at IS NULL
        WHEN 'imposed' THEN NEW.status = 'withdrawn' AND OLD.applied_at IS NULL
        ELSE false END) THEN
        RAISE EXCEPTION 'an amendment does not move from % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'amendments_move';
    END IF;
    NEW.version := OLD.version + 1;
    RETURN NEW;
END
$$;
CREATE TRIGGER amendments_move BEFORE UPDATE ON amendments FOR EACH ROW EXECUTE FUNCTION amendments_move();

-- A cluster in which things are rehearsed. Said when it is founded; no role may change it afterwards.
ALTER TABLE clusters ADD COLUMN sandbox boolean NOT NULL DEFAULT false;
-- Of a sandbox: what is sent there says so.
ALTER TABLE webhook_endpoints ADD COLUMN sandbox boolean NOT NULL DEFAULT false;
