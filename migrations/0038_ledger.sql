-- The books: double entry that is written once. What an entry must be (whole, balanced, of one currency, chained to the
-- one before) is held by keys and checks, so that nothing half-posted can be committed by whatever program.

CREATE TABLE ledger_accounts (
    cluster_id uuid        NOT NULL REFERENCES clusters,
    account_id uuid        NOT NULL,
    holder     text        NOT NULL CHECK (holder IN ('member', 'carrier', 'site', 'cluster')),
    purpose    text        NOT NULL CHECK (purpose ~ '^[a-z_]{2,40}$'),
    member_id  uuid,
    carrier_id uuid,
    site_id    uuid,
    holder_id  uuid        NOT NULL,
    currency   text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, account_id),
    UNIQUE (cluster_id, account_id, currency, holder_id),
    FOREIGN KEY (cluster_id, member_id) REFERENCES members,
    FOREIGN KEY (cluster_id, carrier_id) REFERENCES carriers,
    FOREIGN KEY (cluster_id, site_id) REFERENCES sites,
    CHECK (holder_id = coalesce(member_id, carrier_id, site_id, cluster_id)),
    CHECK ((holder = 'member') = (member_id IS NOT NULL)),
    CHECK ((holder = 'carrier') = (carrier_id IS NOT NULL)),
    CHECK ((holder = 'site') = (site_id IS NOT NULL))
);
CREATE INDEX ledger_accounts_member ON ledger_accounts (cluster_id, member_id) WHERE member_id IS NOT NULL;
CREATE INDEX ledger_accounts_carrier ON ledger_accounts (cluster_id, carrier_id) WHERE carrier_id IS NOT NULL;
ALTER TABLE ledger_accounts ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger_accounts FORCE ROW LEVEL SECURITY;
CREATE POLICY ledger_accounts_neutral ON ledger_accounts
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
CREATE POLICY ledger_accounts_member ON ledger_accounts FOR SELECT
    USING (cluster_id = (SELECT app_cluster()) AND member_id = (SELECT app_member()));
CREATE POLICY ledger_accounts_carrier ON ledger_accounts FOR SELECT
    USING (cluster_id = (SELECT app_cluster()) AND carrier_id = (SELECT app_carrier()));
GRANT SELECT, INSERT ON ledger_accounts TO cluster_app;

-- An entry has one currency, so that currencies cannot mix. Its number has no gaps, and its chain is the digest of what
-- stands before it and of itself: both are keys that the next entry refers to. Members are not told numbers, which would
-- say how much others have posted.
CREATE TABLE ledger_entries (
    cluster_id  uuid        NOT NULL REFERENCES clusters,
    entry_id    uuid        NOT NULL,
    entry_no    bigint      NOT NULL CHECK (entry_no > 0),
    kind        text        NOT NULL CHECK (kind ~ '^[a-z_]{2,40}$'),
    -- What it was posted from, and which part of it: the entry's identifier is made of these.
    source_kind text        NOT NULL CHECK (source_kind ~ '^[a-z]{2,8}$'),
    source_id   uuid        NOT NULL,
    part        text        NOT NULL DEFAULT '' CHECK (length(part) <= 80),
    reverses_id uuid,
    occurred_on date        NOT NULL,
    booked_on   date        NOT NULL,
    currency    text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    lines       integer     NOT NULL CHECK (lines >= 2),
    memo        text        NOT NULL DEFAULT '' CHECK (length(memo) <= 1000),
    digest      bytea       NOT NULL CHECK (octet_length(digest) = 32),
    before      bytea       NOT NULL CHECK (octet_length(before) = 32),
    chain       bytea       NOT NULL,
    key_id      uuid,
    user_id     uuid,
    created_at  timestamptz NOT NULL DEFAULT now(),
    prior_no    bigint,
    PRIMARY KEY (cluster_id, entry_id),
    UNIQUE (cluster_id, entry_no),
    UNIQUE (cluster_id, entry_no, chain),
    UNIQUE (cluster_id, entry_id, currency, lines),
    -- An entry is reversed once at most.
    UNIQUE (cluster_id, reverses_id),
    FOREIGN KEY (cluster_id, prior_no, before) REFERENCES ledger_entries (cluster_id, entry_no, chain),
    FOREIGN KEY (cluster_id, reverses_id) REFERENCES ledger_entries (cluster_id, entry_id),
    CHECK (prior_no IS NOT DISTINCT FROM nullif(entry_no - 1, 0)),
    CHECK (booked_on >= occurred_on),
    CHECK (entry_no > 1 OR before = decode(repeat('00', 32), 'hex')),
    CHECK (chain = sha256(before || digest || int8send(entry_no) || int4send(booked_on - DATE '2000-01-01')))
);
CREATE INDEX ledger_entries_source ON ledger_entries (cluster_id, source_id, kind);
ALTER TABLE ledger_entries ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger_entries FORCE ROW LEVEL SECURITY;
CREATE POLICY ledger_entries_neutral ON ledger_entries
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
-- The platform looks for books in all clusters.
CREATE POLICY ledger_entries_platform ON ledger_entries FOR SELECT USING ((SELECT app_role()) = 'system');
GRANT SELECT, INSERT ON ledger_entries TO cluster_app;

-- A line says what its holder may read of the entry. Positive: the holder owes it; negative: it is owed to the holder.
CREATE TABLE ledger_lines (
    cluster_id   uuid    NOT NULL,
    entry_id     uuid    NOT NULL,
    line_no      integer NOT NULL,
    line_id      uuid    NOT NULL,
    account_id   uuid    NOT NULL,
    member_id    uuid,
    carrier_id   uuid,
    site_id      uuid,
    holder_id    uuid    NOT NULL,
    currency     text    NOT NULL,
    amount_minor bigint  NOT NULL CHECK (amount_minor <> 0),
    kind         text    NOT NULL,
    reason       text    NOT NULL DEFAULT '' CHECK (length(reason) <= 80),
    source_kind  text    NOT NULL,
    source_id    uuid    NOT NULL,
    about_id     uuid,
    occurred_on  date    NOT NULL,
    booked_on    date    NOT NULL,
    memo         text    NOT NULL DEFAULT '' CHECK (length(memo) <= 1000),
    of_lines     integer NOT NULL,
    PRIMARY KEY (cluster_id, entry_id, line_no),
    UNIQUE (cluster_id, line_id),
    FOREIGN KEY (cluster_id, entry_id, currency, of_lines)
        REFERENCES ledger_entries (cluster_id, entry_id, currency, lines),
    -- Whose line it is, is whose account it is on.
    FOREIGN KEY (cluster_id, account_id, currency, holder_id)
        REFERENCES ledger_accounts (cluster_id, account_id, currency, holder_id),
    CHECK (holder_id = coalesce(member_id, carrier_id, site_id, cluster_id)),
    -- With the key above: an entry that is whole has no room for one line more.
    CHECK (line_no BETWEEN 1 AND of_lines)
);
CREATE INDEX ledger_lines_account ON ledger_lines (cluster_id, account_id, booked_on) INCLUDE (amount_minor);
CREATE INDEX ledger_lines_account_id ON ledger_lines (cluster_id, account_id, line_id);
CREATE INDEX ledger_lines_member ON ledger_lines (cluster_id, member_id, line_id) WHERE member_id IS NOT NULL;
CREATE INDEX ledger_lines_carrier ON ledger_lines (cluster_id, carrier_id, line_id) WHERE carrier_id IS NOT NULL;
CREATE INDEX ledger_lines_source ON ledger_lines (cluster_id, source_id, kind);
ALTER TABLE ledger_lines ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger_lines FORCE ROW LEVEL SECURITY;
CREATE POLICY ledger_lines_neutral ON ledger_lines
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
CREATE POLICY ledger_lines_member ON ledger_lines FOR SELECT
    USING (cluster_id = (SELECT app_cluster()) AND member_id = (SELECT app_member()));
CREATE POLICY ledger_lines_carrier ON ledger_lines FOR SELECT
    USING (cluster_id = (SELECT app_cluster()) AND carrier_id = (SELECT app_carrier()));
GRANT SELECT, INSERT ON ledger_lines TO cluster_app;

-- An entry has its last line, hence, with what follows, all of them.
ALTER TABLE ledger_entries
    ADD FOREIGN KEY (cluster_id, entry_id, lines) REFERENCES ledger_lines (cluster_id, entry_id, line_no)
        DEFERRABLE INITIALLY DEFERRED;

-- Lines come with all of their entry's in one statement, and sum to zero. The rows of the statement are looked at, which
-- no policy hides, whoever asks when the transaction ends.
CREATE FUNCTION ledger_lines_balance() RETURNS trigger LANGUAGE plpgsql
    AS $$
BEGIN
    IF EXISTS (SELECT FROM fresh GROUP BY cluster_id, entry_id HAVING sum(amount_minor) <> 0 OR count(*) <> min(of_lines))
    THEN
        RAISE EXCEPTION 'lines of an entry come together and sum to zero'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_lines_balance';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER ledger_lines_balance AFTER INSERT ON ledger_lines REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_lines_balance();

CREATE FUNCTION ledger_written_once() RETURNS trigger LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION '% is written once: post a correction', TG_TABLE_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_written_once';
END
$$;
CREATE TRIGGER ledger_accounts_once BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_accounts
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_written_once();
CREATE TRIGGER ledger_entries_once BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entries
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_written_once();
CREATE TRIGGER ledger_lines_once BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_lines
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_written_once();

-- What the platform found when it read the books again: up to which entry, and what is wrong with them.
CREATE TABLE ledger_checks (
    cluster_id uuid        NOT NULL REFERENCES clusters,
    check_no   bigint      NOT NULL CHECK (check_no > 0),
    from_no    bigint      NOT NULL CHECK (from_no > 0),
    to_no      bigint      NOT NULL CHECK (to_no >= from_no - 1),
    chain      bytea       NOT NULL,
    faults     jsonb       NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(faults) = 'array'),
    checked_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, check_no)
);
ALTER TABLE ledger_checks ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger_checks FORCE ROW LEVEL SECURITY;
CREATE POLICY ledger_checks_neutral ON ledger_checks
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT ON ledger_checks TO cluster_app;
