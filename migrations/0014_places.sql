-- Address book, administrative units, geocoding, opening hours and docks.

-- Reference data: facts that are the same for everybody, imported from their owners. No cluster owns them, whoever is
-- signed in to one may read them, and the platform alone writes them (docs/decisions/0023-reference-data.md).
CREATE TABLE reference_imports (
    part        text        NOT NULL PRIMARY KEY CHECK (part ~ '^[a-z_]+(_[A-Z]{2})?$'),
    revision    bigint      NOT NULL DEFAULT 1 CHECK (revision > 0),
    source      text        NOT NULL,
    digest      bytea       NOT NULL CHECK (length(digest) = 32),
    entries     integer     NOT NULL CHECK (entries >= 0),
    imported_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE admin_units (
    country_code text    NOT NULL CHECK (country_code ~ '^[A-Z]{2}$'),
    -- Vietnam has had two tiers since 1 July 2025; the three tiers of before serve to understand old addresses.
    edition      text    NOT NULL CHECK (edition IN ('two_tier', 'three_tier')),
    kind         text    NOT NULL CHECK (kind IN ('province', 'district', 'ward')),
    code         text    NOT NULL CHECK (code ~ '^[0-9A-Z]{1,10}$'),
    parent_code  text    CHECK ((parent_code IS NULL) = (kind = 'province')),
    name         text    NOT NULL,
    name_en      text    NOT NULL,
    full_name    text    NOT NULL,
    full_name_en text    NOT NULL,
    lat          double precision CHECK (lat BETWEEN -90 AND 90),
    lon          double precision CHECK (lon BETWEEN -180 AND 180),
    boundary     bytea,
    withdrawn    boolean NOT NULL DEFAULT false,
    PRIMARY KEY (country_code, edition, kind, code),
    CHECK ((lat IS NULL) = (lon IS NULL))
);

CREATE TABLE un_locodes (
    code         text NOT NULL PRIMARY KEY CHECK (code ~ '^[A-Z]{2}[A-Z2-9]{3}$'),
    name         text NOT NULL,
    name_ascii   text NOT NULL,
    subdivision  text CHECK (subdivision ~ '^[A-Z]{2}-[A-Z0-9]{1,3}$'),
    functions    text NOT NULL CHECK (length(functions) = 8),
    status       text NOT NULL,
    lat          double precision CHECK (lat BETWEEN -90 AND 90),
    lon          double precision CHECK (lon BETWEEN -180 AND 180),
    withdrawn    boolean NOT NULL DEFAULT false,
    CHECK ((lat IS NULL) = (lon IS NULL))
);

CREATE TABLE postcodes (
    country_code text             NOT NULL CHECK (country_code ~ '^[A-Z]{2}$'),
    postal_code  text             NOT NULL CHECK (length(postal_code) BETWEEN 2 AND 12),
    lat          double precision NOT NULL CHECK (lat BETWEEN -90 AND 90),
    lon          double precision NOT NULL CHECK (lon BETWEEN -180 AND 180),
    PRIMARY KEY (country_code, postal_code)
);

-- When the next question may be put to a geocoder: one row for all processes together.
CREATE TABLE geocoder_turns (
    provider text        NOT NULL PRIMARY KEY,
    next_at  timestamptz NOT NULL
);

ALTER TABLE reference_imports ENABLE ROW LEVEL SECURITY;
ALTER TABLE reference_imports FORCE ROW LEVEL SECURITY;
ALTER TABLE admin_units ENABLE ROW LEVEL SECURITY;
ALTER TABLE admin_units FORCE ROW LEVEL SECURITY;
ALTER TABLE un_locodes ENABLE ROW LEVEL SECURITY;
ALTER TABLE un_locodes FORCE ROW LEVEL SECURITY;
ALTER TABLE postcodes ENABLE ROW LEVEL SECURITY;
ALTER TABLE postcodes FORCE ROW LEVEL SECURITY;
ALTER TABLE geocoder_turns ENABLE ROW LEVEL SECURITY;
ALTER TABLE geocoder_turns FORCE ROW LEVEL SECURITY;
CREATE POLICY reference_imports_read ON reference_imports FOR SELECT
    USING ((SELECT app_cluster()) IS NOT NULL OR (SELECT app_role()) = 'system');
CREATE POLICY reference_imports_add ON reference_imports FOR INSERT
    WITH CHECK ((SELECT app_role()) = 'system' AND (SELECT app_cluster()) IS NULL);
CREATE POLICY reference_imports_renew ON reference_imports FOR UPDATE
    USING ((SELECT app_role()) = 'system' AND (SELECT app_cluster()) IS NULL);
CREATE POLICY admin_units_read ON admin_units FOR SELECT
    USING ((SELECT app_cluster()) IS NOT NULL OR (SELECT app_role()) = 'system');
CREATE POLICY admin_units_add ON admin_units FOR INSERT
    WITH CHECK ((SELECT app_role()) = 'system' AND (SELECT app_cluster()) IS NULL);
CREATE POLICY admin_units_renew ON admin_units FOR UPDATE
    USING ((SELECT app_role()) = 'system' AND (SELECT app_cluster()) IS NULL);
CREATE POLICY un_locodes_read ON un_locodes FOR SELECT
    USING ((SELECT app_cluster()) IS NOT NULL OR (SELECT app_role()) = 'system');
CREATE POLICY un_locodes_add ON un_locodes FOR INSERT
    WITH CHECK ((SELECT app_role()) = 'system' AND (SELECT app_cluster()) IS NULL);
CREATE POLICY un_locodes_renew ON un_locodes FOR UPDATE
    USING ((SELECT app_role()) = 'system' AND (SELECT app_cluster()) IS NULL);
CREATE POLICY postcodes_read ON postcodes FOR SELECT
    USING ((SELECT app_cluster()) IS NOT NULL OR (SELECT app_role()) = 'system');
CREATE POLICY postcodes_add ON postcodes FOR INSERT
    WITH CHECK ((SELECT app_role()) = 'system' AND (SELECT app_cluster()) IS NULL);
CREATE POLICY postcodes_renew ON postcodes FOR UPDATE
    USING ((SELECT app_role()) = 'system' AND (SELECT app_cluster()) IS NULL);
CREATE POLICY geocoder_turns_system ON geocoder_turns
    USING ((SELECT app_role()) = 'system') WITH CHECK ((SELECT app_role()) = 'system');
GRANT SELECT, INSERT, UPDATE ON reference_imports, admin_units, un_locodes, postcodes, geocoder_turns TO cluster_app;

ALTER TABLE sites
    ADD COLUMN address_line2      text,
    ADD COLUMN locality           text,
    ADD COLUMN postal_code        text,
    ADD COLUMN subdivision        text CHECK (subdivision ~ '^[A-Z]{2}-[A-Z0-9]{1,3}$'),
    ADD COLUMN legacy             jsonb,
    ADD COLUMN location_precision text NOT NULL DEFAULT 'given'
        CHECK (location_precision IN ('given', 'address', 'street', 'place', 'ward_centroid', 'postcode_centroid',
                                      'province_centroid')),
    ADD COLUMN gln                text CHECK (gln ~ '^[0-9]{13}$'),
    ADD COLUMN un_locode          text CHECK (un_locode ~ '^[A-Z]{2}[A-Z2-9]{3}$'),
    ADD COLUMN time_zone          text,
    ADD COLUMN hours              jsonb,
    ADD COLUMN docks              jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN active             boolean NOT NULL DEFAULT true,
    ADD COLUMN version            integer NOT NULL DEFAULT 1 CHECK (version > 0),
    ADD COLUMN updated_at         timestamptz NOT NULL DEFAULT now();
CREATE POLICY sites_change ON sites FOR UPDATE
    USING (cluster_id = (SELECT app_cluster()) AND ((SELECT app_neutral()) OR member_id = (SELECT app_member())))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND ((SELECT app_neutral()) OR member_id = (SELECT app_member())));
GRANT UPDATE (code, name, address_line1, address_line2, locality, postal_code, subdivision, country_code, province_code,
              ward_code, legacy, lat, lon, location_precision, opens_at, closes_at, gln, un_locode, time_zone, hours,
              docks, active, version, updated_at) ON sites TO cluster_app;

-- A member's consignees: for that member alone, not even for the coordinator, who sees what shipments carry. The
-- platform itself reaches them to hand a leaving member its data and to erase them.
CREATE TABLE addresses (
    cluster_id         uuid             NOT NULL REFERENCES clusters,
    address_id         uuid             NOT NULL,
    member_id          uuid             NOT NULL,
    code               text,
    name               text             NOT NULL,
    company            text,
    phone              text,
    email              text,
    address_line1      text             NOT NULL,
    address_line2      text,
    locality           text,
    postal_code        text,
    subdivision        text             CHECK (subdivision ~ '^[A-Z]{2}-[A-Z0-9]{1,3}$'),
    country_code       text             NOT NULL CHECK (country_code ~ '^[A-Z]{2}$'),
    province_code      text,
    ward_code          text,
    legacy             jsonb,
    lat                double precision NOT NULL CHECK (lat BETWEEN -90 AND 90),
    lon                double precision NOT NULL CHECK (lon BETWEEN -180 AND 180),
    location_precision text             NOT NULL
        CHECK (location_precision IN ('given', 'address', 'street', 'place', 'ward_centroid', 'postcode_centroid',
                                      'province_centroid')),
    opens_at           time,
    closes_at          time,
    hours              jsonb,
    service_s          integer          NOT NULL CHECK (service_s BETWEEN 0 AND 86400),
    instructions       text,
    access_notes       text,
    -- What a search looks at: names, references and streets without accents and in lower case.
    search_text        text             NOT NULL,
    version            integer          NOT NULL DEFAULT 1 CHECK (version > 0),
    created_at         timestamptz      NOT NULL DEFAULT now(),
    updated_at         timestamptz      NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, address_id),
    FOREIGN KEY (cluster_id, member_id) REFERENCES members,
    CHECK ((opens_at IS NULL) = (closes_at IS NULL)),
    CHECK (opens_at < closes_at)
);
CREATE UNIQUE INDEX addresses_code ON addresses (cluster_id, member_id, code) WHERE code IS NOT NULL;
CREATE INDEX addresses_member ON addresses (cluster_id, member_id, address_id);
ALTER TABLE addresses ENABLE ROW LEVEL SECURITY;
ALTER TABLE addresses FORCE ROW LEVEL SECURITY;
CREATE POLICY addresses_own ON addresses
    USING (cluster_id = (SELECT app_cluster())
           AND (member_id = (SELECT app_member()) OR (SELECT app_role()) = 'system'))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND member_id = (SELECT app_member()));
GRANT SELECT, INSERT, UPDATE, DELETE ON addresses TO cluster_app;

-- What a geocoder answered. Each asker has its own: nobody learns from a quick answer what a rival asked before.
-- The coordinator's have no member.
CREATE TABLE geocodes (
    cluster_id   uuid        NOT NULL REFERENCES clusters,
    geocode_id   uuid        NOT NULL,
    member_id    uuid,
    query_digest bytea       NOT NULL CHECK (length(query_digest) = 32),
    provider     text        NOT NULL,
    candidates   jsonb       NOT NULL,
    fetched_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, geocode_id),
    FOREIGN KEY (cluster_id, member_id) REFERENCES members
);
CREATE UNIQUE INDEX geocodes_query ON geocodes (cluster_id, member_id, query_digest) NULLS NOT DISTINCT;
ALTER TABLE geocodes ENABLE ROW LEVEL SECURITY;
ALTER TABLE geocodes FORCE ROW LEVEL SECURITY;
CREATE POLICY geocodes_own ON geocodes
    USING (cluster_id = (SELECT app_cluster())
           AND (member_id IS NOT DISTINCT FROM (SELECT app_member()) OR (SELECT app_role()) = 'system'))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND member_id IS NOT DISTINCT FROM (SELECT app_member()));
GRANT SELECT, INSERT, UPDATE, DELETE ON geocodes TO cluster_app;
