-- Header of a plan: what every member of the cluster may know of it. Amounts stand in plan_results.
CREATE TABLE plans (
    cluster_id      uuid        NOT NULL REFERENCES clusters,
    plan_id         uuid        NOT NULL,
    pool_window_id  uuid        NOT NULL,
    version         integer     NOT NULL CHECK (version > 0),
    status          text        NOT NULL
                    CHECK (status IN ('queued', 'solving', 'solved', 'failed', 'aborted', 'superseded')),
    created_at      timestamptz NOT NULL DEFAULT now(),
    started_at      timestamptz,
    finished_at     timestamptz,
    PRIMARY KEY (cluster_id, plan_id),
    UNIQUE (cluster_id, pool_window_id, version),
    FOREIGN KEY (cluster_id, pool_window_id) REFERENCES pool_windows
);
-- The plan that a window's shipments follow: at most one.
CREATE UNIQUE INDEX plans_one_current ON plans (cluster_id, pool_window_id) WHERE status = 'solved';
ALTER TABLE plans ENABLE ROW LEVEL SECURITY;
ALTER TABLE plans FORCE ROW LEVEL SECURITY;
CREATE POLICY plans_read ON plans FOR SELECT
    USING (cluster_id = (SELECT app_cluster())
           AND ((SELECT app_neutral()) OR ((SELECT app_member()) IS NOT NULL AND status = 'solved')));
CREATE POLICY plans_write ON plans FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
CREATE POLICY plans_move ON plans FOR UPDATE
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT, UPDATE ON plans TO cluster_app;

-- How a plan was asked for and how its solve goes.
CREATE TABLE plan_runs (
    cluster_id      uuid        NOT NULL,
    plan_id         uuid        NOT NULL,
    seconds         integer     NOT NULL CHECK (seconds BETWEEN 1 AND 86400),
    seed            bigint      NOT NULL,
    rule            text        NOT NULL,
    abort_requested boolean     NOT NULL DEFAULT false,
    progress        jsonb       NOT NULL DEFAULT '[]',
    error_code      text,
    error_detail    text,
    PRIMARY KEY (cluster_id, plan_id),
    FOREIGN KEY (cluster_id, plan_id) REFERENCES plans
);
ALTER TABLE plan_runs ENABLE ROW LEVEL SECURITY;
ALTER TABLE plan_runs FORCE ROW LEVEL SECURITY;
CREATE POLICY plan_runs_neutral ON plan_runs
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT, UPDATE ON plan_runs TO cluster_app;

CREATE TABLE plan_results (
    cluster_id    uuid             NOT NULL,
    plan_id       uuid             NOT NULL,
    currency      text             NOT NULL,
    cost_minor    bigint           NOT NULL CHECK (cost_minor >= 0),
    bound_minor   bigint           NOT NULL CHECK (bound_minor >= 0 AND bound_minor <= cost_minor),
    gap           double precision NOT NULL CHECK (gap BETWEEN 0 AND 1),
    distance_m    bigint           NOT NULL,
    duration_s    bigint           NOT NULL,
    route_count   integer          NOT NULL,
    planned_count integer          NOT NULL,
    seconds       double precision NOT NULL,
    trace         jsonb            NOT NULL,
    problem_sha256 bytea           NOT NULL,
    problem       bytea            NOT NULL,
    answer        bytea            NOT NULL,
    PRIMARY KEY (cluster_id, plan_id),
    FOREIGN KEY (cluster_id, plan_id) REFERENCES plans
);
ALTER TABLE plan_results ENABLE ROW LEVEL SECURITY;
ALTER TABLE plan_results FORCE ROW LEVEL SECURITY;
CREATE POLICY plan_results_neutral ON plan_results
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT ON plan_results TO cluster_app;

CREATE TABLE plan_routes (
    cluster_id      uuid        NOT NULL,
    plan_id         uuid        NOT NULL,
    route_no        integer     NOT NULL CHECK (route_no > 0),
    vehicle_type_id uuid        NOT NULL,
    vehicle_no      integer     NOT NULL CHECK (vehicle_no > 0),
    starts_at       timestamptz NOT NULL,
    ends_at         timestamptz NOT NULL CHECK (ends_at >= starts_at),
    distance_m      bigint      NOT NULL,
    cost_minor      bigint      NOT NULL,
    weight_g        bigint      NOT NULL,
    volume_cm3      bigint      NOT NULL,
    pallet_places   bigint      NOT NULL,
    PRIMARY KEY (cluster_id, plan_id, route_no),
    FOREIGN KEY (cluster_id, plan_id) REFERENCES plans,
    FOREIGN KEY (cluster_id, vehicle_type_id) REFERENCES vehicle_types
);
ALTER TABLE plan_routes ENABLE ROW LEVEL SECURITY;
ALTER TABLE plan_routes FORCE ROW LEVEL SECURITY;
CREATE POLICY plan_routes_neutral ON plan_routes
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT ON plan_routes TO cluster_app;

-- One shipment's business at a stop: a member sees its own, and so never who else is on the van.
CREATE TABLE plan_visits (
    cluster_id  uuid        NOT NULL,
    plan_id     uuid        NOT NULL,
    route_no    integer     NOT NULL,
    stop_no     integer     NOT NULL CHECK (stop_no > 0),
    visit_no    integer     NOT NULL CHECK (visit_no > 0),
    shipment_id uuid        NOT NULL,
    member_id   uuid        NOT NULL,
    action      text        NOT NULL CHECK (action IN ('pickup', 'delivery')),
    arrives_at  timestamptz NOT NULL,
    begins_at   timestamptz NOT NULL CHECK (begins_at >= arrives_at),
    ends_at     timestamptz NOT NULL CHECK (ends_at >= begins_at),
    PRIMARY KEY (cluster_id, plan_id, shipment_id, action),
    FOREIGN KEY (cluster_id, plan_id, route_no) REFERENCES plan_routes,
    FOREIGN KEY (cluster_id, shipment_id) REFERENCES shipments
);
CREATE INDEX plan_visits_route ON plan_visits (cluster_id, plan_id, route_no, stop_no, visit_no);
ALTER TABLE plan_visits ENABLE ROW LEVEL SECURITY;
ALTER TABLE plan_visits FORCE ROW LEVEL SECURITY;
CREATE POLICY plan_visits_own ON plan_visits FOR SELECT
    USING (cluster_id = (SELECT app_cluster()) AND ((SELECT app_neutral()) OR member_id = (SELECT app_member())));
CREATE POLICY plan_visits_write ON plan_visits FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT ON plan_visits TO cluster_app;

CREATE TABLE plan_unplanned (
    cluster_id    uuid   NOT NULL,
    plan_id       uuid   NOT NULL,
    shipment_id   uuid   NOT NULL,
    member_id     uuid   NOT NULL,
    reason        text   NOT NULL,
    detail        text   NOT NULL,
    cure          text   NOT NULL,
    outside_minor bigint,
    PRIMARY KEY (cluster_id, plan_id, shipment_id),
    FOREIGN KEY (cluster_id, plan_id) REFERENCES plans,
    FOREIGN KEY (cluster_id, shipment_id) REFERENCES shipments
);
ALTER TABLE plan_unplanned ENABLE ROW LEVEL SECURITY;
ALTER TABLE plan_unplanned FORCE ROW LEVEL SECURITY;
CREATE POLICY plan_unplanned_own ON plan_unplanned FOR SELECT
    USING (cluster_id = (SELECT app_cluster()) AND ((SELECT app_neutral()) OR member_id = (SELECT app_member())));
CREATE POLICY plan_unplanned_write ON plan_unplanned FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT ON plan_unplanned TO cluster_app;

-- Which plan a shipment follows: never two at a time.
CREATE TABLE assignments (
    cluster_id  uuid    NOT NULL,
    plan_id     uuid    NOT NULL,
    shipment_id uuid    NOT NULL,
    route_no    integer NOT NULL,
    active      boolean NOT NULL,
    PRIMARY KEY (cluster_id, plan_id, shipment_id),
    FOREIGN KEY (cluster_id, plan_id, route_no) REFERENCES plan_routes,
    FOREIGN KEY (cluster_id, shipment_id) REFERENCES shipments
);
CREATE UNIQUE INDEX assignments_one_active ON assignments (cluster_id, shipment_id) WHERE active;
ALTER TABLE assignments ENABLE ROW LEVEL SECURITY;
ALTER TABLE assignments FORCE ROW LEVEL SECURITY;
CREATE POLICY assignments_neutral ON assignments
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT, UPDATE ON assignments TO cluster_app;
