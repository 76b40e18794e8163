-- Along which roads vehicles get from one point to another, to be drawn on a map. A row without a network waits to be
-- computed; one with a network and no line is known to have no way. What was last wanted long ago is not kept up to date.
CREATE TABLE travel_lines (
    cluster_id  uuid        NOT NULL REFERENCES clusters,
    profile     text        NOT NULL CHECK (length(profile) <= 200),
    from_lat_e6 integer     NOT NULL CHECK (from_lat_e6 BETWEEN -90000000 AND 90000000),
    from_lon_e6 integer     NOT NULL CHECK (from_lon_e6 BETWEEN -180000000 AND 180000000),
    to_lat_e6   integer     NOT NULL CHECK (to_lat_e6 BETWEEN -90000000 AND 90000000),
    to_lon_e6   integer     NOT NULL CHECK (to_lon_e6 BETWEEN -180000000 AND 180000000),
    line        text        CHECK (length(line) <= 65536),
    network     text        CHECK (length(network) <= 200),
    wanted_at   timestamptz NOT NULL DEFAULT now(),
    computed_at timestamptz,
    PRIMARY KEY (cluster_id, profile, from_lat_e6, from_lon_e6, to_lat_e6, to_lon_e6),
    CHECK ((network IS NULL) = (computed_at IS NULL)),
    CHECK (network IS NOT NULL OR line IS NULL)
);
ALTER TABLE travel_lines ENABLE ROW LEVEL SECURITY;
ALTER TABLE travel_lines FORCE ROW LEVEL SECURITY;
CREATE POLICY travel_lines_neutral ON travel_lines
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT, UPDATE ON travel_lines TO cluster_app;
