-- Where a leg comes from. What the coordinator gave stays; what a road engine computed belongs to one network and one way
-- of using it, and is computed anew for another.
ALTER TABLE travel_legs
    ADD COLUMN source      text        NOT NULL DEFAULT 'given' CHECK (source IN ('given', 'valhalla', 'osrm')),
    ADD COLUMN network     text        CHECK (length(network) <= 200),
    ADD COLUMN computed_at timestamptz NOT NULL DEFAULT now(),
    ADD CHECK ((source = 'given') = (network IS NULL));

-- How vehicles of a travel profile use the roads; profiles named after a mode need no row.
CREATE TABLE travel_profiles (
    cluster_id     uuid        NOT NULL REFERENCES clusters,
    profile        text        NOT NULL,
    mode           text        NOT NULL CHECK (mode IN ('motorbike', 'van', 'truck', 'bicycle')),
    gross_weight_g bigint      CHECK (gross_weight_g > 0),
    axle_load_g    bigint      CHECK (axle_load_g > 0),
    height_mm      integer     CHECK (height_mm > 0),
    width_mm       integer     CHECK (width_mm > 0),
    length_mm      integer     CHECK (length_mm > 0),
    speed_max_kmh  integer     CHECK (speed_max_kmh BETWEEN 10 AND 140),
    set_at         timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, profile),
    CHECK (mode = 'truck' OR (gross_weight_g IS NULL AND axle_load_g IS NULL AND length_mm IS NULL)),
    CHECK (mode IN ('van', 'truck') OR (height_mm IS NULL AND width_mm IS NULL))
);
ALTER TABLE travel_profiles ENABLE ROW LEVEL SECURITY;
ALTER TABLE travel_profiles FORCE ROW LEVEL SECURITY;
CREATE POLICY travel_profiles_neutral ON travel_profiles
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT, UPDATE ON travel_profiles TO cluster_app;

-- Where points meet the road network. A row for each owner of a point, although two rows may say the same: one row for
-- both would tell a member that somebody else was at that point before.
CREATE TABLE snapped_points (
    cluster_id       uuid        NOT NULL REFERENCES clusters,
    snapped_point_id uuid        NOT NULL,
    member_id        uuid,
    profile          text        NOT NULL,
    lat_e6           integer     NOT NULL CHECK (lat_e6 BETWEEN -90000000 AND 90000000),
    lon_e6           integer     NOT NULL CHECK (lon_e6 BETWEEN -180000000 AND 180000000),
    road_lat_e6      integer     CHECK (road_lat_e6 BETWEEN -90000000 AND 90000000),
    road_lon_e6      integer     CHECK (road_lon_e6 BETWEEN -180000000 AND 180000000),
    distance_m       integer     CHECK (distance_m >= 0),
    -- To some hub and from it; null while the cluster has none.
    hubs_reached     boolean,
    network          text        NOT NULL CHECK (length(network) <= 200),
    computed_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, snapped_point_id),
    FOREIGN KEY (cluster_id, member_id) REFERENCES members,
    CHECK (num_nulls(road_lat_e6, road_lon_e6, distance_m) IN (0, 3))
);
CREATE UNIQUE INDEX snapped_points_point ON snapped_points (cluster_id, member_id, profile, lat_e6, lon_e6)
    NULLS NOT DISTINCT;
ALTER TABLE snapped_points ENABLE ROW LEVEL SECURITY;
ALTER TABLE snapped_points FORCE ROW LEVEL SECURITY;
CREATE POLICY snapped_points_read ON snapped_points FOR SELECT
    USING (cluster_id = (SELECT app_cluster())
           AND ((SELECT app_neutral()) OR member_id IS NULL OR member_id = (SELECT app_member())));
CREATE POLICY snapped_points_write ON snapped_points FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
CREATE POLICY snapped_points_again ON snapped_points FOR UPDATE
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT, UPDATE ON snapped_points TO cluster_app;
