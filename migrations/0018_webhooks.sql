-- Who may hear of an event: the owner of its resource (and the coordinator), everybody in the cluster, or nobody
-- outside of the platform. position is the order in which the relay saw events; it stays inside, because it would tell
-- a member how many events its rivals cause.
ALTER TABLE outbox
    ADD COLUMN audience text NOT NULL DEFAULT 'owner' CHECK (audience IN ('owner', 'everybody', 'nobody')),
    ADD COLUMN position bigint;
CREATE SEQUENCE outbox_positions;
GRANT USAGE ON SEQUENCE outbox_positions TO cluster_app;
SELECT set_config('app.role', 'system', true);
UPDATE outbox SET audience = 'nobody' WHERE topic = 'job.queued';
SELECT set_config('app.role', '', true);
CREATE INDEX outbox_feed ON outbox (cluster_id, position) WHERE audience <> 'nobody';
CREATE INDEX outbox_feed_of_member ON outbox (cluster_id, member_id, position) WHERE audience <> 'nobody';
CREATE INDEX outbox_by_event ON outbox (cluster_id, event_id);
DROP POLICY outbox_write ON outbox;
CREATE POLICY outbox_write ON outbox FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster())
                AND ((SELECT app_neutral()) OR (member_id = (SELECT app_member()) AND audience <> 'everybody')));
CREATE POLICY outbox_everybody ON outbox FOR SELECT
    USING (cluster_id = (SELECT app_cluster()) AND audience = 'everybody' AND (SELECT app_member()) IS NOT NULL);
CREATE POLICY outbox_housekeeping ON outbox FOR DELETE
    USING ((SELECT app_role()) = 'system');
GRANT DELETE ON outbox TO cluster_app;

-- Where events go. sealed holds the secret and the signing key, encrypted; previous_sealed signs along until its time.
CREATE TABLE webhook_endpoints (
    cluster_id      uuid        NOT NULL REFERENCES clusters,
    endpoint_id     uuid        NOT NULL,
    member_id       uuid,
    url             text        NOT NULL CHECK (length(url) BETWEEN 8 AND 2000),
    description     text        NOT NULL DEFAULT '',
    event_types     text[]      NOT NULL CHECK (cardinality(event_types) BETWEEN 1 AND 50),
    ed25519         boolean     NOT NULL DEFAULT false,
    public_key      text        NOT NULL,
    sealed          bytea       NOT NULL,
    previous_sealed bytea,
    previous_until  timestamptz,
    version         bigint      NOT NULL DEFAULT 1,
    disabled_at     timestamptz,
    disabled_reason text        CHECK (disabled_reason IN ('owner', 'gone', 'failing', 'left')),
    -- How it has answered lately: failures in a row pause it, so that it holds up nobody else.
    failures        integer     NOT NULL DEFAULT 0 CHECK (failures >= 0),
    failing_since   timestamptz,
    paused_until    timestamptz,
    slow            boolean     NOT NULL DEFAULT false,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, endpoint_id),
    FOREIGN KEY (cluster_id, member_id) REFERENCES members,
    CHECK ((previous_sealed IS NULL) = (previous_until IS NULL)),
    CHECK ((disabled_at IS NULL) = (disabled_reason IS NULL))
);
CREATE INDEX webhook_endpoints_owner ON webhook_endpoints (cluster_id, member_id, endpoint_id);
ALTER TABLE webhook_endpoints ENABLE ROW LEVEL SECURITY;
ALTER TABLE webhook_endpoints FORCE ROW LEVEL SECURITY;
-- The worker sends for all clusters.
CREATE POLICY webhook_endpoints_own ON webhook_endpoints
    USING ((SELECT app_role()) = 'system'
           OR (cluster_id = (SELECT app_cluster()) AND ((SELECT app_neutral()) OR member_id = (SELECT app_member()))))
    WITH CHECK ((SELECT app_role()) = 'system'
           OR (cluster_id = (SELECT app_cluster()) AND ((SELECT app_neutral()) OR member_id = (SELECT app_member()))));
GRANT SELECT, INSERT, UPDATE, DELETE ON webhook_endpoints TO cluster_app;

-- One event for one endpoint; made by the relay in the transaction that marks the event dispatched.
CREATE TABLE webhook_deliveries (
    cluster_id      uuid        NOT NULL,
    endpoint_id     uuid        NOT NULL,
    event_id        uuid        NOT NULL,
    member_id       uuid,
    resource_id     uuid        NOT NULL,
    seq             bigint      NOT NULL CHECK (seq > 0),
    event_type      text        NOT NULL,
    state           text        NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'failed')),
    due_at          timestamptz NOT NULL DEFAULT now(),
    -- While a worker is sending; if it dies the delivery is due again at this time.
    sending_until   timestamptz,
    fence           bigint      NOT NULL DEFAULT 0,
    tries           integer     NOT NULL DEFAULT 0 CHECK (tries >= 0),
    tried_at        timestamptz,
    response_status integer     CHECK (response_status BETWEEN 100 AND 999),
    error           text,
    duration_ms     integer     CHECK (duration_ms >= 0),
    created_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, endpoint_id, event_id),
    FOREIGN KEY (cluster_id, endpoint_id) REFERENCES webhook_endpoints ON DELETE CASCADE,
    FOREIGN KEY (cluster_id, resource_id, seq) REFERENCES outbox ON DELETE CASCADE
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (cluster_id, endpoint_id, due_at) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_line ON webhook_deliveries (cluster_id, endpoint_id, resource_id, seq)
    WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_sending ON webhook_deliveries (cluster_id, endpoint_id) WHERE sending_until IS NOT NULL;
CREATE INDEX webhook_deliveries_event ON webhook_deliveries (cluster_id, resource_id, seq);
CREATE INDEX webhook_deliveries_age ON webhook_deliveries (created_at);
ALTER TABLE webhook_deliveries ENABLE ROW LEVEL SECURITY;
ALTER TABLE webhook_deliveries FORCE ROW LEVEL SECURITY;
CREATE POLICY webhook_deliveries_own ON webhook_deliveries
    USING ((SELECT app_role()) = 'system'
           OR (cluster_id = (SELECT app_cluster()) AND ((SELECT app_neutral()) OR member_id = (SELECT app_member()))))
    WITH CHECK ((SELECT app_role()) = 'system'
           OR (cluster_id = (SELECT app_cluster()) AND ((SELECT app_neutral()) OR member_id = (SELECT app_member()))));
GRANT SELECT, INSERT, UPDATE, DELETE ON webhook_deliveries TO cluster_app;
