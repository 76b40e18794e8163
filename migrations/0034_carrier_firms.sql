-- Carriers: the third kind of tenant, beside members and the neutral side. One that serves several clusters has a row in
-- each, so that no cluster learns of another.

CREATE FUNCTION app_carrier() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('app.carrier', true), '')::uuid $$;

CREATE TABLE carriers (
    cluster_id   uuid        NOT NULL REFERENCES clusters,
    carrier_id   uuid        NOT NULL,
    code         text        NOT NULL,
    name         text        NOT NULL,
    status       text        NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended')),
    country_code text        NOT NULL CHECK (country_code ~ '^[A-Z]{2}$'),
    email        text,
    phone        text,
    -- By which a carrier knows itself in several clusters, such as a GLN, SCAC or tax id.
    firm_ref     text,
    areas        jsonb       NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(areas) = 'array'),
    weekdays     integer[]   NOT NULL DEFAULT '{1,2,3,4,5,6,7}' CHECK (weekdays <@ '{1,2,3,4,5,6,7}'),
    closed_on    date[]      NOT NULL DEFAULT '{}',
    version      bigint      NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, carrier_id),
    UNIQUE (cluster_id, code)
);
ALTER TABLE carriers ENABLE ROW LEVEL SECURITY;
ALTER TABLE carriers FORCE ROW LEVEL SECURITY;
CREATE POLICY carriers_neutral ON carriers
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
CREATE POLICY carriers_self ON carriers FOR SELECT
    USING (cluster_id = (SELECT app_cluster()) AND carrier_id = (SELECT app_carrier()));
GRANT SELECT, INSERT, UPDATE ON carriers TO cluster_app;

-- Insurance and permits. A paper is never changed: another follows it, or it is withdrawn.
CREATE TABLE carrier_papers (
    cluster_id   uuid        NOT NULL,
    paper_id     uuid        NOT NULL,
    carrier_id   uuid        NOT NULL,
    kind         text        NOT NULL
                 CHECK (kind IN ('insurance', 'transport_permit', 'dangerous_goods_permit', 'other')),
    number       text        NOT NULL,
    issuer       text,
    valid_from   date        NOT NULL,
    valid_until  date        NOT NULL CHECK (valid_until >= valid_from),
    created_at   timestamptz NOT NULL DEFAULT now(),
    withdrawn_at timestamptz,
    PRIMARY KEY (cluster_id, paper_id),
    FOREIGN KEY (cluster_id, carrier_id) REFERENCES carriers
);
CREATE INDEX carrier_papers_carrier ON carrier_papers (cluster_id, carrier_id, paper_id);
ALTER TABLE carrier_papers ENABLE ROW LEVEL SECURITY;
ALTER TABLE carrier_papers FORCE ROW LEVEL SECURITY;
CREATE POLICY carrier_papers_neutral ON carrier_papers
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
CREATE POLICY carrier_papers_self ON carrier_papers FOR SELECT
    USING (cluster_id = (SELECT app_cluster()) AND carrier_id = (SELECT app_carrier()));
GRANT SELECT, INSERT ON carrier_papers TO cluster_app;
GRANT UPDATE (withdrawn_at) ON carrier_papers TO cluster_app;

-- A carrier's key names its carrier, as a member's names its member.
ALTER TABLE api_keys
    ADD COLUMN carrier_id uuid,
    ADD FOREIGN KEY (cluster_id, carrier_id) REFERENCES carriers,
    ADD CONSTRAINT api_keys_carrier CHECK ((role = 'carrier_key') = (carrier_id IS NOT NULL));

-- Whose vehicles these are; the cluster's own where nobody is named.
ALTER TABLE vehicle_types
    ADD COLUMN carrier_id uuid,
    ADD FOREIGN KEY (cluster_id, carrier_id) REFERENCES carriers;
CREATE INDEX vehicle_types_carrier ON vehicle_types (cluster_id, carrier_id) WHERE carrier_id IS NOT NULL;
CREATE POLICY vehicle_types_carrier ON vehicle_types FOR SELECT
    USING (cluster_id = (SELECT app_cluster()) AND carrier_id = (SELECT app_carrier()));
GRANT UPDATE (carrier_id) ON vehicle_types TO cluster_app;
