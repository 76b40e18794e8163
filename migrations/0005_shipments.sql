CREATE TABLE pool_windows (
    cluster_id     uuid        NOT NULL REFERENCES clusters,
    pool_window_id uuid        NOT NULL,
    service_date   date        NOT NULL,
    opens_at       timestamptz NOT NULL,
    cut_off_at     timestamptz NOT NULL CHECK (cut_off_at > opens_at),
    -- Moves when something that a plan already holds changes; a plan applies only to the version it was made from.
    version        bigint      NOT NULL DEFAULT 0,
    created_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, pool_window_id),
    UNIQUE (cluster_id, service_date)
);
ALTER TABLE pool_windows ENABLE ROW LEVEL SECURITY;
ALTER TABLE pool_windows FORCE ROW LEVEL SECURITY;
CREATE POLICY pool_windows_read ON pool_windows FOR SELECT
    USING (cluster_id = (SELECT app_cluster()));
CREATE POLICY pool_windows_open ON pool_windows FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
-- Members move the version when they cancel what is planned; the columns they may write are granted below.
CREATE POLICY pool_windows_version ON pool_windows FOR UPDATE
    USING (cluster_id = (SELECT app_cluster()));
GRANT SELECT, INSERT ON pool_windows TO cluster_app;
GRANT UPDATE (version) ON pool_windows TO cluster_app;

CREATE TABLE shipments (
    cluster_id     uuid        NOT NULL REFERENCES clusters,
    shipment_id    uuid        NOT NULL,
    member_id      uuid        NOT NULL,
    pool_window_id uuid        NOT NULL,
    client_ref     text        NOT NULL,
    service        text        NOT NULL CHECK (service IN ('delivery', 'collection', 'transport')),
    status         text        NOT NULL CHECK (status IN ('booked', 'pooled', 'planned', 'cancelled')),
    hub_site_id    uuid,
    weight_g       bigint      NOT NULL CHECK (weight_g >= 0),
    volume_cm3     bigint      NOT NULL CHECK (volume_cm3 >= 0),
    pallet_places  integer     NOT NULL CHECK (pallet_places >= 0),
    outside_minor  bigint      CHECK (outside_minor >= 0),
    skills         text[]      NOT NULL DEFAULT '{}',
    created_at     timestamptz NOT NULL DEFAULT now(),
    updated_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, shipment_id),
    UNIQUE (cluster_id, member_id, client_ref),
    FOREIGN KEY (cluster_id, member_id) REFERENCES members,
    FOREIGN KEY (cluster_id, pool_window_id) REFERENCES pool_windows,
    FOREIGN KEY (cluster_id, hub_site_id) REFERENCES sites
);
CREATE INDEX shipments_pool ON shipments (cluster_id, pool_window_id, shipment_id);
CREATE INDEX shipments_member ON shipments (cluster_id, member_id, shipment_id);
ALTER TABLE shipments ENABLE ROW LEVEL SECURITY;
ALTER TABLE shipments FORCE ROW LEVEL SECURITY;
CREATE POLICY shipments_own ON shipments
    USING (cluster_id = (SELECT app_cluster()) AND ((SELECT app_neutral()) OR member_id = (SELECT app_member())))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND ((SELECT app_neutral()) OR member_id = (SELECT app_member())));
GRANT SELECT, INSERT, UPDATE ON shipments TO cluster_app;

CREATE TABLE shipment_stops (
    cluster_id    uuid             NOT NULL,
    shipment_id   uuid             NOT NULL,
    action        text             NOT NULL CHECK (action IN ('pickup', 'delivery')),
    member_id     uuid             NOT NULL,
    site_id       uuid,
    name          text             NOT NULL,
    address_line1 text             NOT NULL,
    lat           double precision NOT NULL CHECK (lat BETWEEN -90 AND 90),
    lon           double precision NOT NULL CHECK (lon BETWEEN -180 AND 180),
    window_start  timestamptz,
    window_end    timestamptz,
    service_s     integer          NOT NULL CHECK (service_s BETWEEN 0 AND 86400),
    PRIMARY KEY (cluster_id, shipment_id, action),
    FOREIGN KEY (cluster_id, shipment_id) REFERENCES shipments,
    FOREIGN KEY (cluster_id, site_id) REFERENCES sites,
    CHECK ((window_start IS NULL) = (window_end IS NULL)),
    CHECK (window_start < window_end)
);
ALTER TABLE shipment_stops ENABLE ROW LEVEL SECURITY;
ALTER TABLE shipment_stops FORCE ROW LEVEL SECURITY;
CREATE POLICY shipment_stops_own ON shipment_stops
    USING (cluster_id = (SELECT app_cluster()) AND ((SELECT app_neutral()) OR member_id = (SELECT app_member())))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND ((SELECT app_neutral()) OR member_id = (SELECT app_member())));
GRANT SELECT, INSERT ON shipment_stops TO cluster_app;

CREATE TABLE handling_units (
    cluster_id  uuid    NOT NULL,
    shipment_id uuid    NOT NULL,
    line_no     integer NOT NULL CHECK (line_no > 0),
    member_id   uuid    NOT NULL,
    kind        text    NOT NULL CHECK (kind IN ('box', 'pallet', 'rack', 'tube', 'bag')),
    units       integer NOT NULL CHECK (units > 0),
    weight_g    bigint  NOT NULL CHECK (weight_g > 0),
    length_mm   integer NOT NULL CHECK (length_mm > 0),
    width_mm    integer NOT NULL CHECK (width_mm > 0),
    height_mm   integer NOT NULL CHECK (height_mm > 0),
    sscc        text    CHECK (sscc ~ '^[0-9]{18}$'),
    PRIMARY KEY (cluster_id, shipment_id, line_no),
    FOREIGN KEY (cluster_id, shipment_id) REFERENCES shipments
);
ALTER TABLE handling_units ENABLE ROW LEVEL SECURITY;
ALTER TABLE handling_units FORCE ROW LEVEL SECURITY;
CREATE POLICY handling_units_own ON handling_units
    USING (cluster_id = (SELECT app_cluster()) AND ((SELECT app_neutral()) OR member_id = (SELECT app_member())))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND ((SELECT app_neutral()) OR member_id = (SELECT app_member())));
GRANT SELECT, INSERT ON handling_units TO cluster_app;
