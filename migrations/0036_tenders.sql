-- Tours tendered to carriers: who was asked what, what they answered, and who got it.

CREATE TABLE tenders (
    cluster_id      uuid        NOT NULL REFERENCES clusters,
    tender_id       uuid        NOT NULL,
    tour_id         uuid        NOT NULL,
    -- What is tendered is the tour as it was then; one that changed is tendered anew.
    tour_version    bigint      NOT NULL,
    mode            text        NOT NULL CHECK (mode IN ('direct', 'waterfall', 'broadcast')),
    award_rule      text        NOT NULL CHECK (award_rule IN ('price', 'score', 'choice')),
    status          text        NOT NULL DEFAULT 'open'
                    CHECK (status IN ('open', 'deciding', 'awarded', 'exhausted', 'withdrawn')),
    price_minor     bigint      NOT NULL CHECK (price_minor >= 0),
    ceiling_minor   bigint      CHECK (ceiling_minor >= price_minor),
    respond_s       integer     NOT NULL CHECK (respond_s > 0),
    dispatches      boolean     NOT NULL,
    note            text,
    content         jsonb       NOT NULL,
    -- When something happens by itself; none while only people can go on.
    deadline_at     timestamptz,
    closed_reason   text,
    created_at      timestamptz NOT NULL DEFAULT now(),
    closed_at       timestamptz,
    version         bigint      NOT NULL DEFAULT 1,
    PRIMARY KEY (cluster_id, tender_id),
    FOREIGN KEY (cluster_id, tour_id) REFERENCES tours,
    CHECK ((closed_at IS NULL) = (status IN ('open', 'deciding'))),
    CHECK (status = 'open' OR deadline_at IS NULL)
);
-- A tour is tendered once at a time.
CREATE UNIQUE INDEX tenders_tour ON tenders (cluster_id, tour_id) WHERE status IN ('open', 'deciding');
CREATE INDEX tenders_of_tour ON tenders (cluster_id, tour_id, tender_id);
CREATE INDEX tenders_due ON tenders (deadline_at) WHERE status = 'open';
ALTER TABLE tenders ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenders FORCE ROW LEVEL SECURITY;
-- The worker closes tenders of all clusters at their deadlines.
CREATE POLICY tenders_due ON tenders FOR SELECT USING ((SELECT app_role()) = 'system');
CREATE POLICY tenders_neutral ON tenders
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT, UPDATE ON tenders TO cluster_app;

CREATE FUNCTION tenders_move() RETURNS trigger LANGUAGE plpgsql
    AS $$
BEGIN
    IF NEW.status <> OLD.status AND NOT (CASE OLD.status
        WHEN 'open' THEN true
        WHEN 'deciding' THEN NEW.status IN ('awarded', 'withdrawn')
        ELSE false END) THEN
        RAISE EXCEPTION 'a tender does not move from % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'tenders_move';
    END IF;
    NEW.version := OLD.version + 1;
    RETURN NEW;
END
$$;
CREATE TRIGGER tenders_move BEFORE UPDATE ON tenders FOR EACH ROW EXECUTE FUNCTION tenders_move();

-- One for each carrier that is asked, or will be. It holds all that the carrier may know: tenders are not for its eyes.
CREATE TABLE tender_offers (
    cluster_id       uuid        NOT NULL,
    offer_id         uuid        NOT NULL,
    tender_id        uuid        NOT NULL,
    carrier_id       uuid        NOT NULL,
    step_no          integer     NOT NULL CHECK (step_no > 0),
    status           text        NOT NULL
                     CHECK (status IN ('waiting', 'open', 'accepted', 'countered', 'declined', 'expired', 'lost',
                                       'awarded', 'withdrawn')),
    price_minor      bigint      NOT NULL CHECK (price_minor >= 0),
    note             text,
    content          jsonb       NOT NULL,
    asked_at         timestamptz,
    deadline_at      timestamptz,
    answered_at      timestamptz,
    answer_minor     bigint      CHECK (answer_minor >= 0),
    answer_starts_at timestamptz,
    answer_reason    text,
    answer_note      text,
    decided_at       timestamptz,
    version          bigint      NOT NULL DEFAULT 1,
    PRIMARY KEY (cluster_id, offer_id),
    UNIQUE (cluster_id, tender_id, carrier_id),
    FOREIGN KEY (cluster_id, tender_id) REFERENCES tenders,
    FOREIGN KEY (cluster_id, carrier_id) REFERENCES carriers,
    CHECK ((status = 'waiting') = (asked_at IS NULL) OR status IN ('withdrawn', 'lost'))
);
-- Nothing is awarded twice.
CREATE UNIQUE INDEX tender_offers_awarded ON tender_offers (cluster_id, tender_id) WHERE status = 'awarded';
CREATE INDEX tender_offers_carrier ON tender_offers (cluster_id, carrier_id, offer_id);
ALTER TABLE tender_offers ENABLE ROW LEVEL SECURITY;
ALTER TABLE tender_offers FORCE ROW LEVEL SECURITY;
CREATE POLICY tender_offers_neutral ON tender_offers
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
-- Who is not asked yet does not know that it may be.
CREATE POLICY tender_offers_own ON tender_offers FOR SELECT
    USING (cluster_id = (SELECT app_cluster()) AND carrier_id = (SELECT app_carrier()) AND asked_at IS NOT NULL);
GRANT SELECT, INSERT, UPDATE ON tender_offers TO cluster_app;

CREATE FUNCTION tender_offers_move() RETURNS trigger LANGUAGE plpgsql
    AS $$
BEGIN
    IF NEW.status <> OLD.status AND NOT (CASE OLD.status
        WHEN 'waiting' THEN NEW.status IN ('open', 'lost', 'withdrawn')
        WHEN 'open' THEN NEW.status <> 'waiting'
        WHEN 'accepted' THEN NEW.status IN ('countered', 'declined', 'lost', 'awarded', 'withdrawn')
        WHEN 'countered' THEN NEW.status IN ('accepted', 'declined', 'expired', 'lost', 'awarded', 'withdrawn')
        ELSE false END) THEN
        RAISE EXCEPTION 'an offer does not move from % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'tender_offers_move';
    END IF;
    NEW.version := OLD.version + 1;
    RETURN NEW;
END
$$;
CREATE TRIGGER tender_offers_move BEFORE UPDATE ON tender_offers FOR EACH ROW EXECUTE FUNCTION tender_offers_move();

-- What the carrier of a tour is paid, where that was agreed beforehand, and by which offer.
ALTER TABLE tours
    ADD COLUMN agreed_minor bigint CHECK (agreed_minor >= 0),
    ADD COLUMN tender_offer_id uuid,
    ADD FOREIGN KEY (cluster_id, tender_offer_id) REFERENCES tender_offers,
    ADD CHECK (agreed_minor IS NULL OR carrier_id IS NOT NULL);
