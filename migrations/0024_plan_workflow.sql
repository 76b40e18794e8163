-- A plan that is solved is a candidate; the one that a window's shipments follow is published.
DROP INDEX plans_one_current;
ALTER TABLE plans DROP CONSTRAINT plans_status_check;
ALTER TABLE plans
    ADD COLUMN published_at timestamptz,
    -- Which of the window's published plans it is: what members are told instead of the version, which counts all.
    ADD COLUMN published_no integer CHECK (published_no > 0),
    ADD CONSTRAINT plans_status_check
        CHECK (status IN ('draft', 'queued', 'solving', 'solved', 'published', 'superseded', 'failed', 'aborted',
                          'discarded'));
-- Row-level security holds for the owner too, and would hide every row from this change.
ALTER TABLE plans NO FORCE ROW LEVEL SECURITY;
UPDATE plans
   SET status = CASE status WHEN 'solved' THEN 'published' ELSE status END,
       published_at = coalesce(finished_at, created_at),
       published_no = applied.number
  FROM (SELECT cluster_id, plan_id, row_number() OVER (PARTITION BY cluster_id, pool_window_id ORDER BY version) AS number
          FROM plans WHERE status IN ('solved', 'superseded')) AS applied
 WHERE applied.cluster_id = plans.cluster_id AND applied.plan_id = plans.plan_id;
ALTER TABLE plans FORCE ROW LEVEL SECURITY;
ALTER TABLE plans
    ADD CONSTRAINT plans_published_check
        CHECK ((status IN ('published', 'superseded')) = (published_no IS NOT NULL)
               AND (published_no IS NULL) = (published_at IS NULL)),
    ADD UNIQUE (cluster_id, pool_window_id, published_no);
-- The plan that a window's shipments follow: at most one.
CREATE UNIQUE INDEX plans_one_published ON plans (cluster_id, pool_window_id) WHERE status = 'published';
-- Members see what applies or applied; of anything else not even that it is there.
DROP POLICY plans_read ON plans;
CREATE POLICY plans_read ON plans FOR SELECT
    USING (cluster_id = (SELECT app_cluster())
           AND ((SELECT app_neutral())
                OR ((SELECT app_member()) IS NOT NULL AND status IN ('published', 'superseded'))));

-- The day's version: moves when shipments that a plan may hold change, not when the window's hours do.
ALTER TABLE pool_windows ADD COLUMN day_version bigint NOT NULL DEFAULT 0;
GRANT UPDATE (day_version) ON pool_windows TO cluster_app;

-- Questions by their digest: plans of one day share them.
CREATE TABLE plan_problems (
    cluster_id     uuid        NOT NULL REFERENCES clusters,
    problem_sha256 bytea       NOT NULL CHECK (length(problem_sha256) = 32),
    problem        bytea       NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, problem_sha256)
);
ALTER TABLE plan_results NO FORCE ROW LEVEL SECURITY;
INSERT INTO plan_problems (cluster_id, problem_sha256, problem)
SELECT DISTINCT ON (cluster_id, problem_sha256) cluster_id, problem_sha256, problem FROM plan_results;
ALTER TABLE plan_problems ENABLE ROW LEVEL SECURITY;
ALTER TABLE plan_problems FORCE ROW LEVEL SECURITY;
CREATE POLICY plan_problems_neutral ON plan_problems
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT ON plan_problems TO cluster_app;

-- What was asked of a plan; the neutral side's alone.
ALTER TABLE plan_runs
    -- Counts the plans of a window; it would tell members how many were tried.
    ADD COLUMN version            integer CHECK (version > 0),
    ADD COLUMN label              text    NOT NULL DEFAULT '' CHECK (length(label) <= 80),
    ADD COLUMN origin             text    NOT NULL DEFAULT 'solve'
               CHECK (origin IN ('solve', 'edit', 'revise', 'replan')),
    ADD COLUMN base_plan_id       uuid,
    ADD COLUMN scenario           jsonb   NOT NULL DEFAULT '{}',
    ADD COLUMN change_minor       bigint  CHECK (change_minor >= 0),
    ADD COLUMN publish_when_solved boolean NOT NULL DEFAULT false,
    ADD COLUMN day_version        bigint,
    ADD COLUMN problem_sha256     bytea,
    -- What else the job needs, such as a draft's locks; its kind of job knows what.
    ADD COLUMN task               jsonb,
    ADD COLUMN stop_requested     boolean NOT NULL DEFAULT false,
    ADD COLUMN asked_key_id       uuid,
    ADD COLUMN asked_user_id      uuid,
    ADD FOREIGN KEY (cluster_id, base_plan_id) REFERENCES plans,
    ADD FOREIGN KEY (cluster_id, problem_sha256) REFERENCES plan_problems;
ALTER TABLE plan_runs NO FORCE ROW LEVEL SECURITY;
ALTER TABLE plans NO FORCE ROW LEVEL SECURITY;
UPDATE plan_runs SET version = plans.version
  FROM plans WHERE plans.cluster_id = plan_runs.cluster_id AND plans.plan_id = plan_runs.plan_id;
ALTER TABLE plans FORCE ROW LEVEL SECURITY;
ALTER TABLE plans DROP COLUMN version;
ALTER TABLE plan_runs ALTER COLUMN version SET NOT NULL;
UPDATE plan_runs SET problem_sha256 = result.problem_sha256
  FROM plan_results AS result
 WHERE result.cluster_id = plan_runs.cluster_id AND result.plan_id = plan_runs.plan_id;
ALTER TABLE plan_runs FORCE ROW LEVEL SECURITY;
ALTER TABLE plan_results FORCE ROW LEVEL SECURITY;
ALTER TABLE plan_results
    DROP COLUMN problem,
    DROP COLUMN problem_sha256,
    -- Null for plans made before these were told.
    ADD COLUMN emissions_g  bigint           CHECK (emissions_g >= 0),
    ADD COLUMN fill_weight  double precision CHECK (fill_weight BETWEEN 0 AND 1),
    ADD COLUMN fill_volume  double precision CHECK (fill_volume BETWEEN 0 AND 1),
    -- Services with a window that begin at least 15 minutes before it closes, and all of them.
    ADD COLUMN services_windowed integer CHECK (services_windowed >= 0),
    ADD COLUMN services_early    integer CHECK (services_early BETWEEN 0 AND services_windowed),
    ADD COLUMN slack_median_s    integer;

-- Four eyes: who agreed to a plan.
CREATE TABLE plan_approvals (
    cluster_id   uuid        NOT NULL,
    approval_id  uuid        NOT NULL,
    plan_id      uuid        NOT NULL,
    key_id       uuid,
    user_id      uuid,
    note         text        NOT NULL DEFAULT '' CHECK (length(note) <= 1000),
    at           timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, approval_id),
    FOREIGN KEY (cluster_id, plan_id) REFERENCES plans,
    CHECK ((key_id IS NULL) <> (user_id IS NULL))
);
CREATE UNIQUE INDEX plan_approvals_one_each ON plan_approvals (cluster_id, plan_id, coalesce(key_id, user_id));
ALTER TABLE plan_approvals ENABLE ROW LEVEL SECURITY;
ALTER TABLE plan_approvals FORCE ROW LEVEL SECURITY;
CREATE POLICY plan_approvals_neutral ON plan_approvals
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT ON plan_approvals TO cluster_app;

-- What happened to the plans of a window, in order; never changed.
CREATE TABLE plan_log (
    cluster_id     uuid        NOT NULL,
    entry_id       uuid        NOT NULL,
    pool_window_id uuid        NOT NULL,
    plan_id        uuid        NOT NULL,
    action         text        NOT NULL
                   CHECK (action IN ('started', 'stopped', 'solved', 'failed', 'aborted', 'approved', 'published',
                                     'superseded', 'discarded', 'revised', 'drafted', 'edited', 'undone', 'redone',
                                     'finished', 'reoptimised', 'dispatched')),
    role           text        NOT NULL,
    key_id         uuid,
    user_id        uuid,
    at             timestamptz NOT NULL DEFAULT now(),
    facts          jsonb       NOT NULL DEFAULT '{}',
    PRIMARY KEY (cluster_id, entry_id),
    FOREIGN KEY (cluster_id, pool_window_id) REFERENCES pool_windows,
    FOREIGN KEY (cluster_id, plan_id) REFERENCES plans
);
CREATE INDEX plan_log_window ON plan_log (cluster_id, pool_window_id, entry_id);
ALTER TABLE plan_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE plan_log FORCE ROW LEVEL SECURITY;
CREATE POLICY plan_log_neutral ON plan_log
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT ON plan_log TO cluster_app;

-- A member's own rows of a plan are there for it once the plan is: of a candidate it has none.
DROP POLICY plan_visits_own ON plan_visits;
CREATE POLICY plan_visits_own ON plan_visits FOR SELECT
    USING (cluster_id = (SELECT app_cluster())
           AND ((SELECT app_neutral())
                OR (member_id = (SELECT app_member())
                    AND EXISTS (SELECT FROM plans WHERE plans.cluster_id = plan_visits.cluster_id
                                                    AND plans.plan_id = plan_visits.plan_id))));
DROP POLICY plan_unplanned_own ON plan_unplanned;
CREATE POLICY plan_unplanned_own ON plan_unplanned FOR SELECT
    USING (cluster_id = (SELECT app_cluster())
           AND ((SELECT app_neutral())
                OR (member_id = (SELECT app_member())
                    AND EXISTS (SELECT FROM plans WHERE plans.cluster_id = plan_unplanned.cluster_id
                                                    AND plans.plan_id = plan_unplanned.plan_id))));
DROP POLICY shares_own ON shares;
CREATE POLICY shares_own ON shares FOR SELECT
    USING (cluster_id = (SELECT app_cluster())
           AND ((SELECT app_neutral())
                OR (member_id = (SELECT app_member())
                    AND EXISTS (SELECT FROM plans WHERE plans.cluster_id = shares.cluster_id
                                                    AND plans.plan_id = shares.plan_id))));

-- Whether a plan needs the consent of somebody other than who asked for it.
ALTER TABLE clusters ADD COLUMN four_eyes boolean NOT NULL DEFAULT false;
GRANT UPDATE (four_eyes) ON clusters TO cluster_app;
