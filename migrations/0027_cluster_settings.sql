-- What a cluster has settled, as versions from a day on: a row is never changed, only followed by another.
CREATE TABLE cluster_settings (
    cluster_id     uuid        NOT NULL REFERENCES clusters,
    section        text        NOT NULL CHECK (section IN ('sharing', 'planning', 'map', 'languages')),
    version        integer     NOT NULL CHECK (version > 0),
    setting_id     uuid        NOT NULL,
    effective_from date        NOT NULL,
    body           jsonb       NOT NULL CHECK (jsonb_typeof(body) = 'object'),
    note           text        NOT NULL CHECK (length(note) <= 200),
    key_id         uuid,
    user_id        uuid,
    created_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, section, version)
);
CREATE INDEX cluster_settings_on ON cluster_settings (cluster_id, section, effective_from DESC, version DESC);
ALTER TABLE cluster_settings ENABLE ROW LEVEL SECURITY;
ALTER TABLE cluster_settings FORCE ROW LEVEL SECURITY;
-- How the cluster plans is the coordinator's; how it shares, which map and which languages, is told to everybody.
CREATE POLICY cluster_settings_read ON cluster_settings FOR SELECT
    USING (cluster_id = (SELECT app_cluster()) AND ((SELECT app_neutral()) OR section <> 'planning'));
CREATE POLICY cluster_settings_add ON cluster_settings FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT ON cluster_settings TO cluster_app;

-- Tariffs of vehicle types, in the same manner. Version 0 is the tariff that the type was added with.
CREATE TABLE tariff_versions (
    cluster_id      uuid        NOT NULL,
    vehicle_type_id uuid        NOT NULL,
    version         integer     NOT NULL CHECK (version > 0),
    setting_id      uuid        NOT NULL,
    effective_from  date        NOT NULL,
    fixed_minor     bigint      NOT NULL CHECK (fixed_minor >= 0),
    km_minor        bigint      NOT NULL CHECK (km_minor >= 0),
    hour_minor      bigint      NOT NULL CHECK (hour_minor >= 0),
    stop_minor      bigint      NOT NULL CHECK (stop_minor >= 0),
    trip_minor      bigint      NOT NULL CHECK (trip_minor >= 0),
    minimum_minor   bigint      NOT NULL CHECK (minimum_minor >= 0),
    carrier_name    text        CHECK (carrier_name <> ''),
    fuel            jsonb       NOT NULL CHECK (jsonb_typeof(fuel) = 'array'),
    zones           jsonb       NOT NULL CHECK (jsonb_typeof(zones) = 'array'),
    weight_breaks   jsonb       NOT NULL CHECK (jsonb_typeof(weight_breaks) = 'array'),
    note            text        NOT NULL CHECK (length(note) <= 200),
    key_id          uuid,
    user_id         uuid,
    created_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, vehicle_type_id, version),
    FOREIGN KEY (cluster_id, vehicle_type_id) REFERENCES vehicle_types
);
CREATE INDEX tariff_versions_on ON tariff_versions (cluster_id, vehicle_type_id, effective_from DESC, version DESC);
ALTER TABLE tariff_versions ENABLE ROW LEVEL SECURITY;
ALTER TABLE tariff_versions FORCE ROW LEVEL SECURITY;
CREATE POLICY tariff_versions_neutral ON tariff_versions
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT ON tariff_versions TO cluster_app;
