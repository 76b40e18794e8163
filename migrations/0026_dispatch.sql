-- Published routes as tours: what drivers do, what they report, what proves it, and labels.

CREATE TABLE tours (
    cluster_id      uuid        NOT NULL REFERENCES clusters,
    tour_id         uuid        NOT NULL,
    plan_id         uuid        NOT NULL,
    route_no        integer     NOT NULL CHECK (route_no > 0),
    pool_window_id  uuid        NOT NULL,
    vehicle_type_id uuid        NOT NULL,
    vehicle_no      integer     NOT NULL CHECK (vehicle_no > 0),
    code            text        NOT NULL,
    vehicle         text        NOT NULL,
    driver_name     text,
    status          text        NOT NULL
                    CHECK (status IN ('planned', 'dispatched', 'under_way', 'completed', 'cancelled')),
    starts_at       timestamptz NOT NULL,
    ends_at         timestamptz NOT NULL CHECK (ends_at >= starts_at),
    distance_m      bigint      NOT NULL CHECK (distance_m >= 0),
    started_at      timestamptz,
    completed_at    timestamptz,
    cancel_reason   text,
    -- What holds the tour up at the moment, and where the vehicle was last.
    exception       text,
    lat             double precision CHECK (lat BETWEEN -90 AND 90),
    lon             double precision CHECK (lon BETWEEN -180 AND 180),
    seen_at         timestamptz,
    version         bigint      NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, tour_id),
    FOREIGN KEY (cluster_id, plan_id, route_no) REFERENCES plan_routes,
    FOREIGN KEY (cluster_id, pool_window_id) REFERENCES pool_windows,
    FOREIGN KEY (cluster_id, vehicle_type_id) REFERENCES vehicle_types,
    CHECK ((lat IS NULL) = (lon IS NULL))
);
-- A vehicle has one live tour a day, whichever plan it follows by now.
CREATE UNIQUE INDEX tours_vehicle ON tours (cluster_id, pool_window_id, vehicle_type_id, vehicle_no)
    WHERE status IN ('planned', 'dispatched', 'under_way');
CREATE INDEX tours_plan ON tours (cluster_id, plan_id, route_no);
ALTER TABLE tours ENABLE ROW LEVEL SECURITY;
ALTER TABLE tours FORCE ROW LEVEL SECURITY;
CREATE POLICY tours_neutral ON tours
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT, UPDATE ON tours TO cluster_app;

CREATE FUNCTION tours_move() RETURNS trigger LANGUAGE plpgsql
    AS $$
BEGIN
    IF NEW.status <> OLD.status AND NOT (CASE OLD.status
        WHEN 'planned' THEN NEW.status IN ('dispatched', 'cancelled')
        WHEN 'dispatched' THEN NEW.status IN ('under_way', 'completed', 'cancelled')
        WHEN 'under_way' THEN NEW.status = 'completed'
        ELSE false END) THEN
        RAISE EXCEPTION 'a tour does not move from % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'tours_move';
    END IF;
    NEW.version := OLD.version + 1;
    RETURN NEW;
END
$$;
CREATE TRIGGER tours_move BEFORE UPDATE ON tours FOR EACH ROW EXECUTE FUNCTION tours_move();

CREATE TABLE tour_stops (
    cluster_id uuid        NOT NULL,
    tour_id    uuid        NOT NULL,
    stop_no    integer     NOT NULL CHECK (stop_no > 0),
    arrives_at timestamptz NOT NULL,
    departs_at timestamptz NOT NULL CHECK (departs_at >= arrives_at),
    arrived_at timestamptz,
    left_at    timestamptz,
    PRIMARY KEY (cluster_id, tour_id, stop_no),
    FOREIGN KEY (cluster_id, tour_id) REFERENCES tours
);
ALTER TABLE tour_stops ENABLE ROW LEVEL SECURITY;
ALTER TABLE tour_stops FORCE ROW LEVEL SECURITY;
CREATE POLICY tour_stops_neutral ON tour_stops
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT, UPDATE ON tour_stops TO cluster_app;

-- Numbers of stops and tours tell of others, so not even a member's own visits are for its eyes: it has its events.
CREATE TABLE tour_visits (
    cluster_id  uuid        NOT NULL,
    tour_id     uuid        NOT NULL,
    stop_no     integer     NOT NULL,
    visit_no    integer     NOT NULL CHECK (visit_no > 0),
    shipment_id uuid        NOT NULL,
    action      text        NOT NULL CHECK (action IN ('pickup', 'delivery')),
    begins_at   timestamptz NOT NULL,
    ends_at     timestamptz NOT NULL CHECK (ends_at >= begins_at),
    outcome     text        CHECK (outcome IN ('done', 'partly', 'failed', 'moved')),
    outcome_at  timestamptz,
    reason      text,
    units_done  integer     CHECK (units_done >= 0),
    PRIMARY KEY (cluster_id, tour_id, shipment_id, action),
    FOREIGN KEY (cluster_id, tour_id, stop_no) REFERENCES tour_stops,
    FOREIGN KEY (cluster_id, shipment_id) REFERENCES shipments,
    CHECK ((outcome IS NULL) = (outcome_at IS NULL))
);
CREATE INDEX tour_visits_shipment ON tour_visits (cluster_id, shipment_id);
ALTER TABLE tour_visits ENABLE ROW LEVEL SECURITY;
ALTER TABLE tour_visits FORCE ROW LEVEL SECURITY;
CREATE POLICY tour_visits_neutral ON tour_visits
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT, UPDATE ON tour_visits TO cluster_app;

-- What happened, as reported; nobody changes or deletes a row. One without a member is about a whole stop or tour.
CREATE TABLE tracking_events (
    cluster_id  uuid        NOT NULL,
    event_id    uuid        NOT NULL,
    tour_id     uuid        NOT NULL,
    member_id   uuid,
    shipment_id uuid,
    event_key   text        NOT NULL CHECK (length(event_key) BETWEEN 1 AND 64),
    kind        text        NOT NULL CHECK (kind IN ('started', 'completed', 'exception', 'resolved', 'position',
                                                     'arrived', 'left', 'loaded', 'done', 'partly', 'failed')),
    source      text        NOT NULL CHECK (source IN ('driver', 'coordinator', 'platform')),
    stop_no     integer     CHECK (stop_no > 0),
    action      text        CHECK (action IN ('pickup', 'delivery')),
    reason      text,
    units_done  integer     CHECK (units_done >= 0),
    note        text,
    at          timestamptz NOT NULL,
    told_at     timestamptz NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    applied     boolean     NOT NULL,
    lat         double precision CHECK (lat BETWEEN -90 AND 90),
    lon         double precision CHECK (lon BETWEEN -180 AND 180),
    accuracy_m  integer     CHECK (accuracy_m >= 0),
    PRIMARY KEY (cluster_id, event_id),
    UNIQUE (cluster_id, tour_id, event_key),
    FOREIGN KEY (cluster_id, tour_id) REFERENCES tours,
    FOREIGN KEY (cluster_id, member_id) REFERENCES members,
    FOREIGN KEY (cluster_id, shipment_id) REFERENCES shipments,
    CHECK ((lat IS NULL) = (lon IS NULL)),
    CHECK ((member_id IS NULL) = (shipment_id IS NULL)),
    -- A number of a stop tells a member of others.
    CHECK (member_id IS NULL OR stop_no IS NULL)
);
CREATE INDEX tracking_events_tour ON tracking_events (cluster_id, tour_id, event_id);
CREATE INDEX tracking_events_shipment ON tracking_events (cluster_id, shipment_id, event_id)
    WHERE shipment_id IS NOT NULL;
ALTER TABLE tracking_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE tracking_events FORCE ROW LEVEL SECURITY;
CREATE POLICY tracking_events_read ON tracking_events FOR SELECT
    USING (cluster_id = (SELECT app_cluster()) AND ((SELECT app_neutral()) OR member_id = (SELECT app_member())));
CREATE POLICY tracking_events_add ON tracking_events FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT ON tracking_events TO cluster_app;

CREATE TABLE proofs (
    cluster_id  uuid        NOT NULL,
    proof_id    uuid        NOT NULL,
    tour_id     uuid        NOT NULL,
    member_id   uuid        NOT NULL,
    shipment_id uuid        NOT NULL,
    event_key   text        NOT NULL CHECK (length(event_key) BETWEEN 1 AND 64),
    action      text        NOT NULL CHECK (action IN ('pickup', 'delivery')),
    kind        text        NOT NULL CHECK (kind IN ('photo', 'signature')),
    media_type  text        NOT NULL CHECK (media_type IN ('image/jpeg', 'image/png', 'image/webp', 'image/svg+xml')),
    size_bytes  integer     NOT NULL CHECK (size_bytes BETWEEN 1 AND 2000000),
    sha256      text        NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    signer_name text,
    taken_at    timestamptz NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    erased_at   timestamptz,
    PRIMARY KEY (cluster_id, proof_id),
    UNIQUE (cluster_id, tour_id, event_key),
    FOREIGN KEY (cluster_id, tour_id) REFERENCES tours,
    FOREIGN KEY (cluster_id, member_id) REFERENCES members,
    FOREIGN KEY (cluster_id, shipment_id) REFERENCES shipments
);
CREATE INDEX proofs_shipment ON proofs (cluster_id, shipment_id, proof_id);
ALTER TABLE proofs ENABLE ROW LEVEL SECURITY;
ALTER TABLE proofs FORCE ROW LEVEL SECURITY;
CREATE POLICY proofs_read ON proofs FOR SELECT
    USING (cluster_id = (SELECT app_cluster()) AND ((SELECT app_neutral()) OR member_id = (SELECT app_member())));
CREATE POLICY proofs_add ON proofs FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
CREATE POLICY proofs_erase ON proofs FOR UPDATE
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_role()) = 'system');
GRANT SELECT, INSERT ON proofs TO cluster_app;
GRANT UPDATE (signer_name, erased_at) ON proofs TO cluster_app;

-- Apart from what is known of a proof, so that a list of proofs reads none of them. Emptied by an erasure.
CREATE TABLE proof_contents (
    cluster_id uuid  NOT NULL,
    proof_id   uuid  NOT NULL,
    member_id  uuid  NOT NULL,
    content    bytea NOT NULL CHECK (octet_length(content) <= 2000000),
    PRIMARY KEY (cluster_id, proof_id),
    FOREIGN KEY (cluster_id, proof_id) REFERENCES proofs
);
-- Images are packed already.
ALTER TABLE proof_contents ALTER COLUMN content SET STORAGE EXTERNAL;
ALTER TABLE proof_contents ENABLE ROW LEVEL SECURITY;
ALTER TABLE proof_contents FORCE ROW LEVEL SECURITY;
CREATE POLICY proof_contents_read ON proof_contents FOR SELECT
    USING (cluster_id = (SELECT app_cluster()) AND ((SELECT app_neutral()) OR member_id = (SELECT app_member())));
CREATE POLICY proof_contents_add ON proof_contents FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
CREATE POLICY proof_contents_erase ON proof_contents FOR UPDATE
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_role()) = 'system');
GRANT SELECT, INSERT ON proof_contents TO cluster_app;
GRANT UPDATE (content) ON proof_contents TO cluster_app;

-- What opens a tour to its driver without an account. Before a token is recognised nobody knows its cluster: the
-- authenticator finds it by its digest, as it finds keys.
CREATE TABLE driver_links (
    cluster_id uuid        NOT NULL,
    link_id    uuid        NOT NULL,
    tour_id    uuid        NOT NULL,
    hash       bytea       NOT NULL CHECK (octet_length(hash) = 32),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    used_at    timestamptz,
    PRIMARY KEY (cluster_id, link_id),
    FOREIGN KEY (cluster_id, tour_id) REFERENCES tours
);
CREATE INDEX driver_links_hash ON driver_links (hash);
CREATE INDEX driver_links_tour ON driver_links (cluster_id, tour_id, link_id);
ALTER TABLE driver_links ENABLE ROW LEVEL SECURITY;
ALTER TABLE driver_links FORCE ROW LEVEL SECURITY;
CREATE POLICY driver_links_read ON driver_links FOR SELECT
    USING ((SELECT app_role()) = 'authenticator'
           OR (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral())));
CREATE POLICY driver_links_make ON driver_links FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
CREATE POLICY driver_links_change ON driver_links FOR UPDATE
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT ON driver_links TO cluster_app;
GRANT UPDATE (revoked_at, used_at) ON driver_links TO cluster_app;

-- The same for a shipment's consignee; its member may make one too.
CREATE TABLE tracking_links (
    cluster_id  uuid        NOT NULL,
    link_id     uuid        NOT NULL,
    member_id   uuid        NOT NULL,
    shipment_id uuid        NOT NULL,
    hash        bytea       NOT NULL CHECK (octet_length(hash) = 32),
    created_at  timestamptz NOT NULL DEFAULT now(),
    expires_at  timestamptz NOT NULL,
    revoked_at  timestamptz,
    used_at     timestamptz,
    PRIMARY KEY (cluster_id, link_id),
    FOREIGN KEY (cluster_id, member_id) REFERENCES members,
    FOREIGN KEY (cluster_id, shipment_id) REFERENCES shipments
);
CREATE INDEX tracking_links_hash ON tracking_links (hash);
CREATE INDEX tracking_links_shipment ON tracking_links (cluster_id, shipment_id, link_id);
ALTER TABLE tracking_links ENABLE ROW LEVEL SECURITY;
ALTER TABLE tracking_links FORCE ROW LEVEL SECURITY;
CREATE POLICY tracking_links_read ON tracking_links FOR SELECT
    USING ((SELECT app_role()) = 'authenticator'
           OR (cluster_id = (SELECT app_cluster())
               AND ((SELECT app_neutral()) OR member_id = (SELECT app_member()))));
CREATE POLICY tracking_links_make ON tracking_links FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster())
                AND ((SELECT app_neutral()) OR member_id = (SELECT app_member())));
CREATE POLICY tracking_links_change ON tracking_links FOR UPDATE
    USING (cluster_id = (SELECT app_cluster())
           AND ((SELECT app_neutral()) OR member_id = (SELECT app_member())));
GRANT SELECT, INSERT ON tracking_links TO cluster_app;
GRANT UPDATE (revoked_at, used_at) ON tracking_links TO cluster_app;

-- Company prefixes of GS1: a member's own, or the cluster's (owner_id is the cluster) for members without one.
CREATE TABLE sscc_prefixes (
    cluster_id uuid        NOT NULL REFERENCES clusters,
    owner_id   uuid        NOT NULL,
    member_id  uuid,
    prefix     text        NOT NULL CHECK (prefix ~ '^[0-9]{4,12}$'),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, owner_id),
    FOREIGN KEY (cluster_id, member_id) REFERENCES members,
    CHECK (owner_id = coalesce(member_id, cluster_id))
);
ALTER TABLE sscc_prefixes ENABLE ROW LEVEL SECURITY;
ALTER TABLE sscc_prefixes FORCE ROW LEVEL SECURITY;
CREATE POLICY sscc_prefixes_read ON sscc_prefixes FOR SELECT
    USING (cluster_id = (SELECT app_cluster())
           AND ((SELECT app_neutral())
                OR ((SELECT app_member()) IS NOT NULL AND (member_id IS NULL OR member_id = (SELECT app_member())))));
CREATE POLICY sscc_prefixes_set ON sscc_prefixes FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster())
                AND ((SELECT app_neutral()) OR member_id = (SELECT app_member())));
CREATE POLICY sscc_prefixes_change ON sscc_prefixes FOR UPDATE
    USING (cluster_id = (SELECT app_cluster())
           AND ((SELECT app_neutral()) OR member_id = (SELECT app_member())));
GRANT SELECT, INSERT, UPDATE ON sscc_prefixes TO cluster_app;

-- Which code is on which unit. Codes are drawn at random, so that a refusal tells nothing and neither does a number.
CREATE TABLE sscc_units (
    cluster_id  uuid        NOT NULL,
    shipment_id uuid        NOT NULL,
    line_no     integer     NOT NULL CHECK (line_no > 0),
    unit_no     integer     NOT NULL CHECK (unit_no > 0),
    member_id   uuid        NOT NULL,
    sscc        text        NOT NULL CHECK (sscc ~ '^[0-9]{18}$'),
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, shipment_id, line_no, unit_no),
    FOREIGN KEY (cluster_id, member_id) REFERENCES members,
    FOREIGN KEY (cluster_id, shipment_id) REFERENCES shipments
);
CREATE UNIQUE INDEX sscc_units_code ON sscc_units (cluster_id, sscc);
ALTER TABLE sscc_units ENABLE ROW LEVEL SECURITY;
ALTER TABLE sscc_units FORCE ROW LEVEL SECURITY;
CREATE POLICY sscc_units_own ON sscc_units
    USING (cluster_id = (SELECT app_cluster()) AND ((SELECT app_neutral()) OR member_id = (SELECT app_member())))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND ((SELECT app_neutral()) OR member_id = (SELECT app_member())));
GRANT SELECT, INSERT ON sscc_units TO cluster_app;
