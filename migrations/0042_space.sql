-- Shared warehouse space: who offers which, how much of it is taken on which day, who booked, and how it was re-planned.

CREATE TABLE space_offers (
    cluster_id  uuid        NOT NULL REFERENCES clusters,
    offer_id    uuid        NOT NULL,
    -- Null: the cluster rents it together.
    owner_id    uuid,
    site_id     uuid        NOT NULL,
    zone        text        NOT NULL,
    temperature text        NOT NULL CHECK (temperature IN ('ambient', 'controlled', 'chilled', 'frozen')),
    unit        text        NOT NULL CHECK (unit IN ('pallet_place', 'square_metre')),
    units       integer     NOT NULL CHECK (units > 0),
    row_units   integer     NOT NULL CHECK (row_units > 0),
    first_on    date        NOT NULL,
    last_on     date        NOT NULL CHECK (last_on >= first_on),
    day_milli   bigint      NOT NULL CHECK (day_milli >= 0),
    days_min    integer     NOT NULL CHECK (days_min > 0),
    days_max    integer     CHECK (days_max >= days_min),
    notice_days integer     NOT NULL CHECK (notice_days >= 0),
    status      text        NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'withdrawn')),
    version     bigint      NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, offer_id),
    FOREIGN KEY (cluster_id, owner_id) REFERENCES members,
    FOREIGN KEY (cluster_id, site_id) REFERENCES sites
);
ALTER TABLE space_offers ENABLE ROW LEVEL SECURITY;
ALTER TABLE space_offers FORCE ROW LEVEL SECURITY;
CREATE POLICY space_offers_neutral ON space_offers
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
-- What is offered is for all members of the cluster.
CREATE POLICY space_offers_read ON space_offers FOR SELECT
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_member()) IS NOT NULL);
GRANT SELECT, INSERT, UPDATE ON space_offers TO cluster_app;

-- How much of an offer is taken on a day: more than there is cannot be written, whoever books at the same moment.
CREATE TABLE space_days (
    cluster_id uuid    NOT NULL,
    offer_id   uuid    NOT NULL,
    day        date    NOT NULL,
    units      integer NOT NULL,
    used       integer NOT NULL DEFAULT 0 CONSTRAINT space_days_room CHECK (used BETWEEN 0 AND units),
    PRIMARY KEY (cluster_id, offer_id, day),
    FOREIGN KEY (cluster_id, offer_id) REFERENCES space_offers
);
ALTER TABLE space_days ENABLE ROW LEVEL SECURITY;
ALTER TABLE space_days FORCE ROW LEVEL SECURITY;
CREATE POLICY space_days_neutral ON space_days
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
-- How much is free is for all members; whose the rest is stands elsewhere.
CREATE POLICY space_days_read ON space_days FOR SELECT
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_member()) IS NOT NULL);
GRANT SELECT, INSERT, UPDATE ON space_days TO cluster_app;

CREATE TABLE space_bookings (
    cluster_id     uuid        NOT NULL,
    booking_id     uuid        NOT NULL,
    member_id      uuid        NOT NULL,
    status         text        NOT NULL CHECK (status IN ('waiting', 'booked', 'released', 'expired')),
    unit           text        NOT NULL CHECK (unit IN ('pallet_place', 'square_metre')),
    units          integer     NOT NULL CHECK (units > 0),
    temperatures   text[]      NOT NULL,
    site_ids       uuid[]      NOT NULL,
    -- The one offer that was asked for; null: any.
    wanted_offer   uuid,
    earliest_on    date        NOT NULL,
    latest_on      date        NOT NULL CHECK (latest_on >= earliest_on),
    days           integer     NOT NULL CHECK (days > 0),
    rent_max_minor bigint      CHECK (rent_max_minor >= 0),
    move_minor     bigint      CHECK (move_minor >= 0),
    content        text,
    offer_id       uuid,
    first_on       date,
    -- The last day that is held; before the first where all was given back.
    last_on        date,
    -- The last day that is owed: giving back later than the offer's notice does not end it.
    owed_on        date,
    rent_minor     bigint      CHECK (rent_minor >= 0),
    version        bigint      NOT NULL DEFAULT 1,
    created_at     timestamptz NOT NULL DEFAULT now(),
    booked_at      timestamptz,
    PRIMARY KEY (cluster_id, booking_id),
    FOREIGN KEY (cluster_id, member_id) REFERENCES members,
    FOREIGN KEY (cluster_id, offer_id) REFERENCES space_offers,
    FOREIGN KEY (cluster_id, wanted_offer) REFERENCES space_offers,
    CHECK (num_nulls(offer_id, first_on, last_on, owed_on, rent_minor, booked_at) IN (0, 6)),
    CHECK (status <> 'booked' OR offer_id IS NOT NULL),
    CHECK (status NOT IN ('waiting', 'expired') OR offer_id IS NULL),
    CHECK (last_on >= first_on - 1 AND owed_on >= last_on)
);
CREATE INDEX space_bookings_of_offer ON space_bookings (cluster_id, offer_id, first_on) WHERE offer_id IS NOT NULL;
CREATE INDEX space_bookings_of_member ON space_bookings (cluster_id, member_id, booking_id);
CREATE INDEX space_bookings_waiting ON space_bookings (cluster_id, booking_id) WHERE status = 'waiting';
ALTER TABLE space_bookings ENABLE ROW LEVEL SECURITY;
ALTER TABLE space_bookings FORCE ROW LEVEL SECURITY;
CREATE POLICY space_bookings_neutral ON space_bookings
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
CREATE POLICY space_bookings_own ON space_bookings FOR SELECT
    USING (cluster_id = (SELECT app_cluster()) AND member_id = (SELECT app_member()));
-- Whose space it is must know who comes with what.
CREATE POLICY space_bookings_host ON space_bookings FOR SELECT
    USING (cluster_id = (SELECT app_cluster())
           AND EXISTS (SELECT FROM space_offers AS offer
                        WHERE offer.cluster_id = space_bookings.cluster_id AND offer.offer_id = space_bookings.offer_id
                          AND offer.owner_id = (SELECT app_member())));
GRANT SELECT, INSERT, UPDATE ON space_bookings TO cluster_app;

-- What a re-plan would move and take in, as it was proposed, and whether it was applied.
CREATE TABLE space_replans (
    cluster_id uuid        NOT NULL REFERENCES clusters,
    replan_id  uuid        NOT NULL,
    status     text        NOT NULL DEFAULT 'proposed' CHECK (status IN ('proposed', 'applied')),
    content    jsonb       NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    applied_at timestamptz,
    PRIMARY KEY (cluster_id, replan_id),
    CHECK ((status = 'applied') = (applied_at IS NOT NULL))
);
ALTER TABLE space_replans ENABLE ROW LEVEL SECURITY;
ALTER TABLE space_replans FORCE ROW LEVEL SECURITY;
CREATE POLICY space_replans_neutral ON space_replans
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT, UPDATE ON space_replans TO cluster_app;

-- What a jointly rented space costs, as agreed: for a month, and for places beyond what was reserved.
CREATE TABLE space_leases (
    cluster_id          uuid   NOT NULL,
    offer_id            uuid   NOT NULL,
    rent_month_minor    bigint NOT NULL CHECK (rent_month_minor >= 0),
    running_month_minor bigint NOT NULL CHECK (running_month_minor >= 0),
    overflow_milli      bigint NOT NULL CHECK (overflow_milli >= 0),
    relet_milli         bigint NOT NULL CHECK (relet_milli >= 0),
    PRIMARY KEY (cluster_id, offer_id),
    FOREIGN KEY (cluster_id, offer_id) REFERENCES space_offers
);
ALTER TABLE space_leases ENABLE ROW LEVEL SECURITY;
ALTER TABLE space_leases FORCE ROW LEVEL SECURITY;
CREATE POLICY space_leases_neutral ON space_leases
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT, UPDATE ON space_leases TO cluster_app;

-- Who pays for how much of it whether it books or not.
CREATE TABLE space_commitments (
    cluster_id uuid    NOT NULL,
    offer_id   uuid    NOT NULL,
    member_id  uuid    NOT NULL,
    units      integer NOT NULL CHECK (units >= 0),
    PRIMARY KEY (cluster_id, offer_id, member_id),
    FOREIGN KEY (cluster_id, offer_id) REFERENCES space_leases,
    FOREIGN KEY (cluster_id, member_id) REFERENCES members
);
ALTER TABLE space_commitments ENABLE ROW LEVEL SECURITY;
ALTER TABLE space_commitments FORCE ROW LEVEL SECURITY;
CREATE POLICY space_commitments_neutral ON space_commitments
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
CREATE POLICY space_commitments_own ON space_commitments FOR SELECT
    USING (cluster_id = (SELECT app_cluster()) AND member_id = (SELECT app_member()));
GRANT SELECT, INSERT, UPDATE ON space_commitments TO cluster_app;

-- How much of a member's stood there on a day, as counted.
CREATE TABLE space_counts (
    cluster_id uuid    NOT NULL,
    offer_id   uuid    NOT NULL,
    day        date    NOT NULL,
    member_id  uuid    NOT NULL,
    units      integer NOT NULL CHECK (units >= 0),
    PRIMARY KEY (cluster_id, offer_id, day, member_id),
    FOREIGN KEY (cluster_id, offer_id) REFERENCES space_offers,
    FOREIGN KEY (cluster_id, member_id) REFERENCES members
);
ALTER TABLE space_counts ENABLE ROW LEVEL SECURITY;
ALTER TABLE space_counts FORCE ROW LEVEL SECURITY;
CREATE POLICY space_counts_neutral ON space_counts
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
CREATE POLICY space_counts_own ON space_counts FOR SELECT
    USING (cluster_id = (SELECT app_cluster()) AND member_id = (SELECT app_member()));
GRANT SELECT, INSERT, UPDATE ON space_counts TO cluster_app;

-- What a period of a jointly rented space cost and how it was split, with all that is needed to work it out again.
CREATE TABLE space_splits (
    cluster_id uuid        NOT NULL,
    split_id   uuid        NOT NULL,
    offer_id   uuid        NOT NULL,
    first_on   date        NOT NULL,
    last_on    date        NOT NULL CHECK (last_on >= first_on),
    status     text        NOT NULL DEFAULT 'final' CHECK (status IN ('final', 'withdrawn')),
    cost_minor bigint      NOT NULL,
    content    jsonb       NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, split_id),
    FOREIGN KEY (cluster_id, offer_id) REFERENCES space_leases
);
CREATE INDEX space_splits_of_offer ON space_splits (cluster_id, offer_id, first_on);
ALTER TABLE space_splits ENABLE ROW LEVEL SECURITY;
ALTER TABLE space_splits FORCE ROW LEVEL SECURITY;
CREATE POLICY space_splits_neutral ON space_splits
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT, UPDATE ON space_splits TO cluster_app;

-- One member's part of it: all that it is told.
CREATE TABLE space_shares (
    cluster_id     uuid   NOT NULL,
    split_id       uuid   NOT NULL,
    member_id      uuid   NOT NULL,
    offer_id       uuid   NOT NULL,
    first_on       date   NOT NULL,
    last_on        date   NOT NULL,
    status         text   NOT NULL DEFAULT 'final' CHECK (status IN ('final', 'withdrawn')),
    rule           text   NOT NULL,
    reserved_minor bigint NOT NULL,
    running_minor  bigint NOT NULL,
    overflow_minor bigint NOT NULL,
    relet_minor    bigint NOT NULL,
    credit_minor   bigint NOT NULL,
    share_minor    bigint NOT NULL,
    alone_minor    bigint NOT NULL,
    peak_units     integer NOT NULL,
    peak_on        date   NOT NULL,
    joint_peak_on  date   NOT NULL,
    at_joint_peak  integer NOT NULL,
    used_days      bigint NOT NULL,
    over_days      bigint NOT NULL,
    released_days  bigint NOT NULL,
    PRIMARY KEY (cluster_id, split_id, member_id),
    FOREIGN KEY (cluster_id, split_id) REFERENCES space_splits,
    FOREIGN KEY (cluster_id, member_id) REFERENCES members,
    CHECK (share_minor = reserved_minor + running_minor + overflow_minor + relet_minor + credit_minor)
);
CREATE INDEX space_shares_of_member ON space_shares (cluster_id, member_id, split_id);
ALTER TABLE space_shares ENABLE ROW LEVEL SECURITY;
ALTER TABLE space_shares FORCE ROW LEVEL SECURITY;
CREATE POLICY space_shares_neutral ON space_shares
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
CREATE POLICY space_shares_own ON space_shares FOR SELECT
    USING (cluster_id = (SELECT app_cluster()) AND member_id = (SELECT app_member()));
GRANT SELECT, INSERT, UPDATE ON space_shares TO cluster_app;
