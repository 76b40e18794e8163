-- Users, passwords, second factors, passkeys, sessions, and what keys may do.

-- The person signed in, for rows that are that person's alone.
CREATE FUNCTION app_user() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('app.user', true), '')::uuid $$;

-- A person in a cluster: for a firm, or on the neutral side. All that is known of a person is here and in the tables
-- below, which go with it; everything else names the user and refers to nothing.
CREATE TABLE users (
    cluster_id     uuid        NOT NULL REFERENCES clusters,
    user_id        uuid        NOT NULL,
    email          text        NOT NULL CHECK (email = lower(email) AND length(email) BETWEEN 3 AND 254),
    name           text        NOT NULL,
    role           text        NOT NULL
                   CHECK (role IN ('member_user', 'member_admin', 'coordinator', 'warehouse_operator')),
    member_id      uuid,
    status         text        NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'deactivated')),
    version        bigint      NOT NULL DEFAULT 1 CHECK (version > 0),
    -- Sessions begun before it are over.
    sessions_since timestamptz NOT NULL DEFAULT now(),
    created_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, user_id),
    -- Within a firm, not within the cluster: a firm that invites somebody must not learn that a rival has.
    UNIQUE NULLS NOT DISTINCT (cluster_id, member_id, email),
    FOREIGN KEY (cluster_id, member_id) REFERENCES members,
    CHECK ((role IN ('member_user', 'member_admin')) = (member_id IS NOT NULL))
);
CREATE INDEX users_email ON users (email);
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
ALTER TABLE users FORCE ROW LEVEL SECURITY;
-- The authenticator looks accounts up by e-mail before anybody knows the cluster.
CREATE POLICY users_read ON users FOR SELECT
    USING ((SELECT app_role()) = 'authenticator'
           OR (cluster_id = (SELECT app_cluster())
               AND ((SELECT app_neutral()) OR user_id = (SELECT app_user())
                    OR ((SELECT app_role()) = 'member_admin' AND member_id = (SELECT app_member())))));
CREATE POLICY users_join ON users FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_role()) = 'system');
CREATE POLICY users_change ON users FOR UPDATE
    USING (cluster_id = (SELECT app_cluster())
           AND ((SELECT app_neutral())
                OR ((SELECT app_role()) = 'member_admin' AND member_id = (SELECT app_member()))));
CREATE POLICY users_erase ON users FOR DELETE
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_role()) = 'system');
GRANT SELECT, INSERT, DELETE ON users TO cluster_app;
GRANT UPDATE (name, role, status, version, sessions_since) ON users TO cluster_app;

CREATE TABLE user_passwords (
    cluster_id uuid        NOT NULL,
    user_id    uuid        NOT NULL,
    hash       text        NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, user_id),
    FOREIGN KEY (cluster_id, user_id) REFERENCES users ON DELETE CASCADE
);
ALTER TABLE user_passwords ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_passwords FORCE ROW LEVEL SECURITY;
CREATE POLICY user_passwords_read ON user_passwords FOR SELECT
    USING ((SELECT app_role()) = 'authenticator'
           OR (cluster_id = (SELECT app_cluster()) AND (SELECT app_role()) = 'system'));
CREATE POLICY user_passwords_set ON user_passwords FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_role()) = 'system');
CREATE POLICY user_passwords_change ON user_passwords FOR UPDATE
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_role()) = 'system');
GRANT SELECT, INSERT, UPDATE ON user_passwords TO cluster_app;

-- Time-based one-time passwords (RFC 6238). The secret is sealed with the platform's key, which is not in the database.
CREATE TABLE user_totp (
    cluster_id   uuid        NOT NULL,
    user_id      uuid        NOT NULL,
    sealed       bytea       NOT NULL,
    confirmed_at timestamptz,
    -- The latest step whose code was used: no code opens twice.
    last_step    bigint      NOT NULL DEFAULT 0,
    PRIMARY KEY (cluster_id, user_id),
    FOREIGN KEY (cluster_id, user_id) REFERENCES users ON DELETE CASCADE
);
ALTER TABLE user_totp ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_totp FORCE ROW LEVEL SECURITY;
CREATE POLICY user_totp_own ON user_totp
    USING (cluster_id = (SELECT app_cluster())
           AND ((SELECT app_role()) = 'system' OR user_id = (SELECT app_user())));
GRANT SELECT, INSERT, UPDATE, DELETE ON user_totp TO cluster_app;

CREATE TABLE user_passkeys (
    cluster_id    uuid        NOT NULL,
    user_id       uuid        NOT NULL,
    passkey_id    uuid        NOT NULL,
    credential_id bytea       NOT NULL CHECK (length(credential_id) BETWEEN 1 AND 1023),
    public_key    bytea       NOT NULL,
    sign_count    bigint      NOT NULL CHECK (sign_count >= 0),
    name          text        NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    last_used_at  timestamptz,
    PRIMARY KEY (cluster_id, user_id, passkey_id),
    UNIQUE (cluster_id, credential_id),
    FOREIGN KEY (cluster_id, user_id) REFERENCES users ON DELETE CASCADE
);
ALTER TABLE user_passkeys ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_passkeys FORCE ROW LEVEL SECURITY;
CREATE POLICY user_passkeys_own ON user_passkeys
    USING (cluster_id = (SELECT app_cluster())
           AND ((SELECT app_role()) = 'system' OR user_id = (SELECT app_user())));
GRANT SELECT, INSERT, DELETE ON user_passkeys TO cluster_app;
GRANT UPDATE (sign_count, last_used_at) ON user_passkeys TO cluster_app;

CREATE TABLE recovery_codes (
    cluster_id uuid  NOT NULL,
    user_id    uuid  NOT NULL,
    digest     bytea NOT NULL,
    PRIMARY KEY (cluster_id, user_id, digest),
    FOREIGN KEY (cluster_id, user_id) REFERENCES users ON DELETE CASCADE
);
ALTER TABLE recovery_codes ENABLE ROW LEVEL SECURITY;
ALTER TABLE recovery_codes FORCE ROW LEVEL SECURITY;
CREATE POLICY recovery_codes_own ON recovery_codes
    USING (cluster_id = (SELECT app_cluster())
           AND ((SELECT app_role()) = 'system' OR user_id = (SELECT app_user())));
GRANT SELECT, INSERT, DELETE ON recovery_codes TO cluster_app;

-- Who the person is at a provider of OpenID Connect, from the first sign-in there on.
CREATE TABLE user_identities (
    cluster_id uuid NOT NULL,
    user_id    uuid NOT NULL,
    issuer     text NOT NULL,
    subject    text NOT NULL,
    PRIMARY KEY (cluster_id, user_id, issuer),
    FOREIGN KEY (cluster_id, user_id) REFERENCES users ON DELETE CASCADE
);
ALTER TABLE user_identities ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_identities FORCE ROW LEVEL SECURITY;
CREATE POLICY user_identities_own ON user_identities
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_role()) = 'system')
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_role()) = 'system');
CREATE POLICY user_identities_find ON user_identities FOR SELECT
    USING ((SELECT app_role()) = 'authenticator');
GRANT SELECT, INSERT ON user_identities TO cluster_app;

-- A session is found by the digest of what the browser holds; who reads this table can sign in as nobody.
CREATE TABLE sessions (
    cluster_id uuid        NOT NULL,
    session_id uuid        NOT NULL,
    user_id    uuid        NOT NULL,
    digest     bytea       NOT NULL CHECK (length(digest) = 32),
    method     text        NOT NULL CHECK (method IN ('password', 'passkey', 'oidc', 'invitation', 'reset')),
    second     text        CHECK (second IN ('totp', 'recovery_code', 'passkey', 'provider')),
    begun_at   timestamptz NOT NULL DEFAULT now(),
    proven_at  timestamptz NOT NULL DEFAULT now(),
    seen_at    timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (cluster_id, session_id),
    FOREIGN KEY (cluster_id, user_id) REFERENCES users ON DELETE CASCADE
);
CREATE INDEX sessions_digest ON sessions (digest);
CREATE INDEX sessions_user ON sessions (cluster_id, user_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);
ALTER TABLE sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE sessions FORCE ROW LEVEL SECURITY;
-- Before a session is recognised nobody knows its cluster: the authenticator reads by digest, and nothing else.
CREATE POLICY sessions_find ON sessions FOR SELECT
    USING ((SELECT app_role()) IN ('authenticator', 'system'));
CREATE POLICY sessions_seen ON sessions FOR UPDATE
    USING ((SELECT app_role()) = 'authenticator');
CREATE POLICY sessions_own ON sessions
    USING (cluster_id = (SELECT app_cluster())
           AND ((SELECT app_role()) = 'system' OR user_id = (SELECT app_user())));
CREATE POLICY sessions_housekeeping ON sessions FOR DELETE
    USING ((SELECT app_role()) = 'system');
GRANT SELECT, INSERT, DELETE ON sessions TO cluster_app;
GRANT UPDATE (digest, proven_at, seen_at, second) ON sessions TO cluster_app;

-- Accepting, revoking and running out all end in deletion: an e-mail address is not kept longer than it is needed.
CREATE TABLE user_invitations (
    cluster_id    uuid        NOT NULL REFERENCES clusters,
    invitation_id uuid        NOT NULL,
    digest        bytea       NOT NULL CHECK (length(digest) = 32),
    email         text        NOT NULL CHECK (email = lower(email) AND length(email) BETWEEN 3 AND 254),
    role          text        NOT NULL
                  CHECK (role IN ('member_user', 'member_admin', 'coordinator', 'warehouse_operator')),
    member_id     uuid,
    created_at    timestamptz NOT NULL DEFAULT now(),
    expires_at    timestamptz NOT NULL,
    PRIMARY KEY (cluster_id, invitation_id),
    FOREIGN KEY (cluster_id, member_id) REFERENCES members,
    CHECK ((role IN ('member_user', 'member_admin')) = (member_id IS NOT NULL))
);
CREATE INDEX user_invitations_digest ON user_invitations (digest);
ALTER TABLE user_invitations ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_invitations FORCE ROW LEVEL SECURITY;
CREATE POLICY user_invitations_read ON user_invitations FOR SELECT
    USING ((SELECT app_role()) IN ('authenticator', 'system')
           OR (cluster_id = (SELECT app_cluster())
               AND ((SELECT app_neutral())
                    OR ((SELECT app_role()) = 'member_admin' AND member_id = (SELECT app_member())))));
CREATE POLICY user_invitations_issue ON user_invitations FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster())
                AND ((SELECT app_neutral())
                     OR ((SELECT app_role()) = 'member_admin' AND member_id = (SELECT app_member()))));
CREATE POLICY user_invitations_end ON user_invitations FOR DELETE
    USING ((SELECT app_role()) = 'system'
           OR (cluster_id = (SELECT app_cluster())
               AND ((SELECT app_neutral())
                    OR ((SELECT app_role()) = 'member_admin' AND member_id = (SELECT app_member())))));
GRANT SELECT, INSERT, DELETE ON user_invitations TO cluster_app;

-- What signing in asks of the people of a cluster; without a row the strict answer holds.
CREATE TABLE sign_in_rules (
    cluster_id               uuid    NOT NULL PRIMARY KEY REFERENCES clusters,
    coordinators_need_factor boolean NOT NULL
);
ALTER TABLE sign_in_rules ENABLE ROW LEVEL SECURITY;
ALTER TABLE sign_in_rules FORCE ROW LEVEL SECURITY;
CREATE POLICY sign_in_rules_read ON sign_in_rules FOR SELECT
    USING ((SELECT app_role()) = 'authenticator' OR (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral())));
CREATE POLICY sign_in_rules_set ON sign_in_rules FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
CREATE POLICY sign_in_rules_change ON sign_in_rules FOR UPDATE
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT, UPDATE ON sign_in_rules TO cluster_app;

-- What a sign-in waits for: a second factor, a choice of account, a passkey's answer, a provider's answer, a new
-- password. Found by the digest of a secret, used once, sealed with the platform's key. Of no cluster, because most
-- begin before anybody knows it.
CREATE TABLE sign_in_steps (
    digest     bytea       NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
    kind       text        NOT NULL CHECK (kind IN ('account', 'factor', 'passkey', 'registration', 'oidc', 'reset')),
    sealed     bytea       NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX sign_in_steps_expiry ON sign_in_steps (expires_at);
ALTER TABLE sign_in_steps ENABLE ROW LEVEL SECURITY;
ALTER TABLE sign_in_steps FORCE ROW LEVEL SECURITY;
CREATE POLICY sign_in_steps_take ON sign_in_steps
    USING ((SELECT app_role()) = 'authenticator') WITH CHECK ((SELECT app_role()) = 'authenticator');
CREATE POLICY sign_in_steps_housekeeping ON sign_in_steps FOR DELETE
    USING ((SELECT app_role()) = 'system');
CREATE POLICY sign_in_steps_housekeeping_read ON sign_in_steps FOR SELECT
    USING ((SELECT app_role()) = 'system');
GRANT SELECT, INSERT, DELETE ON sign_in_steps TO cluster_app;

-- How often somebody tried lately, by a digest that names nobody.
CREATE TABLE sign_in_attempts (
    bucket   bytea       NOT NULL PRIMARY KEY CHECK (length(bucket) = 32),
    tries    integer     NOT NULL CHECK (tries > 0),
    began_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX sign_in_attempts_age ON sign_in_attempts (began_at);
ALTER TABLE sign_in_attempts ENABLE ROW LEVEL SECURITY;
ALTER TABLE sign_in_attempts FORCE ROW LEVEL SECURITY;
CREATE POLICY sign_in_attempts_count ON sign_in_attempts
    USING ((SELECT app_role()) = 'authenticator') WITH CHECK ((SELECT app_role()) = 'authenticator');
CREATE POLICY sign_in_attempts_housekeeping ON sign_in_attempts FOR DELETE
    USING ((SELECT app_role()) = 'system');
CREATE POLICY sign_in_attempts_housekeeping_read ON sign_in_attempts FOR SELECT
    USING ((SELECT app_role()) = 'system');
GRANT SELECT, INSERT, UPDATE, DELETE ON sign_in_attempts TO cluster_app;

-- Keys: what they are limited to (NULL: the whole role), when they were last used, and the secret before a rotation.
ALTER TABLE api_keys
    ADD COLUMN scopes       text[],
    ADD COLUMN last_used_at timestamptz,
    ADD COLUMN prior_prefix text,
    ADD COLUMN prior_hash   bytea,
    ADD COLUMN prior_until  timestamptz,
    ADD CHECK ((prior_prefix IS NULL) = (prior_hash IS NULL) AND (prior_prefix IS NULL) = (prior_until IS NULL)),
    ADD CHECK (cardinality(scopes) > 0);
CREATE INDEX api_keys_prior_prefix ON api_keys (prior_prefix) WHERE prior_prefix IS NOT NULL;
-- When keys were used is written by the platform, for all clusters at once.
CREATE POLICY api_keys_used ON api_keys FOR UPDATE
    USING ((SELECT app_role()) = 'system') WITH CHECK ((SELECT app_role()) = 'system');
CREATE POLICY api_keys_used_read ON api_keys FOR SELECT
    USING ((SELECT app_role()) = 'system');
