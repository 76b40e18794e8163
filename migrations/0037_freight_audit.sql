-- Freight audit: what carriers bill, what was owed by tariff and tour, and what was accepted in the end. An invoice is
-- never edited: a credit note corrects it, and what became of it is its history.

CREATE TABLE carrier_invoices (
    cluster_id     uuid        NOT NULL,
    invoice_id     uuid        NOT NULL,
    carrier_id     uuid        NOT NULL,
    kind           text        NOT NULL CHECK (kind IN ('invoice', 'credit_note')),
    corrects_id    uuid,
    number         text        NOT NULL,
    issued_on      date        NOT NULL,
    currency       text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    total_minor    bigint      NOT NULL CHECK (total_minor >= 0),
    -- Of the content as it was sent: the same number again is the same invoice, or refused.
    digest         bytea       NOT NULL CHECK (octet_length(digest) = 32),
    status         text        NOT NULL
                   CHECK (status IN ('received', 'matched', 'disputed', 'accepted', 'rejected', 'credited')),
    accepted_minor bigint      CHECK (accepted_minor >= 0),
    version        bigint      NOT NULL DEFAULT 1,
    created_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, invoice_id),
    UNIQUE (cluster_id, carrier_id, number),
    UNIQUE (cluster_id, carrier_id, invoice_id),
    FOREIGN KEY (cluster_id, carrier_id) REFERENCES carriers,
    FOREIGN KEY (cluster_id, carrier_id, corrects_id)
        REFERENCES carrier_invoices (cluster_id, carrier_id, invoice_id),
    CHECK ((kind = 'credit_note') = (corrects_id IS NOT NULL)),
    CHECK (status <> 'accepted' OR accepted_minor IS NOT NULL OR kind = 'credit_note')
);
CREATE INDEX carrier_invoices_corrects ON carrier_invoices (cluster_id, corrects_id) WHERE corrects_id IS NOT NULL;
ALTER TABLE carrier_invoices ENABLE ROW LEVEL SECURITY;
ALTER TABLE carrier_invoices FORCE ROW LEVEL SECURITY;
CREATE POLICY carrier_invoices_neutral ON carrier_invoices
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
CREATE POLICY carrier_invoices_self ON carrier_invoices FOR SELECT
    USING (cluster_id = (SELECT app_cluster()) AND carrier_id = (SELECT app_carrier()));
CREATE POLICY carrier_invoices_send ON carrier_invoices FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND carrier_id = (SELECT app_carrier()) AND status = 'received');
GRANT SELECT, INSERT ON carrier_invoices TO cluster_app;
GRANT UPDATE (status, accepted_minor) ON carrier_invoices TO cluster_app;

CREATE FUNCTION carrier_invoices_move() RETURNS trigger LANGUAGE plpgsql
    AS $$
BEGIN
    IF NEW.status <> OLD.status AND NOT (CASE OLD.status
        WHEN 'received' THEN true
        WHEN 'matched' THEN true
        WHEN 'disputed' THEN NEW.status IN ('matched', 'accepted', 'rejected', 'credited')
        WHEN 'accepted' THEN NEW.status = 'credited'
        ELSE false END) THEN
        RAISE EXCEPTION 'an invoice does not move from % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'carrier_invoices_move';
    END IF;
    -- A carrier is not told whether its invoice matches, by its version either.
    IF NOT (OLD.status IN ('received', 'matched') AND NEW.status IN ('received', 'matched')) THEN
        NEW.version := OLD.version + 1;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER carrier_invoices_move BEFORE UPDATE ON carrier_invoices
    FOR EACH ROW EXECUTE FUNCTION carrier_invoices_move();

CREATE TABLE carrier_invoice_lines (
    cluster_id   uuid    NOT NULL,
    invoice_id   uuid    NOT NULL,
    line_no      integer NOT NULL CHECK (line_no > 0),
    carrier_id   uuid    NOT NULL,
    tour_id      uuid    NOT NULL,
    kind         text    NOT NULL
                 CHECK (kind IN ('fixed', 'trips', 'distance', 'fuel', 'time', 'stops', 'zone', 'weight', 'minimum',
                                 'waiting', 'toll', 'rounding', 'other')),
    quantity     bigint  CHECK (quantity >= 0),
    unit         text    NOT NULL,
    rate_minor   bigint  CHECK (rate_minor >= 0),
    amount_minor bigint  NOT NULL CHECK (amount_minor >= 0 OR kind IN ('rounding', 'other')),
    text         text,
    PRIMARY KEY (cluster_id, invoice_id, line_no),
    FOREIGN KEY (cluster_id, carrier_id, invoice_id) REFERENCES carrier_invoices (cluster_id, carrier_id, invoice_id),
    FOREIGN KEY (cluster_id, tour_id) REFERENCES tours
);
CREATE INDEX carrier_invoice_lines_tour ON carrier_invoice_lines (cluster_id, tour_id, invoice_id);
ALTER TABLE carrier_invoice_lines ENABLE ROW LEVEL SECURITY;
ALTER TABLE carrier_invoice_lines FORCE ROW LEVEL SECURITY;
CREATE POLICY carrier_invoice_lines_neutral ON carrier_invoice_lines
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
CREATE POLICY carrier_invoice_lines_self ON carrier_invoice_lines FOR SELECT
    USING (cluster_id = (SELECT app_cluster()) AND carrier_id = (SELECT app_carrier()));
CREATE POLICY carrier_invoice_lines_send ON carrier_invoice_lines FOR INSERT
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND carrier_id = (SELECT app_carrier()));
GRANT SELECT, INSERT ON carrier_invoice_lines TO cluster_app;

-- What each audit found. A carrier that knew how far off its bills may be would bill so far off: this is the neutral
-- side's, and a dispute tells the carrier what is not agreed.
CREATE TABLE carrier_invoice_audits (
    cluster_id         uuid        NOT NULL,
    invoice_id         uuid        NOT NULL,
    audit_no           integer     NOT NULL CHECK (audit_no > 0),
    tolerance_permille integer     NOT NULL CHECK (tolerance_permille >= 0),
    tolerance_minor    bigint      NOT NULL CHECK (tolerance_minor >= 0),
    invoiced_minor     bigint      NOT NULL,
    expected_minor     bigint      NOT NULL,
    matched            boolean     NOT NULL,
    findings           jsonb       NOT NULL CHECK (jsonb_typeof(findings) = 'array'),
    created_at         timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, invoice_id, audit_no),
    FOREIGN KEY (cluster_id, invoice_id) REFERENCES carrier_invoices
);
ALTER TABLE carrier_invoice_audits ENABLE ROW LEVEL SECURITY;
ALTER TABLE carrier_invoice_audits FORCE ROW LEVEL SECURITY;
CREATE POLICY carrier_invoice_audits_neutral ON carrier_invoice_audits
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT ON carrier_invoice_audits TO cluster_app;

-- What became of an invoice, for both sides; nobody changes or deletes a row.
CREATE TABLE carrier_invoice_events (
    cluster_id   uuid        NOT NULL,
    invoice_id   uuid        NOT NULL,
    entry_no     integer     NOT NULL CHECK (entry_no > 0),
    carrier_id   uuid        NOT NULL,
    kind         text        NOT NULL
                 CHECK (kind IN ('received', 'accepted', 'disputed', 'insisted', 'rejected', 'credited')),
    party        text        NOT NULL CHECK (party IN ('carrier', 'coordinator', 'platform')),
    key_id       uuid,
    user_id      uuid,
    reasons      text[]      NOT NULL DEFAULT '{}',
    note         text        NOT NULL DEFAULT '',
    amount_minor bigint,
    tours        jsonb       NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(tours) = 'array'),
    findings     jsonb       NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(findings) = 'array'),
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, invoice_id, entry_no),
    FOREIGN KEY (cluster_id, carrier_id, invoice_id) REFERENCES carrier_invoices (cluster_id, carrier_id, invoice_id)
);
ALTER TABLE carrier_invoice_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE carrier_invoice_events FORCE ROW LEVEL SECURITY;
CREATE POLICY carrier_invoice_events_neutral ON carrier_invoice_events
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
CREATE POLICY carrier_invoice_events_self ON carrier_invoice_events FOR SELECT
    USING (cluster_id = (SELECT app_cluster()) AND carrier_id = (SELECT app_carrier()));
GRANT SELECT, INSERT ON carrier_invoice_events TO cluster_app;

-- What is accepted of tours, as amounts that add up: each row is what came on top, or off again by a credit note.
CREATE TABLE freight_costs (
    cluster_id   uuid        NOT NULL,
    invoice_id   uuid        NOT NULL,
    tour_id      uuid        NOT NULL,
    entry_no     integer     NOT NULL CHECK (entry_no > 0),
    amount_minor bigint      NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, invoice_id, tour_id, entry_no),
    FOREIGN KEY (cluster_id, invoice_id) REFERENCES carrier_invoices,
    FOREIGN KEY (cluster_id, tour_id) REFERENCES tours
);
CREATE INDEX freight_costs_tour ON freight_costs (cluster_id, tour_id);
ALTER TABLE freight_costs ENABLE ROW LEVEL SECURITY;
ALTER TABLE freight_costs FORCE ROW LEVEL SECURITY;
CREATE POLICY freight_costs_neutral ON freight_costs
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT ON freight_costs TO cluster_app;

-- How far off an invoice may be is settled from a day on, as everything else; it is the coordinator's to know.
ALTER TABLE cluster_settings
    DROP CONSTRAINT cluster_settings_section_check,
    ADD CONSTRAINT cluster_settings_section_check
        CHECK (section IN ('sharing', 'planning', 'map', 'languages', 'freight'));
DROP POLICY cluster_settings_read ON cluster_settings;
CREATE POLICY cluster_settings_read ON cluster_settings FOR SELECT
    USING (cluster_id = (SELECT app_cluster())
           AND ((SELECT app_neutral()) OR section NOT IN ('planning', 'freight')));
