CREATE TABLE clusters (
    cluster_id   uuid        NOT NULL PRIMARY KEY,
    name         text        NOT NULL,
    country_code text        NOT NULL CHECK (country_code ~ '^[A-Z]{2}$'),
    currency     text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    time_zone    text        NOT NULL,
    sharing_rule text        NOT NULL DEFAULT 'nucleolus' CHECK (sharing_rule IN ('nucleolus', 'shapley', 'proportional')),
    created_at   timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE clusters ENABLE ROW LEVEL SECURITY;
ALTER TABLE clusters FORCE ROW LEVEL SECURITY;
CREATE POLICY clusters_own ON clusters FOR SELECT
    USING (cluster_id = (SELECT app_cluster()));
CREATE POLICY clusters_found ON clusters FOR INSERT
    WITH CHECK ((SELECT app_role()) = 'system' AND cluster_id = (SELECT app_cluster()));
GRANT SELECT, INSERT ON clusters TO cluster_app;

CREATE TABLE members (
    cluster_id uuid        NOT NULL REFERENCES clusters,
    member_id  uuid        NOT NULL,
    code       text        NOT NULL,
    name       text        NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, member_id),
    UNIQUE (cluster_id, code)
);
ALTER TABLE members ENABLE ROW LEVEL SECURITY;
ALTER TABLE members FORCE ROW LEVEL SECURITY;
CREATE POLICY members_read ON members FOR SELECT
    USING (cluster_id = (SELECT app_cluster()) AND ((SELECT app_neutral()) OR member_id = (SELECT app_member())));
CREATE POLICY members_admit ON members FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT ON members TO cluster_app;

CREATE TABLE api_keys (
    cluster_id uuid        NOT NULL REFERENCES clusters,
    key_id     uuid        NOT NULL,
    prefix     text        NOT NULL UNIQUE,
    hash       bytea       NOT NULL,
    role       text        NOT NULL
               CHECK (role IN ('member_user', 'member_admin', 'coordinator', 'warehouse_operator', 'carrier_key')),
    member_id  uuid,
    name       text        NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    PRIMARY KEY (cluster_id, key_id),
    FOREIGN KEY (cluster_id, member_id) REFERENCES members,
    CHECK ((role IN ('member_user', 'member_admin')) = (member_id IS NOT NULL))
);
ALTER TABLE api_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE api_keys FORCE ROW LEVEL SECURITY;
-- Before a key is recognised nobody knows its cluster: the authenticator reads by prefix, and nothing else.
CREATE POLICY api_keys_read ON api_keys FOR SELECT
    USING ((SELECT app_role()) = 'authenticator'
           OR (cluster_id = (SELECT app_cluster())
               AND ((SELECT app_neutral())
                    OR ((SELECT app_role()) = 'member_admin' AND member_id = (SELECT app_member())))));
CREATE POLICY api_keys_issue ON api_keys FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster())
                AND ((SELECT app_neutral())
                     OR ((SELECT app_role()) = 'member_admin' AND member_id = (SELECT app_member()))));
CREATE POLICY api_keys_revoke ON api_keys FOR UPDATE
    USING (cluster_id = (SELECT app_cluster())
           AND ((SELECT app_neutral())
                OR ((SELECT app_role()) = 'member_admin' AND member_id = (SELECT app_member()))));
GRANT SELECT, INSERT, UPDATE ON api_keys TO cluster_app;

-- Keys of whoever runs the platform; they belong to no cluster and can only found one.
CREATE TABLE operator_keys (
    key_id     uuid        NOT NULL PRIMARY KEY,
    prefix     text        NOT NULL UNIQUE,
    hash       bytea       NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
);
ALTER TABLE operator_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE operator_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY operator_keys_read ON operator_keys FOR SELECT
    USING ((SELECT app_role()) = 'authenticator');
CREATE POLICY operator_keys_issue ON operator_keys FOR INSERT
    WITH CHECK ((SELECT app_role()) = 'system');
GRANT SELECT, INSERT ON operator_keys TO cluster_app;
