-- Prices told before booking: kept for the count of questions, and to see afterwards how good they were.
CREATE TABLE quotes (
    cluster_id     uuid        NOT NULL REFERENCES clusters,
    quote_id       uuid        NOT NULL,
    member_id      uuid        NOT NULL,
    pool_window_id uuid        NOT NULL,
    alone_minor    bigint      CHECK (alone_minor >= 0),
    low_minor      bigint      CHECK (low_minor >= 0),
    high_minor     bigint      CHECK (high_minor >= 0),
    outside_minor  bigint      CHECK (outside_minor >= 0),
    basis          text[]      NOT NULL CHECK (basis <@ ARRAY['alone', 'pool', 'history', 'outside']),
    created_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, quote_id),
    FOREIGN KEY (cluster_id, member_id) REFERENCES members,
    FOREIGN KEY (cluster_id, pool_window_id) REFERENCES pool_windows,
    CHECK (low_minor <= high_minor)
);
CREATE INDEX quotes_asked ON quotes (cluster_id, member_id, created_at);
ALTER TABLE quotes ENABLE ROW LEVEL SECURITY;
ALTER TABLE quotes FORCE ROW LEVEL SECURITY;
CREATE POLICY quotes_own ON quotes FOR SELECT
    USING (cluster_id = (SELECT app_cluster()) AND member_id = (SELECT app_member()));
CREATE POLICY quotes_ask ON quotes FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND member_id = (SELECT app_member()));
-- What was never booked is nobody's business for long.
CREATE POLICY quotes_forget_see ON quotes FOR SELECT
    USING ((SELECT app_role()) = 'system');
CREATE POLICY quotes_forget ON quotes FOR DELETE
    USING ((SELECT app_role()) = 'system' AND created_at < now() - interval '90 days');
GRANT SELECT, INSERT, DELETE ON quotes TO cluster_app;
