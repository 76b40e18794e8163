-- What a shipment says of itself, its states, and its outside option.

-- Legal moves between states: the same table as cluster.shipments.states, which explains it; a test compares them.
CREATE FUNCTION shipment_move_legal(before text, after text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT CASE before
        WHEN 'draft' THEN after IN ('quoted', 'booked', 'pooled', 'cancelled')
        WHEN 'quoted' THEN after IN ('draft', 'booked', 'pooled', 'cancelled')
        WHEN 'booked' THEN after IN ('pooled', 'dispatched', 'picked_up', 'at_hub', 'in_transit', 'at_customs',
             'out_for_delivery', 'ready_for_pickup', 'delivery_failed', 'on_hold', 'partially_delivered', 'delivered',
             'cancelled')
        WHEN 'pooled' THEN after IN ('booked', 'planned', 'cancelled')
        WHEN 'planned' THEN after IN ('booked', 'pooled', 'tendered', 'dispatched', 'cancelled')
        WHEN 'tendered' THEN after IN ('pooled', 'planned', 'dispatched', 'cancelled')
        WHEN 'dispatched' THEN after IN ('picked_up', 'at_hub', 'in_transit', 'at_customs', 'out_for_delivery',
             'ready_for_pickup', 'delivery_failed', 'on_hold', 'partially_delivered', 'delivered', 'cancelled')
        WHEN 'partially_delivered' THEN after IN ('return_to_sender', 'delivered', 'returned', 'lost')
        WHEN 'return_to_sender' THEN after IN ('returned', 'lost')
        ELSE before <> after
             AND before IN ('picked_up', 'at_hub', 'in_transit', 'at_customs', 'out_for_delivery', 'ready_for_pickup',
                            'delivery_failed', 'on_hold')
             AND after IN ('at_hub', 'in_transit', 'at_customs', 'out_for_delivery', 'ready_for_pickup',
                           'delivery_failed', 'on_hold', 'partially_delivered', 'return_to_sender', 'delivered',
                           'returned', 'lost')
    END
    $$;

-- From which state to which the neutral side may correct a record: goods that are, or were, on their way.
CREATE FUNCTION shipment_correctable(state text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT state IN ('dispatched', 'picked_up', 'at_hub', 'in_transit', 'at_customs', 'out_for_delivery',
                     'ready_for_pickup', 'delivery_failed', 'on_hold', 'partially_delivered', 'return_to_sender',
                     'delivered', 'returned', 'lost')
    $$;

ALTER TABLE shipments
    DROP CONSTRAINT shipments_status_check,
    ADD CONSTRAINT shipments_status_check CHECK (status IN (
        'draft', 'quoted', 'booked', 'pooled', 'planned', 'tendered', 'dispatched', 'picked_up', 'at_hub', 'in_transit',
        'at_customs', 'out_for_delivery', 'ready_for_pickup', 'delivered', 'partially_delivered', 'delivery_failed',
        'on_hold', 'return_to_sender', 'returned', 'cancelled', 'lost')),
    ALTER COLUMN pool_window_id DROP NOT NULL,
    ADD CONSTRAINT shipments_window_check
        CHECK (pool_window_id IS NOT NULL OR status IN ('draft', 'quoted', 'cancelled')),
    ADD COLUMN service_level     text NOT NULL DEFAULT 'standard'
        CHECK (service_level IN ('standard', 'express', 'economy')),
    ADD COLUMN temperature_class text NOT NULL DEFAULT 'ambient'
        CHECK (temperature_class IN ('ambient', 'controlled', 'chilled', 'frozen')),
    ADD COLUMN food              boolean NOT NULL DEFAULT false,
    ADD COLUMN pooling           text NOT NULL DEFAULT 'either' CHECK (pooling IN ('pool', 'alone', 'either')),
    ADD COLUMN declared_minor    bigint CHECK (declared_minor >= 0),
    ADD COLUMN cod_minor         bigint CHECK (cod_minor > 0),
    ADD COLUMN inspection        text CHECK (inspection IN ('no_look', 'look', 'try_on')),
    ADD COLUMN incoterm          text CHECK (incoterm ~ '^[A-Z]{3}$'),
    ADD COLUMN po_numbers        text[] NOT NULL DEFAULT '{}',
    ADD COLUMN metadata          jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(metadata) = 'object'),
    -- Where outside_minor comes from: given, a tariff's version, or a carrier's quote.
    ADD COLUMN option_basis      jsonb,
    -- What a search looks at, folded to lower case: own references and the consignee's name.
    ADD COLUMN search_text       text NOT NULL DEFAULT '',
    -- Since when, by what code and why it stands in its state; each change becomes a row of shipment_events.
    ADD COLUMN status_at         timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN status_code       text,
    ADD COLUMN status_reason     text,
    ADD COLUMN event_no          integer NOT NULL DEFAULT 1 CHECK (event_no > 0),
    ADD COLUMN version           bigint NOT NULL DEFAULT 1;

-- Whoever is suspended or gone keeps its shipments and books none.
CREATE POLICY shipments_book ON shipments AS RESTRICTIVE FOR INSERT
    WITH CHECK ((SELECT app_member_active()));

ALTER TABLE shipment_stops
    ADD COLUMN address_id    uuid,
    ADD COLUMN address_line2 text,
    ADD COLUMN locality      text,
    ADD COLUMN province_code text,
    ADD COLUMN ward_code     text,
    ADD COLUMN postal_code   text,
    ADD COLUMN country_code  text CHECK (country_code ~ '^[A-Z]{2}$'),
    ADD COLUMN instructions  text,
    -- All of them where there are several; window_start and window_end are then the first beginning and the last end.
    ADD COLUMN windows       jsonb CHECK (jsonb_typeof(windows) = 'array');

ALTER TABLE handling_units
    ADD COLUMN hs_code          text CHECK (hs_code ~ '^[0-9]{6,10}$'),
    ADD COLUMN un_number        text CHECK (un_number ~ '^[0-9]{4}$'),
    ADD COLUMN hazard_class     text CHECK (hazard_class ~ '^[1-9](\.[1-6])?[A-LNS]?$'),
    -- Additional danger labels, a blank between them.
    ADD COLUMN hazard_labels    text NOT NULL DEFAULT '',
    ADD COLUMN packing_group    text CHECK (packing_group IN ('I', 'II', 'III')),
    ADD COLUMN limited_quantity boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT handling_units_hazard_check CHECK ((un_number IS NULL) = (hazard_class IS NULL));

-- An edit replaces a shipment's ends and units as a whole.
GRANT DELETE ON shipment_stops, handling_units TO cluster_app;

-- Whom to ask for at an end of a shipment: a person's data, apart from everything else so that it can be erased. The
-- coordinator reads it once the shipment is on a route, and not before.
CREATE TABLE shipment_contacts (
    cluster_id   uuid NOT NULL,
    shipment_id  uuid NOT NULL,
    action       text NOT NULL CHECK (action IN ('pickup', 'delivery')),
    member_id    uuid NOT NULL,
    contact_name text,
    phone        text,
    email        text,
    PRIMARY KEY (cluster_id, shipment_id, action),
    FOREIGN KEY (cluster_id, shipment_id) REFERENCES shipments,
    CHECK (num_nonnulls(contact_name, phone, email) > 0)
);
ALTER TABLE shipment_contacts ENABLE ROW LEVEL SECURITY;
ALTER TABLE shipment_contacts FORCE ROW LEVEL SECURITY;
CREATE POLICY shipment_contacts_read ON shipment_contacts FOR SELECT
    USING (cluster_id = (SELECT app_cluster())
           AND (member_id = (SELECT app_member()) OR (SELECT app_role()) = 'system'
                OR ((SELECT app_role()) = 'coordinator'
                    AND EXISTS (SELECT FROM shipments AS moved
                                 WHERE moved.cluster_id = shipment_contacts.cluster_id
                                   AND moved.shipment_id = shipment_contacts.shipment_id
                                   AND moved.status NOT IN ('draft', 'quoted', 'booked', 'pooled', 'cancelled')))));
CREATE POLICY shipment_contacts_write ON shipment_contacts FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster())
                AND (member_id = (SELECT app_member()) OR (SELECT app_role()) = 'system'));
CREATE POLICY shipment_contacts_erase ON shipment_contacts FOR DELETE
    USING (cluster_id = (SELECT app_cluster())
           AND (member_id = (SELECT app_member()) OR (SELECT app_role()) = 'system'));
GRANT SELECT, INSERT, DELETE ON shipment_contacts TO cluster_app;

-- The timeline of a shipment: nobody changes or deletes a row. A row that is not applied came late or twice: it is
-- kept, and the state stays.
CREATE TABLE shipment_events (
    cluster_id  uuid        NOT NULL,
    shipment_id uuid        NOT NULL,
    event_no    integer     NOT NULL CHECK (event_no > 0),
    member_id   uuid        NOT NULL,
    at          timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    status      text        NOT NULL,
    applied     boolean     NOT NULL DEFAULT true,
    code        text,
    reason      text,
    actor_role  text        NOT NULL,
    PRIMARY KEY (cluster_id, shipment_id, event_no),
    FOREIGN KEY (cluster_id, shipment_id) REFERENCES shipments
);
ALTER TABLE shipment_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE shipment_events FORCE ROW LEVEL SECURITY;
CREATE POLICY shipment_events_read ON shipment_events FOR SELECT
    USING (cluster_id = (SELECT app_cluster()) AND ((SELECT app_neutral()) OR member_id = (SELECT app_member())));
CREATE POLICY shipment_events_add ON shipment_events FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND ((SELECT app_neutral()) OR member_id = (SELECT app_member())));
GRANT SELECT, INSERT ON shipment_events TO cluster_app;

CREATE FUNCTION shipments_begin() RETURNS trigger LANGUAGE plpgsql
    AS $$
BEGIN
    IF EXISTS (SELECT FROM made WHERE status NOT IN ('draft', 'booked', 'pooled')) THEN
        RAISE EXCEPTION 'a shipment begins as draft, booked or pooled' USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO shipment_events (cluster_id, shipment_id, event_no, member_id, at, status, code, reason, actor_role)
    SELECT cluster_id, shipment_id, 1, member_id, status_at, status, status_code, status_reason, app_role() FROM made;
    RETURN NULL;
END
$$;
CREATE TRIGGER shipments_begin AFTER INSERT ON shipments
    REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION shipments_begin();

CREATE FUNCTION shipments_move() RETURNS trigger LANGUAGE plpgsql
    AS $$
BEGIN
    NEW.version := OLD.version + 1;
    NEW.updated_at := now();
    IF NEW.status IS DISTINCT FROM OLD.status THEN
        IF NOT shipment_move_legal(OLD.status, NEW.status)
           AND NOT (NEW.status_code IS NOT DISTINCT FROM 'correction' AND NEW.status_reason IS NOT NULL
                    AND app_neutral() AND shipment_correctable(OLD.status) AND shipment_correctable(NEW.status)) THEN
            RAISE EXCEPTION 'a shipment does not move from % to %', OLD.status, NEW.status
                USING ERRCODE = 'check_violation', CONSTRAINT = 'shipments_move';
        END IF;
        NEW.event_no := OLD.event_no + 1;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER shipments_move BEFORE UPDATE ON shipments FOR EACH ROW EXECUTE FUNCTION shipments_move();

CREATE FUNCTION shipments_note() RETURNS trigger LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO shipment_events (cluster_id, shipment_id, event_no, member_id, at, status, code, reason, actor_role)
    SELECT now.cluster_id, now.shipment_id, now.event_no, now.member_id, now.status_at, now.status, now.status_code,
           now.status_reason, app_role()
      FROM later AS now JOIN earlier AS was USING (cluster_id, shipment_id) WHERE now.status <> was.status;
    RETURN NULL;
END
$$;
CREATE TRIGGER shipments_note AFTER UPDATE ON shipments
    REFERENCING OLD TABLE AS earlier NEW TABLE AS later FOR EACH STATEMENT EXECUTE FUNCTION shipments_note();

-- Who cancelled, at which stage, and who caused it: what the true-up of a split reads.
CREATE TABLE shipment_cancellations (
    cluster_id     uuid        NOT NULL,
    shipment_id    uuid        NOT NULL,
    member_id      uuid        NOT NULL,
    pool_window_id uuid,
    at             timestamptz NOT NULL DEFAULT now(),
    stage          text        NOT NULL,
    after_cut_off  boolean     NOT NULL,
    caused_by      text        NOT NULL CHECK (caused_by IN ('member', 'consignee', 'carrier', 'coordinator')),
    reason         text,
    actor_role     text        NOT NULL,
    PRIMARY KEY (cluster_id, shipment_id),
    FOREIGN KEY (cluster_id, shipment_id) REFERENCES shipments,
    FOREIGN KEY (cluster_id, pool_window_id) REFERENCES pool_windows
);
ALTER TABLE shipment_cancellations ENABLE ROW LEVEL SECURITY;
ALTER TABLE shipment_cancellations FORCE ROW LEVEL SECURITY;
CREATE POLICY shipment_cancellations_read ON shipment_cancellations FOR SELECT
    USING (cluster_id = (SELECT app_cluster()) AND ((SELECT app_neutral()) OR member_id = (SELECT app_member())));
CREATE POLICY shipment_cancellations_add ON shipment_cancellations FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND actor_role = (SELECT app_role())
                AND ((SELECT app_neutral()) OR member_id = (SELECT app_member())));
GRANT SELECT, INSERT ON shipment_cancellations TO cluster_app;

-- What a cluster allows; no row: what the columns' defaults say.
CREATE TABLE booking_rules (
    cluster_id               uuid        NOT NULL PRIMARY KEY REFERENCES clusters,
    late_cancellation        boolean     NOT NULL DEFAULT false,
    updated_at               timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE booking_rules ENABLE ROW LEVEL SECURITY;
ALTER TABLE booking_rules FORCE ROW LEVEL SECURITY;
CREATE POLICY booking_rules_read ON booking_rules FOR SELECT
    USING (cluster_id = (SELECT app_cluster()));
CREATE POLICY booking_rules_set ON booking_rules FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
CREATE POLICY booking_rules_change ON booking_rules FOR UPDATE
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT, UPDATE ON booking_rules TO cluster_app;

-- What a member's bookings say where they say nothing.
CREATE TABLE booking_defaults (
    cluster_id     uuid        NOT NULL,
    member_id      uuid        NOT NULL,
    pooling        text        CHECK (pooling IN ('pool', 'alone', 'either')),
    outside_tariff text,
    updated_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, member_id),
    FOREIGN KEY (cluster_id, member_id) REFERENCES members
);
ALTER TABLE booking_defaults ENABLE ROW LEVEL SECURITY;
ALTER TABLE booking_defaults FORCE ROW LEVEL SECURITY;
CREATE POLICY booking_defaults_own ON booking_defaults
    USING (cluster_id = (SELECT app_cluster())
           AND (member_id = (SELECT app_member()) OR (SELECT app_role()) = 'system'))
    WITH CHECK (cluster_id = (SELECT app_cluster())
           AND (member_id = (SELECT app_member()) OR (SELECT app_role()) = 'system'));
GRANT SELECT, INSERT, UPDATE ON booking_defaults TO cluster_app;

-- What a member pays its own carrier. A version is never changed: a later one with the same code takes its place from
-- its first day on.
CREATE TABLE outside_tariffs (
    cluster_id   uuid        NOT NULL,
    version_id   uuid        NOT NULL,
    member_id    uuid        NOT NULL,
    code         text        NOT NULL,
    valid_from   date        NOT NULL,
    content      jsonb       NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    withdrawn_at timestamptz,
    PRIMARY KEY (cluster_id, version_id),
    FOREIGN KEY (cluster_id, member_id) REFERENCES members
);
CREATE UNIQUE INDEX outside_tariffs_version ON outside_tariffs (cluster_id, member_id, code, valid_from)
    WHERE withdrawn_at IS NULL;
ALTER TABLE outside_tariffs ENABLE ROW LEVEL SECURITY;
ALTER TABLE outside_tariffs FORCE ROW LEVEL SECURITY;
CREATE POLICY outside_tariffs_own ON outside_tariffs
    USING (cluster_id = (SELECT app_cluster())
           AND (member_id = (SELECT app_member()) OR (SELECT app_role()) = 'system'))
    WITH CHECK (cluster_id = (SELECT app_cluster())
           AND (member_id = (SELECT app_member()) OR (SELECT app_role()) = 'system'));
GRANT SELECT, INSERT ON outside_tariffs TO cluster_app;
GRANT UPDATE (withdrawn_at) ON outside_tariffs TO cluster_app;
