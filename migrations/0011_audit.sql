-- Who did or looked at what: written in the transaction that does it, never changed. Identifiers and facts, no person's
-- data. The sealer chains entries by digest, so that an entry changed or taken out later is found.
CREATE TABLE audit_log (
    cluster_id   uuid        NOT NULL REFERENCES clusters,
    entry_id     uuid        NOT NULL,
    at           timestamptz NOT NULL DEFAULT now(),
    role         text        NOT NULL,
    key_id       uuid,
    user_id      uuid,
    actor_member uuid,
    action       text        NOT NULL CHECK (action ~ '^[a-z_]+\.[a-z_]+$'),
    subject_kind text        NOT NULL,
    subject_id   uuid,
    detail       jsonb       NOT NULL DEFAULT '{}',
    -- The transaction that wrote it: entries are sealed once no older transaction can still add one.
    written_by   xid8        NOT NULL DEFAULT pg_current_xact_id(),
    seal_no      bigint,
    PRIMARY KEY (cluster_id, entry_id)
);
CREATE INDEX audit_log_unsealed ON audit_log (cluster_id, entry_id) WHERE seal_no IS NULL;
CREATE INDEX audit_log_sealed ON audit_log (cluster_id, seal_no, entry_id);
ALTER TABLE audit_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_log FORCE ROW LEVEL SECURITY;
-- The platform looks for what is unsealed in all clusters; a firm's admin sees what its own people did.
CREATE POLICY audit_log_read ON audit_log FOR SELECT
    USING ((SELECT app_role()) = 'system'
           OR (cluster_id = (SELECT app_cluster())
               AND ((SELECT app_neutral())
                    OR ((SELECT app_role()) = 'member_admin' AND actor_member = (SELECT app_member())))));
CREATE POLICY audit_log_write ON audit_log FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND role = (SELECT app_role()) AND seal_no IS NULL
                AND actor_member IS NOT DISTINCT FROM (SELECT app_member()));
-- Sealing is the one change an entry sees, and the platform's own.
CREATE POLICY audit_log_seal ON audit_log FOR UPDATE
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_role()) = 'system' AND seal_no IS NULL)
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND seal_no IS NOT NULL);
GRANT SELECT, INSERT ON audit_log TO cluster_app;
GRANT UPDATE (seal_no) ON audit_log TO cluster_app;

CREATE TABLE audit_seals (
    cluster_id uuid        NOT NULL REFERENCES clusters,
    seal_no    bigint      NOT NULL CHECK (seal_no > 0),
    sealed_at  timestamptz NOT NULL DEFAULT now(),
    entries    integer     NOT NULL CHECK (entries > 0),
    before     bytea       NOT NULL,
    digest     bytea       NOT NULL,
    PRIMARY KEY (cluster_id, seal_no)
);
ALTER TABLE audit_seals ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_seals FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_seals_read ON audit_seals FOR SELECT
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
CREATE POLICY audit_seals_add ON audit_seals FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_role()) = 'system');
GRANT SELECT, INSERT ON audit_seals TO cluster_app;
