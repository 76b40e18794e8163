CREATE TABLE sites (
    cluster_id    uuid        NOT NULL REFERENCES clusters,
    site_id       uuid        NOT NULL,
    member_id     uuid,
    kind          text        NOT NULL CHECK (kind IN ('hub', 'warehouse', 'workshop', 'shop', 'pickup_point')),
    code          text        NOT NULL,
    name          text        NOT NULL,
    address_line1 text        NOT NULL,
    country_code  text        NOT NULL CHECK (country_code ~ '^[A-Z]{2}$'),
    province_code text,
    ward_code     text,
    lat           double precision NOT NULL CHECK (lat BETWEEN -90 AND 90),
    lon           double precision NOT NULL CHECK (lon BETWEEN -180 AND 180),
    opens_at      time,
    closes_at     time,
    created_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, site_id),
    FOREIGN KEY (cluster_id, member_id) REFERENCES members,
    CHECK ((opens_at IS NULL) = (closes_at IS NULL)),
    CHECK (opens_at < closes_at)
);
-- A member's site codes are its own; the cluster's shared sites have no member. Unique by owner, so that nobody
-- learns from a refusal which codes a rival uses.
CREATE UNIQUE INDEX sites_code ON sites (cluster_id, member_id, code) NULLS NOT DISTINCT;
ALTER TABLE sites ENABLE ROW LEVEL SECURITY;
ALTER TABLE sites FORCE ROW LEVEL SECURITY;
CREATE POLICY sites_read ON sites FOR SELECT
    USING (cluster_id = (SELECT app_cluster())
           AND ((SELECT app_neutral()) OR member_id IS NULL OR member_id = (SELECT app_member())));
CREATE POLICY sites_write ON sites FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster())
                AND ((SELECT app_neutral()) OR member_id = (SELECT app_member())));
GRANT SELECT, INSERT ON sites TO cluster_app;

-- Road times between points, by profile. Points are keyed by coordinates to the sixth decimal (0.1 m).
CREATE TABLE travel_legs (
    cluster_id  uuid    NOT NULL REFERENCES clusters,
    profile     text    NOT NULL,
    from_lat_e6 integer NOT NULL,
    from_lon_e6 integer NOT NULL,
    to_lat_e6   integer NOT NULL,
    to_lon_e6   integer NOT NULL,
    distance_m  integer NOT NULL CHECK (distance_m >= -1),
    duration_s  integer NOT NULL CHECK (duration_s >= -1),
    PRIMARY KEY (cluster_id, profile, from_lat_e6, from_lon_e6, to_lat_e6, to_lon_e6)
);
ALTER TABLE travel_legs ENABLE ROW LEVEL SECURITY;
ALTER TABLE travel_legs FORCE ROW LEVEL SECURITY;
CREATE POLICY travel_legs_neutral ON travel_legs
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT, UPDATE ON travel_legs TO cluster_app;
