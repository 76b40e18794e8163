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

-- How far a pool window's plans, tours and freight are in the books: what they were when they were last posted.
CREATE TABLE posting_marks (
    cluster_id     uuid        NOT NULL,
    pool_window_id uuid        NOT NULL,
    mark_no        integer     NOT NULL CHECK (mark_no > 0),
    plan_id        uuid        NOT NULL,
    seen           text        NOT NULL,
    settled        boolean     NOT NULL,
    marked_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, pool_window_id),
    FOREIGN KEY (cluster_id, pool_window_id) REFERENCES pool_windows,
    FOREIGN KEY (cluster_id, plan_id) REFERENCES plans
);
ALTER TABLE posting_marks ENABLE ROW LEVEL SECURITY;
ALTER TABLE posting_marks FORCE ROW LEVEL SECURITY;
CREATE POLICY posting_marks_neutral ON posting_marks
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT, UPDATE ON posting_marks TO cluster_app;

-- Periods are settled one after the other: each begins on the day after another's last, and none has two followers.
CREATE TABLE settlement_periods (
    cluster_id       uuid        NOT NULL REFERENCES clusters,
    period_id        uuid        NOT NULL,
    starts_on        date        NOT NULL,
    ends_on          date        NOT NULL CHECK (ends_on >= starts_on),
    after_on         date,
    currency         text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    taxed            boolean     NOT NULL,
    dispute_days     integer     NOT NULL CHECK (dispute_days BETWEEN 1 AND 90),
    through_cluster  boolean     NOT NULL,
    status           text        NOT NULL CHECK (status IN ('open', 'proposed', 'closed')),
    proposed_key_id  uuid,
    proposed_user_id uuid,
    proposed_no      bigint,
    closed_key_id    uuid,
    closed_user_id   uuid,
    closed_at        timestamptz,
    chain            bytea,
    netting          text        CHECK (netting IN ('fewest', 'greedy', 'through_cluster')),
    version          bigint      NOT NULL DEFAULT 1,
    created_at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, period_id),
    UNIQUE (cluster_id, ends_on),
    UNIQUE NULLS NOT DISTINCT (cluster_id, after_on),
    FOREIGN KEY (cluster_id, after_on) REFERENCES settlement_periods (cluster_id, ends_on),
    CHECK (after_on IS NULL OR after_on = starts_on - 1),
    CHECK ((status = 'open') = (proposed_no IS NULL)),
    CHECK ((status = 'closed') = (closed_at IS NOT NULL)),
    -- Four eyes: whoever closes is somebody else.
    CHECK (status <> 'closed' OR coalesce(closed_key_id, closed_user_id) <> coalesce(proposed_key_id, proposed_user_id))
);
ALTER TABLE settlement_periods ENABLE ROW LEVEL SECURITY;
ALTER TABLE settlement_periods FORCE ROW LEVEL SECURITY;
CREATE POLICY settlement_periods_neutral ON settlement_periods
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT ON settlement_periods TO cluster_app;
GRANT UPDATE (status, proposed_key_id, proposed_user_id, proposed_no, closed_key_id, closed_user_id, closed_at, chain,
              netting, version) ON settlement_periods TO cluster_app;

CREATE FUNCTION settlement_periods_move() RETURNS trigger LANGUAGE plpgsql
    AS $$
BEGIN
    IF OLD.status = 'closed' THEN
        RAISE EXCEPTION 'a closed period is not reopened: post a correction'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'settlement_periods_move';
    END IF;
    NEW.version := OLD.version + 1;
    RETURN NEW;
END
$$;
CREATE TRIGGER settlement_periods_move BEFORE UPDATE ON settlement_periods
    FOR EACH ROW EXECUTE FUNCTION settlement_periods_move();

-- Nothing is booked into a period that is closed.
CREATE FUNCTION ledger_entries_open() RETURNS trigger LANGUAGE plpgsql
    AS $$
BEGIN
    IF EXISTS (SELECT FROM fresh JOIN settlement_periods AS period
                 ON period.cluster_id = fresh.cluster_id AND period.status = 'closed'
                AND fresh.booked_on <= period.ends_on) THEN
        RAISE EXCEPTION 'the period is closed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entries_open';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER ledger_entries_open AFTER INSERT ON ledger_entries REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_entries_open();

-- What a member was told of a period when it was closed; nobody changes it.
CREATE TABLE statements (
    cluster_id    uuid        NOT NULL,
    statement_id  uuid        NOT NULL,
    period_id     uuid        NOT NULL,
    member_id     uuid        NOT NULL,
    opening_minor bigint      NOT NULL,
    turnover_minor bigint     NOT NULL,
    closing_minor bigint      NOT NULL,
    document      jsonb       NOT NULL,
    digest        bytea       NOT NULL CHECK (octet_length(digest) = 32),
    disputable_until timestamptz NOT NULL,
    issued_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, statement_id),
    UNIQUE (cluster_id, period_id, member_id),
    UNIQUE (cluster_id, statement_id, member_id),
    FOREIGN KEY (cluster_id, period_id) REFERENCES settlement_periods,
    FOREIGN KEY (cluster_id, member_id) REFERENCES members,
    CHECK (closing_minor = opening_minor + turnover_minor)
);
ALTER TABLE statements ENABLE ROW LEVEL SECURITY;
ALTER TABLE statements FORCE ROW LEVEL SECURITY;
CREATE POLICY statements_read ON statements FOR SELECT
    USING (cluster_id = (SELECT app_cluster()) AND ((SELECT app_neutral()) OR member_id = (SELECT app_member())));
CREATE POLICY statements_issue ON statements FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT ON statements TO cluster_app;
CREATE TRIGGER statements_once BEFORE UPDATE OR DELETE OR TRUNCATE ON statements
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_written_once();

-- What members say against a statement, and what is decided about it.
CREATE TABLE statement_disputes (
    cluster_id   uuid        NOT NULL,
    dispute_id   uuid        NOT NULL,
    statement_id uuid        NOT NULL,
    member_id    uuid        NOT NULL,
    reason       text        NOT NULL CHECK (length(reason) BETWEEN 1 AND 1000),
    amount_minor bigint,
    status       text        NOT NULL CHECK (status IN ('open', 'accepted', 'rejected', 'withdrawn')),
    answer       text        NOT NULL DEFAULT '' CHECK (length(answer) <= 1000),
    entry_id     uuid,
    version      bigint      NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL DEFAULT now(),
    decided_at   timestamptz,
    PRIMARY KEY (cluster_id, dispute_id),
    FOREIGN KEY (cluster_id, statement_id, member_id) REFERENCES statements (cluster_id, statement_id, member_id),
    FOREIGN KEY (cluster_id, entry_id) REFERENCES ledger_entries,
    CHECK ((status = 'open') = (decided_at IS NULL))
);
CREATE UNIQUE INDEX statement_disputes_one_open ON statement_disputes (cluster_id, statement_id) WHERE status = 'open';
ALTER TABLE statement_disputes ENABLE ROW LEVEL SECURITY;
ALTER TABLE statement_disputes FORCE ROW LEVEL SECURITY;
CREATE POLICY statement_disputes_read ON statement_disputes FOR SELECT
    USING (cluster_id = (SELECT app_cluster()) AND ((SELECT app_neutral()) OR member_id = (SELECT app_member())));
CREATE POLICY statement_disputes_open ON statement_disputes FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND member_id = (SELECT app_member())
                AND status IN ('open', 'withdrawn'));
CREATE POLICY statement_disputes_decide ON statement_disputes FOR UPDATE
    USING (cluster_id = (SELECT app_cluster())
           AND ((SELECT app_neutral()) OR (member_id = (SELECT app_member()) AND status = 'open')))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND ((SELECT app_neutral()) OR status = 'withdrawn'));
GRANT SELECT, INSERT ON statement_disputes TO cluster_app;
GRANT UPDATE (status, answer, entry_id, decided_at, version) ON statement_disputes TO cluster_app;

-- Who pays whom what a closed period comes to; without a name on a side it is the cluster itself.
CREATE TABLE settlement_payments (
    cluster_id    uuid        NOT NULL,
    payment_id    uuid        NOT NULL,
    period_id     uuid        NOT NULL,
    payment_no    integer     NOT NULL CHECK (payment_no > 0),
    from_member   uuid,
    from_carrier  uuid,
    to_member     uuid,
    to_carrier    uuid,
    currency      text        NOT NULL,
    amount_minor  bigint      NOT NULL CHECK (amount_minor > 0),
    paid_on       date,
    version       bigint      NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, payment_id),
    UNIQUE (cluster_id, period_id, payment_no),
    FOREIGN KEY (cluster_id, period_id) REFERENCES settlement_periods,
    FOREIGN KEY (cluster_id, from_member) REFERENCES members,
    FOREIGN KEY (cluster_id, to_member) REFERENCES members,
    FOREIGN KEY (cluster_id, from_carrier) REFERENCES carriers,
    FOREIGN KEY (cluster_id, to_carrier) REFERENCES carriers,
    CHECK (num_nonnulls(from_member, from_carrier) <= 1 AND num_nonnulls(to_member, to_carrier) <= 1),
    CHECK (coalesce(from_member, from_carrier) IS DISTINCT FROM coalesce(to_member, to_carrier))
);
ALTER TABLE settlement_payments ENABLE ROW LEVEL SECURITY;
ALTER TABLE settlement_payments FORCE ROW LEVEL SECURITY;
CREATE POLICY settlement_payments_neutral ON settlement_payments
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
CREATE POLICY settlement_payments_own ON settlement_payments FOR SELECT
    USING (cluster_id = (SELECT app_cluster())
           AND ((SELECT app_member()) IN (from_member, to_member) OR (SELECT app_carrier()) IN (from_carrier, to_carrier)));
GRANT SELECT, INSERT ON settlement_payments TO cluster_app;
GRANT UPDATE (paid_on, version) ON settlement_payments TO cluster_app;

-- Costs that members agree to carry together: proposed, approved by each that is to pay, then posted.
CREATE TABLE undertakings (
    cluster_id     uuid        NOT NULL REFERENCES clusters,
    undertaking_id uuid        NOT NULL,
    title          text        NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
    note           text        NOT NULL DEFAULT '' CHECK (length(note) <= 1000),
    rule           text        NOT NULL CHECK (rule IN ('equal', 'by_key', 'by_share')),
    amount_minor   bigint      NOT NULL CHECK (amount_minor > 0),
    currency       text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    occurred_on    date        NOT NULL,
    paid_by        uuid,
    carrier_id     uuid,
    status         text        NOT NULL CHECK (status IN ('proposed', 'posted', 'refused', 'withdrawn')),
    version        bigint      NOT NULL DEFAULT 1,
    created_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, undertaking_id),
    FOREIGN KEY (cluster_id, paid_by) REFERENCES members,
    FOREIGN KEY (cluster_id, carrier_id) REFERENCES carriers,
    CHECK (num_nonnulls(paid_by, carrier_id) <= 1)
);
CREATE TABLE undertaking_parts (
    cluster_id     uuid        NOT NULL,
    undertaking_id uuid        NOT NULL,
    member_id      uuid        NOT NULL,
    key_parts      bigint      NOT NULL CHECK (key_parts >= 0),
    share_minor    bigint      NOT NULL CHECK (share_minor >= 0),
    answer         text        NOT NULL DEFAULT 'open' CHECK (answer IN ('open', 'agreed', 'refused')),
    note           text        NOT NULL DEFAULT '' CHECK (length(note) <= 1000),
    answered_at    timestamptz,
    PRIMARY KEY (cluster_id, undertaking_id, member_id),
    FOREIGN KEY (cluster_id, undertaking_id) REFERENCES undertakings,
    FOREIGN KEY (cluster_id, member_id) REFERENCES members,
    CHECK ((answer = 'open') = (answered_at IS NULL))
);
ALTER TABLE undertakings ENABLE ROW LEVEL SECURITY;
ALTER TABLE undertakings FORCE ROW LEVEL SECURITY;
CREATE POLICY undertakings_neutral ON undertakings
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
CREATE POLICY undertakings_own ON undertakings FOR SELECT
    USING (cluster_id = (SELECT app_cluster())
           AND EXISTS (SELECT FROM undertaking_parts AS part
                        WHERE part.cluster_id = undertakings.cluster_id
                          AND part.undertaking_id = undertakings.undertaking_id
                          AND part.member_id = (SELECT app_member())));
GRANT SELECT, INSERT ON undertakings TO cluster_app;
GRANT UPDATE (status, version) ON undertakings TO cluster_app;
ALTER TABLE undertaking_parts ENABLE ROW LEVEL SECURITY;
ALTER TABLE undertaking_parts FORCE ROW LEVEL SECURITY;
CREATE POLICY undertaking_parts_read ON undertaking_parts FOR SELECT
    USING (cluster_id = (SELECT app_cluster()) AND ((SELECT app_neutral()) OR member_id = (SELECT app_member())));
CREATE POLICY undertaking_parts_ask ON undertaking_parts FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
CREATE POLICY undertaking_parts_answer ON undertaking_parts FOR UPDATE
    USING (cluster_id = (SELECT app_cluster()) AND member_id = (SELECT app_member()));
GRANT SELECT, INSERT ON undertaking_parts TO cluster_app;
GRANT UPDATE (answer, note, answered_at) ON undertaking_parts TO cluster_app;
