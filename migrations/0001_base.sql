-- Who asks is told by three settings that hold for one transaction: app.cluster, app.member, app.role.
-- A setting reads '' after the transaction that made it, hence nullif.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'cluster_app') THEN
        CREATE ROLE cluster_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
    END IF;
END
$$;

GRANT USAGE ON SCHEMA public TO cluster_app;

CREATE FUNCTION app_cluster() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('app.cluster', true), '')::uuid $$;

CREATE FUNCTION app_member() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('app.member', true), '')::uuid $$;

CREATE FUNCTION app_role() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('app.role', true), '') $$;

-- The neutral side of a cluster: its coordinator, and the platform's own work done for it.
CREATE FUNCTION app_neutral() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT coalesce(current_setting('app.role', true) IN ('coordinator', 'system'), false) $$;

-- Jobs: this table is the truth, the queue only wakes workers up.
CREATE TABLE jobs (
    cluster_id   uuid        NOT NULL,
    job_id       uuid        NOT NULL,
    kind         text        NOT NULL,
    dedupe_key   text        NOT NULL,
    subject_id   uuid        NOT NULL,
    state        text        NOT NULL DEFAULT 'queued'
                 CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    run_at       timestamptz NOT NULL DEFAULT now(),
    attempts     integer     NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    attempts_max integer     NOT NULL DEFAULT 5 CHECK (attempts_max > 0),
    lease_until  timestamptz,
    fence        bigint      NOT NULL DEFAULT 0,
    error        text,
    created_at   timestamptz NOT NULL DEFAULT now(),
    finished_at  timestamptz,
    PRIMARY KEY (cluster_id, job_id),
    CHECK ((state = 'running') = (lease_until IS NOT NULL))
);
CREATE UNIQUE INDEX jobs_one_active ON jobs (cluster_id, dedupe_key) WHERE state IN ('queued', 'running');
CREATE INDEX jobs_due ON jobs (run_at) WHERE state IN ('queued', 'running');
ALTER TABLE jobs ENABLE ROW LEVEL SECURITY;
ALTER TABLE jobs FORCE ROW LEVEL SECURITY;
CREATE POLICY jobs_neutral ON jobs
    USING ((SELECT app_role()) = 'system' OR ((SELECT app_role()) = 'coordinator' AND cluster_id = (SELECT app_cluster())))
    WITH CHECK ((SELECT app_role()) = 'system' OR ((SELECT app_role()) = 'coordinator' AND cluster_id = (SELECT app_cluster())));
GRANT SELECT, INSERT, UPDATE ON jobs TO cluster_app;

-- Idempotency: the answer to the first request with a key, given again to its twins.
CREATE TABLE idempotency (
    cluster_id  uuid        NOT NULL,
    key_id      uuid        NOT NULL,
    idem_key    text        NOT NULL CHECK (length(idem_key) BETWEEN 1 AND 255),
    operation   text        NOT NULL,
    fingerprint bytea       NOT NULL,
    status      integer,
    body        bytea,
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, key_id, idem_key)
);
CREATE INDEX idempotency_age ON idempotency (created_at);
ALTER TABLE idempotency ENABLE ROW LEVEL SECURITY;
ALTER TABLE idempotency FORCE ROW LEVEL SECURITY;
CREATE POLICY idempotency_own ON idempotency
    USING (cluster_id = (SELECT app_cluster())
           AND key_id = (SELECT nullif(current_setting('app.key', true), '')::uuid))
    WITH CHECK (cluster_id = (SELECT app_cluster())
           AND key_id = (SELECT nullif(current_setting('app.key', true), '')::uuid));
-- The platform's housekeeping drops answers that are past their time.
CREATE POLICY idempotency_housekeeping ON idempotency FOR DELETE
    USING ((SELECT app_role()) = 'system');
CREATE POLICY idempotency_housekeeping_read ON idempotency FOR SELECT
    USING ((SELECT app_role()) = 'system');
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency TO cluster_app;

-- What must happen after a commit; numbered without gaps within a resource.
CREATE TABLE outbox (
    cluster_id    uuid        NOT NULL,
    resource_id   uuid        NOT NULL,
    member_id     uuid,
    seq           bigint      NOT NULL CHECK (seq > 0),
    event_id      uuid        NOT NULL,
    topic         text        NOT NULL,
    payload       jsonb       NOT NULL DEFAULT '{}',
    created_at    timestamptz NOT NULL DEFAULT now(),
    dispatched_at timestamptz,
    PRIMARY KEY (cluster_id, resource_id, seq)
);
CREATE INDEX outbox_waiting ON outbox (created_at) WHERE dispatched_at IS NULL;
ALTER TABLE outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbox FORCE ROW LEVEL SECURITY;
CREATE POLICY outbox_write ON outbox FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster())
                AND ((SELECT app_neutral()) OR member_id = (SELECT app_member())));
CREATE POLICY outbox_read ON outbox FOR SELECT
    USING ((SELECT app_role()) = 'system'
           OR (cluster_id = (SELECT app_cluster())
               AND ((SELECT app_neutral()) OR member_id = (SELECT app_member()))));
CREATE POLICY outbox_relay ON outbox FOR UPDATE
    USING ((SELECT app_role()) = 'system');
GRANT SELECT, INSERT, UPDATE ON outbox TO cluster_app;
