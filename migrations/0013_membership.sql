-- How firms join and leave: a cluster's rules, invitations, applications, agreements, evidence of size, archives, erasure.

-- The rules of a cluster, told to all its members; every change raises the version and is kept below.
ALTER TABLE clusters
    ADD COLUMN version integer NOT NULL DEFAULT 1 CHECK (version > 0),
    ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN privacy_min_members integer NOT NULL DEFAULT 3 CHECK (privacy_min_members BETWEEN 2 AND 50),
    ADD COLUMN size_standard text NOT NULL DEFAULT 'eu_2003_361'
        CHECK (size_standard IN ('eu_2003_361', 'vn_80_2021', 'cn_2011')),
    ADD COLUMN applications_open boolean NOT NULL DEFAULT false,
    ADD COLUMN agreement_required boolean NOT NULL DEFAULT false,
    ADD COLUMN admit_countries text[] NOT NULL DEFAULT '{}',
    ADD COLUMN admit_size_classes text[] NOT NULL DEFAULT '{micro,small,medium}'
        CHECK (admit_size_classes <@ '{micro,small,medium,large}'::text[] AND admit_size_classes <> '{}'),
    ADD COLUMN evidence_required boolean NOT NULL DEFAULT false;
CREATE POLICY clusters_settle ON clusters FOR UPDATE
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_role()) = 'coordinator')
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_role()) = 'coordinator');
GRANT UPDATE (name, sharing_rule, version, updated_at, privacy_min_members, size_standard, applications_open,
              agreement_required, admit_countries, admit_size_classes, evidence_required) ON clusters TO cluster_app;

CREATE TABLE cluster_changes (
    cluster_id   uuid        NOT NULL REFERENCES clusters,
    version      integer     NOT NULL CHECK (version > 0),
    effective_at timestamptz NOT NULL DEFAULT now(),
    changed      jsonb       NOT NULL,
    settings     jsonb       NOT NULL,
    PRIMARY KEY (cluster_id, version)
);
ALTER TABLE cluster_changes ENABLE ROW LEVEL SECURITY;
ALTER TABLE cluster_changes FORCE ROW LEVEL SECURITY;
CREATE POLICY cluster_changes_read ON cluster_changes FOR SELECT
    USING (cluster_id = (SELECT app_cluster()));
CREATE POLICY cluster_changes_add ON cluster_changes FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT ON cluster_changes TO cluster_app;

-- The code that lets anybody apply, as a digest; the newest one opens.
CREATE TABLE application_codes (
    cluster_id uuid        NOT NULL REFERENCES clusters,
    code_id    uuid        NOT NULL,
    digest     bytea       NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, code_id)
);
ALTER TABLE application_codes ENABLE ROW LEVEL SECURITY;
ALTER TABLE application_codes FORCE ROW LEVEL SECURITY;
CREATE POLICY application_codes_neutral ON application_codes
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT ON application_codes TO cluster_app;

-- Where a member stands. Whoever is admitted directly is active.
ALTER TABLE members
    ADD COLUMN version integer NOT NULL DEFAULT 1 CHECK (version > 0),
    ADD COLUMN status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended', 'leaving', 'left')),
    ADD COLUMN status_since timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN status_reason text,
    ADD COLUMN pooled_shipments text NOT NULL DEFAULT 'keep' CHECK (pooled_shipments IN ('keep', 'take_out')),
    ADD COLUMN leaving_on date,
    ADD COLUMN legal_form text,
    ADD COLUMN country_code text CHECK (country_code ~ '^[A-Z]{2}$'),
    ADD COLUMN tax_id text,
    ADD COLUMN tax_id_check text
        CHECK (tax_id_check IN ('valid', 'wrong_check_digit', 'unknown_format', 'no_public_check')),
    ADD COLUMN gln text CHECK (gln ~ '^[0-9]{13}$'),
    ADD COLUMN lei text CHECK (lei ~ '^[0-9A-Z]{18}[0-9]{2}$'),
    ADD COLUMN size_class text CHECK (size_class IN ('micro', 'small', 'medium', 'large')),
    ADD COLUMN size_valid_until date,
    ADD CONSTRAINT members_leaving CHECK ((status = 'leaving') <= (leaving_on IS NOT NULL)),
    ADD CONSTRAINT members_tax_id CHECK ((tax_id IS NULL) = (tax_id_check IS NULL));
CREATE POLICY members_change ON members FOR UPDATE
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT UPDATE (name, version, status, status_since, status_reason, pooled_shipments, leaving_on, legal_form, country_code,
              tax_id, tax_id_check, gln, lei, size_class, size_valid_until) ON members TO cluster_app;

-- Whether the caller may book: the neutral side, or a member that is neither suspended nor gone. For policies of other
-- tables, as in: FOR INSERT WITH CHECK (... AND (SELECT app_member_active())). The shipments' policy for INSERT uses it.
CREATE FUNCTION app_member_active() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT app_neutral() OR EXISTS (
              SELECT FROM members WHERE cluster_id = app_cluster() AND member_id = app_member()
                 AND (status = 'active' OR (status = 'leaving' AND leaving_on >= current_date))) $$;

CREATE TABLE agreements (
    cluster_id     uuid        NOT NULL REFERENCES clusters,
    agreement_id   uuid        NOT NULL,
    version        integer     NOT NULL CHECK (version > 0),
    url            text        NOT NULL,
    text_sha256    text        NOT NULL CHECK (text_sha256 ~ '^[0-9a-f]{64}$'),
    effective_from timestamptz NOT NULL,
    grace_days     integer     NOT NULL CHECK (grace_days BETWEEN 0 AND 366),
    created_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, agreement_id),
    UNIQUE (cluster_id, version)
);
ALTER TABLE agreements ENABLE ROW LEVEL SECURITY;
ALTER TABLE agreements FORCE ROW LEVEL SECURITY;
CREATE POLICY agreements_read ON agreements FOR SELECT
    USING (cluster_id = (SELECT app_cluster()));
CREATE POLICY agreements_publish ON agreements FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT ON agreements TO cluster_app;

CREATE TABLE agreement_acceptances (
    cluster_id    uuid        NOT NULL,
    acceptance_id uuid        NOT NULL,
    member_id     uuid        NOT NULL,
    agreement_id  uuid        NOT NULL,
    text_sha256   text        NOT NULL CHECK (text_sha256 ~ '^[0-9a-f]{64}$'),
    key_id        uuid,
    user_id       uuid,
    accepted_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, acceptance_id),
    UNIQUE (cluster_id, member_id, agreement_id),
    FOREIGN KEY (cluster_id, member_id) REFERENCES members,
    FOREIGN KEY (cluster_id, agreement_id) REFERENCES agreements
);
ALTER TABLE agreement_acceptances ENABLE ROW LEVEL SECURITY;
ALTER TABLE agreement_acceptances FORCE ROW LEVEL SECURITY;
CREATE POLICY agreement_acceptances_own ON agreement_acceptances
    USING (cluster_id = (SELECT app_cluster()) AND ((SELECT app_neutral()) OR member_id = (SELECT app_member())))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND ((SELECT app_neutral()) OR member_id = (SELECT app_member())));
GRANT SELECT, INSERT ON agreement_acceptances TO cluster_app;

CREATE TABLE invitations (
    cluster_id    uuid        NOT NULL REFERENCES clusters,
    invitation_id uuid        NOT NULL,
    digest        bytea       NOT NULL,
    firm_name     text        NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    expires_at    timestamptz NOT NULL CHECK (expires_at > created_at),
    used_at       timestamptz,
    revoked_at    timestamptz,
    PRIMARY KEY (cluster_id, invitation_id)
);
ALTER TABLE invitations ENABLE ROW LEVEL SECURITY;
ALTER TABLE invitations FORCE ROW LEVEL SECURITY;
CREATE POLICY invitations_neutral ON invitations
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT ON invitations TO cluster_app;
GRANT UPDATE (used_at, revoked_at) ON invitations TO cluster_app;

-- What a firm said of itself; its person to talk to stands in contacts.
CREATE TABLE applications (
    cluster_id     uuid        NOT NULL REFERENCES clusters,
    application_id uuid        NOT NULL,
    invitation_id  uuid,
    status         text        NOT NULL DEFAULT 'applied' CHECK (status IN ('applied', 'approved', 'rejected')),
    firm_name      text        NOT NULL,
    legal_form     text,
    country_code   text        NOT NULL CHECK (country_code ~ '^[A-Z]{2}$'),
    tax_id         text,
    tax_id_check   text
                   CHECK (tax_id_check IN ('valid', 'wrong_check_digit', 'unknown_format', 'no_public_check')),
    gln            text        CHECK (gln ~ '^[0-9]{13}$'),
    lei            text        CHECK (lei ~ '^[0-9A-Z]{18}[0-9]{2}$'),
    size_claim     jsonb,
    agreement_id   uuid,
    text_sha256    text        CHECK (text_sha256 ~ '^[0-9a-f]{64}$'),
    created_at     timestamptz NOT NULL DEFAULT now(),
    decided_at     timestamptz,
    reason         text,
    became         uuid,
    PRIMARY KEY (cluster_id, application_id),
    FOREIGN KEY (cluster_id, invitation_id) REFERENCES invitations,
    FOREIGN KEY (cluster_id, agreement_id) REFERENCES agreements,
    FOREIGN KEY (cluster_id, became) REFERENCES members,
    CHECK ((status = 'applied') = (decided_at IS NULL)),
    CHECK ((status = 'approved') = (became IS NOT NULL))
);
CREATE INDEX applications_recent ON applications (cluster_id, created_at);
ALTER TABLE applications ENABLE ROW LEVEL SECURITY;
ALTER TABLE applications FORCE ROW LEVEL SECURITY;
CREATE POLICY applications_neutral ON applications
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT ON applications TO cluster_app;
GRANT UPDATE (status, decided_at, reason, became) ON applications TO cluster_app;

-- Persons, apart from business records, so that erasing them takes nothing else along.
CREATE TABLE contacts (
    cluster_id     uuid        NOT NULL REFERENCES clusters,
    contact_id     uuid        NOT NULL,
    member_id      uuid,
    application_id uuid,
    purpose        text        NOT NULL CHECK (purpose IN ('general', 'dispatch', 'billing', 'data_protection')),
    name           text        NOT NULL,
    email          text,
    phone          text,
    created_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, contact_id),
    FOREIGN KEY (cluster_id, member_id) REFERENCES members,
    FOREIGN KEY (cluster_id, application_id) REFERENCES applications,
    CHECK (member_id IS NOT NULL OR application_id IS NOT NULL)
);
CREATE INDEX contacts_member ON contacts (cluster_id, member_id);
CREATE INDEX contacts_application ON contacts (cluster_id, application_id);
ALTER TABLE contacts ENABLE ROW LEVEL SECURITY;
ALTER TABLE contacts FORCE ROW LEVEL SECURITY;
CREATE POLICY contacts_own ON contacts
    USING (cluster_id = (SELECT app_cluster()) AND ((SELECT app_neutral()) OR member_id = (SELECT app_member())))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND ((SELECT app_neutral()) OR member_id = (SELECT app_member())));
GRANT SELECT, INSERT, DELETE ON contacts TO cluster_app;
GRANT UPDATE (member_id) ON contacts TO cluster_app;

CREATE TABLE size_evidence (
    cluster_id     uuid        NOT NULL,
    evidence_id    uuid        NOT NULL,
    member_id      uuid        NOT NULL,
    standard       text        NOT NULL CHECK (standard IN ('eu_2003_361', 'vn_80_2021', 'cn_2011')),
    sector         text        NOT NULL,
    employees      integer     NOT NULL CHECK (employees >= 0),
    revenue_minor  bigint      CHECK (revenue_minor >= 0),
    assets_minor   bigint      CHECK (assets_minor >= 0),
    capital_minor  bigint      CHECK (capital_minor >= 0),
    currency       text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    fiscal_year    integer     NOT NULL CHECK (fiscal_year BETWEEN 1900 AND 2200),
    size_class     text        NOT NULL CHECK (size_class IN ('micro', 'small', 'medium', 'large')),
    document_kind  text        NOT NULL CHECK (document_kind IN ('annual_accounts', 'tax_return', 'social_insurance_record',
                               'register_extract', 'self_declaration', 'other')),
    document_ref   text        NOT NULL,
    document_date  date        NOT NULL,
    file_sha256    text        CHECK (file_sha256 ~ '^[0-9a-f]{64}$'),
    status         text        NOT NULL DEFAULT 'submitted' CHECK (status IN ('submitted', 'accepted', 'rejected')),
    reason         text,
    created_at     timestamptz NOT NULL DEFAULT now(),
    reviewed_at    timestamptz,
    valid_until    date,
    PRIMARY KEY (cluster_id, evidence_id),
    FOREIGN KEY (cluster_id, member_id) REFERENCES members,
    CHECK ((status = 'submitted') = (reviewed_at IS NULL)),
    CHECK ((status = 'accepted') = (valid_until IS NOT NULL))
);
CREATE INDEX size_evidence_member ON size_evidence (cluster_id, member_id, evidence_id);
ALTER TABLE size_evidence ENABLE ROW LEVEL SECURITY;
ALTER TABLE size_evidence FORCE ROW LEVEL SECURITY;
CREATE POLICY size_evidence_read ON size_evidence FOR SELECT
    USING (cluster_id = (SELECT app_cluster()) AND ((SELECT app_neutral()) OR member_id = (SELECT app_member())));
-- A member submits, the neutral side judges.
CREATE POLICY size_evidence_submit ON size_evidence FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND ((SELECT app_neutral())
                OR (member_id = (SELECT app_member()) AND status = 'submitted')));
CREATE POLICY size_evidence_review ON size_evidence FOR UPDATE
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT ON size_evidence TO cluster_app;
GRANT UPDATE (status, reason, reviewed_at, valid_until) ON size_evidence TO cluster_app;

-- What a member allows others to learn. Nothing is allowed that has no row here. A partner is named without a reference:
-- an unknown one is taken like a known one, so that nobody learns who is in the cluster.
CREATE TABLE consents (
    cluster_id uuid        NOT NULL,
    consent_id uuid        NOT NULL,
    member_id  uuid        NOT NULL,
    purpose    text        NOT NULL CHECK (purpose IN ('reveal_name', 'reveal_contact', 'reveal_shared_route_totals')),
    partner_id uuid,
    granted_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz,
    PRIMARY KEY (cluster_id, consent_id),
    FOREIGN KEY (cluster_id, member_id) REFERENCES members
);
CREATE UNIQUE INDEX consents_one ON consents (cluster_id, member_id, purpose, partner_id) NULLS NOT DISTINCT
    WHERE revoked_at IS NULL;
ALTER TABLE consents ENABLE ROW LEVEL SECURITY;
ALTER TABLE consents FORCE ROW LEVEL SECURITY;
CREATE POLICY consents_read ON consents FOR SELECT
    USING (cluster_id = (SELECT app_cluster()) AND ((SELECT app_neutral()) OR member_id = (SELECT app_member())));
-- The firm alone consents; not even the coordinator does it in its name.
CREATE POLICY consents_give ON consents FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND member_id = (SELECT app_member()));
CREATE POLICY consents_revoke ON consents FOR UPDATE
    USING (cluster_id = (SELECT app_cluster()) AND member_id = (SELECT app_member()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND member_id = (SELECT app_member()));
GRANT SELECT, INSERT ON consents TO cluster_app;
GRANT UPDATE (revoked_at) ON consents TO cluster_app;

-- All own data in one file, in pieces, for a few days.
CREATE TABLE archives (
    cluster_id uuid        NOT NULL,
    archive_id uuid        NOT NULL,
    member_id  uuid        NOT NULL,
    status     text        NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'ready', 'failed', 'expired')),
    created_at timestamptz NOT NULL DEFAULT now(),
    ready_at   timestamptz,
    expires_at timestamptz,
    bytes      bigint      CHECK (bytes >= 0),
    sha256     text        CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    rows_held  jsonb       NOT NULL DEFAULT '{}',
    PRIMARY KEY (cluster_id, archive_id),
    FOREIGN KEY (cluster_id, member_id) REFERENCES members
);
CREATE INDEX archives_member ON archives (cluster_id, member_id, archive_id);
ALTER TABLE archives ENABLE ROW LEVEL SECURITY;
ALTER TABLE archives FORCE ROW LEVEL SECURITY;
CREATE POLICY archives_read ON archives FOR SELECT
    USING ((SELECT app_role()) = 'system' OR (cluster_id = (SELECT app_cluster())
           AND ((SELECT app_neutral()) OR member_id = (SELECT app_member()))));
CREATE POLICY archives_ask ON archives FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_role()) = 'system');
CREATE POLICY archives_make ON archives FOR UPDATE
    USING ((SELECT app_role()) = 'system');
GRANT SELECT, INSERT ON archives TO cluster_app;
GRANT UPDATE (status, ready_at, expires_at, bytes, sha256, rows_held) ON archives TO cluster_app;

CREATE TABLE archive_chunks (
    cluster_id uuid    NOT NULL,
    archive_id uuid    NOT NULL,
    chunk_no   integer NOT NULL CHECK (chunk_no >= 0),
    member_id  uuid    NOT NULL,
    body       bytea   NOT NULL,
    PRIMARY KEY (cluster_id, archive_id, chunk_no),
    FOREIGN KEY (cluster_id, archive_id) REFERENCES archives
);
ALTER TABLE archive_chunks ENABLE ROW LEVEL SECURITY;
ALTER TABLE archive_chunks FORCE ROW LEVEL SECURITY;
CREATE POLICY archive_chunks_read ON archive_chunks FOR SELECT
    USING ((SELECT app_role()) = 'system' OR (cluster_id = (SELECT app_cluster())
           AND ((SELECT app_neutral()) OR member_id = (SELECT app_member()))));
CREATE POLICY archive_chunks_make ON archive_chunks FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_role()) = 'system');
CREATE POLICY archive_chunks_drop ON archive_chunks FOR DELETE
    USING ((SELECT app_role()) = 'system');
GRANT SELECT, INSERT, DELETE ON archive_chunks TO cluster_app;

-- The next rows of one table that belong to a member, in the order of the primary key, behind the row given. It has the
-- caller's rights: row-level security decides what is read.
CREATE FUNCTION app_rows_of(held regclass, of_cluster uuid, of_member uuid, behind jsonb, at_most integer)
    RETURNS SETOF jsonb LANGUAGE plpgsql STABLE
    AS $$
DECLARE
    columns text;
    owned   boolean;
    wanted  text;
BEGIN
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY place) INTO STRICT columns
      FROM pg_index CROSS JOIN unnest(indkey::smallint[]) WITH ORDINALITY AS part (number, place)
      JOIN pg_attribute ON attrelid = indrelid AND attnum = number
     WHERE indrelid = held AND indisprimary;
    owned := EXISTS (SELECT FROM pg_attribute WHERE attrelid = held AND attname = 'member_id');
    wanted := format('SELECT to_jsonb(entry) FROM %s AS entry WHERE cluster_id = $1', held);
    IF owned THEN
        wanted := wanted || ' AND member_id = $2';
    END IF;
    IF behind IS NOT NULL THEN
        wanted := wanted || format(' AND (%1$s) > (SELECT %1$s FROM jsonb_populate_record(NULL::%2$s, $3))', columns, held);
    END IF;
    RETURN QUERY EXECUTE wanted || format(' ORDER BY %s LIMIT $4', columns) USING of_cluster, of_member, behind, at_most;
END
$$;

CREATE TABLE erasures (
    cluster_id      uuid        NOT NULL,
    erasure_id      uuid        NOT NULL,
    member_id       uuid        NOT NULL,
    subject         text        NOT NULL CHECK (subject IN ('contact', 'user', 'consignees', 'all_persons')),
    subject_id      uuid,
    older_than_days integer     NOT NULL CHECK (older_than_days BETWEEN 1 AND 3660),
    status          text        NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'done', 'failed')),
    created_at      timestamptz NOT NULL DEFAULT now(),
    finished_at     timestamptz,
    erased          jsonb       NOT NULL DEFAULT '{}',
    kept            jsonb       NOT NULL DEFAULT '[]',
    PRIMARY KEY (cluster_id, erasure_id),
    FOREIGN KEY (cluster_id, member_id) REFERENCES members,
    CHECK ((subject IN ('contact', 'user')) = (subject_id IS NOT NULL))
);
CREATE INDEX erasures_member ON erasures (cluster_id, member_id, erasure_id);
ALTER TABLE erasures ENABLE ROW LEVEL SECURITY;
ALTER TABLE erasures FORCE ROW LEVEL SECURITY;
CREATE POLICY erasures_read ON erasures FOR SELECT
    USING (cluster_id = (SELECT app_cluster()) AND ((SELECT app_neutral()) OR member_id = (SELECT app_member())));
CREATE POLICY erasures_ask ON erasures FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_role()) = 'system');
CREATE POLICY erasures_do ON erasures FOR UPDATE
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_role()) = 'system');
GRANT SELECT, INSERT ON erasures TO cluster_app;
GRANT UPDATE (status, finished_at, erased, kept) ON erasures TO cluster_app;

