CREATE TABLE vehicle_types (
    cluster_id       uuid        NOT NULL REFERENCES clusters,
    vehicle_type_id  uuid        NOT NULL,
    code             text        NOT NULL,
    name             text        NOT NULL,
    profile          text        NOT NULL,
    speed_kmh        integer     NOT NULL CHECK (speed_kmh BETWEEN 1 AND 200),
    circuity_percent integer     NOT NULL CHECK (circuity_percent BETWEEN 100 AND 1000),
    weight_g         bigint      NOT NULL CHECK (weight_g > 0),
    volume_cm3       bigint      NOT NULL CHECK (volume_cm3 > 0),
    pallet_places    integer     NOT NULL CHECK (pallet_places >= 0),
    vehicles         integer     CHECK (vehicles >= 0),
    fixed_minor      bigint      NOT NULL CHECK (fixed_minor >= 0),
    km_minor         bigint      NOT NULL CHECK (km_minor >= 0),
    hour_minor       bigint      NOT NULL CHECK (hour_minor >= 0),
    stop_minor       bigint      NOT NULL CHECK (stop_minor >= 0),
    start_site_id    uuid        NOT NULL,
    end_site_id      uuid,
    shift_start      time        NOT NULL,
    shift_end        time        NOT NULL CHECK (shift_end > shift_start),
    duration_max_s   integer     CHECK (duration_max_s > 0),
    distance_max_m   integer     CHECK (distance_max_m > 0),
    skills           text[]      NOT NULL DEFAULT '{}',
    created_at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, vehicle_type_id),
    UNIQUE (cluster_id, code),
    FOREIGN KEY (cluster_id, start_site_id) REFERENCES sites,
    FOREIGN KEY (cluster_id, end_site_id) REFERENCES sites
);
ALTER TABLE vehicle_types ENABLE ROW LEVEL SECURITY;
ALTER TABLE vehicle_types FORCE ROW LEVEL SECURITY;
CREATE POLICY vehicle_types_neutral ON vehicle_types
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT ON vehicle_types TO cluster_app;
