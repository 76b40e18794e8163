-- What a published plan comes to, added up once: a year of days is then read from a few hundred rows.
CREATE TABLE day_figures (
    cluster_id        uuid        NOT NULL,
    plan_id           uuid        NOT NULL,
    pool_window_id    uuid        NOT NULL,
    service_date      date        NOT NULL,
    currency          text        NOT NULL,
    cost_minor        bigint      NOT NULL CHECK (cost_minor >= 0),
    distance_m        bigint      NOT NULL CHECK (distance_m >= 0),
    duration_s        bigint      NOT NULL CHECK (duration_s >= 0),
    routes            integer     NOT NULL CHECK (routes >= 0),
    planned           integer     NOT NULL CHECK (planned >= 0),
    unplanned         integer     NOT NULL CHECK (unplanned >= 0),
    weight_g          bigint      NOT NULL CHECK (weight_g >= 0),
    volume_cm3        bigint      NOT NULL CHECK (volume_cm3 >= 0),
    weight_gm         bigint      CHECK (weight_gm >= 0),
    weight_room_gm    bigint      CHECK (weight_room_gm >= 0),
    volume_cm3m       bigint      CHECK (volume_cm3m >= 0),
    volume_room_cm3m  bigint      CHECK (volume_room_cm3m >= 0),
    visits            integer     NOT NULL CHECK (visits >= 0),
    on_time           integer     NOT NULL CHECK (on_time BETWEEN 0 AND visits),
    happened          integer     NOT NULL CHECK (happened BETWEEN 0 AND visits),
    emissions_g       bigint      CHECK (emissions_g >= 0),
    stand_alone_minor bigint,
    saving_minor      bigint,
    measured_at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, plan_id),
    FOREIGN KEY (cluster_id, plan_id) REFERENCES plans,
    FOREIGN KEY (cluster_id, pool_window_id) REFERENCES pool_windows
);
CREATE INDEX day_figures_day ON day_figures (cluster_id, service_date);
ALTER TABLE day_figures ENABLE ROW LEVEL SECURITY;
ALTER TABLE day_figures FORCE ROW LEVEL SECURITY;
CREATE POLICY day_figures_neutral ON day_figures
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT, UPDATE ON day_figures TO cluster_app;

-- One member's part of the same.
CREATE TABLE member_figures (
    cluster_id        uuid    NOT NULL,
    plan_id           uuid    NOT NULL,
    member_id         uuid    NOT NULL,
    service_date      date    NOT NULL,
    currency          text    NOT NULL,
    planned           integer NOT NULL CHECK (planned >= 0),
    unplanned         integer NOT NULL CHECK (unplanned >= 0),
    weight_g          bigint  NOT NULL CHECK (weight_g >= 0),
    volume_cm3        bigint  NOT NULL CHECK (volume_cm3 >= 0),
    visits            integer NOT NULL CHECK (visits >= 0),
    on_time           integer NOT NULL CHECK (on_time BETWEEN 0 AND visits),
    happened          integer NOT NULL CHECK (happened BETWEEN 0 AND visits),
    stand_alone_minor bigint,
    share_minor       bigint,
    saving_minor      bigint,
    emissions_g       bigint  CHECK (emissions_g >= 0),
    PRIMARY KEY (cluster_id, plan_id, member_id),
    FOREIGN KEY (cluster_id, plan_id) REFERENCES day_figures,
    FOREIGN KEY (cluster_id, member_id) REFERENCES members
);
CREATE INDEX member_figures_day ON member_figures (cluster_id, member_id, service_date);
ALTER TABLE member_figures ENABLE ROW LEVEL SECURITY;
ALTER TABLE member_figures FORCE ROW LEVEL SECURITY;
CREATE POLICY member_figures_own ON member_figures FOR SELECT
    USING (cluster_id = (SELECT app_cluster()) AND ((SELECT app_neutral()) OR member_id = (SELECT app_member())));
CREATE POLICY member_figures_add ON member_figures FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
CREATE POLICY member_figures_change ON member_figures FOR UPDATE
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT, UPDATE ON member_figures TO cluster_app;

-- What one member is told of the whole cluster's month: rounded and judged before it is stored, and never changed, so
-- that no question asked later, and no later plan, can be held against it. All null: too few others, or one dominant.
CREATE TABLE month_totals (
    cluster_id      uuid        NOT NULL,
    month           date        NOT NULL CHECK (month = date_trunc('month', month)),
    member_id       uuid        NOT NULL,
    shipments       bigint      CHECK (shipments >= 0),
    distance_m      bigint      CHECK (distance_m >= 0),
    saving_minor    bigint,
    emissions_g     bigint      CHECK (emissions_g >= 0),
    told_at         timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, month, member_id),
    FOREIGN KEY (cluster_id, member_id) REFERENCES members
);
ALTER TABLE month_totals ENABLE ROW LEVEL SECURITY;
ALTER TABLE month_totals FORCE ROW LEVEL SECURITY;
CREATE POLICY month_totals_own ON month_totals FOR SELECT
    USING (cluster_id = (SELECT app_cluster()) AND ((SELECT app_neutral()) OR member_id = (SELECT app_member())));
CREATE POLICY month_totals_add ON month_totals FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT ON month_totals TO cluster_app;
