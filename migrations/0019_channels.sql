-- Sales channels, and the orders that came from them. A member's own business and its customers' data: not even the
-- coordinator reads them. What is booked from them it sees as bookings.
CREATE TABLE channels (
    cluster_id    uuid        NOT NULL,
    channel_id    uuid        NOT NULL,
    member_id     uuid        NOT NULL,
    code          text        NOT NULL CHECK (length(code) BETWEEN 1 AND 64),
    kind          text        NOT NULL CHECK (kind IN ('woocommerce', 'shopify')),
    base_url      text        NOT NULL CHECK (length(base_url) BETWEEN 8 AND 2000),
    -- Credentials, the secret of the shop's webhooks and the token of the inlet, encrypted for this row.
    sealed        bytea       NOT NULL,
    token_digest  bytea       NOT NULL CHECK (length(token_digest) = 32),
    settings      jsonb       NOT NULL,
    version       bigint      NOT NULL DEFAULT 1 CHECK (version > 0),
    active        boolean     NOT NULL DEFAULT true,
    -- How far the shop's orders were read, and whether its webhooks are set up.
    cursor        text,
    poll_at       timestamptz NOT NULL DEFAULT now(),
    polled_at     timestamptz,
    hooked_at     timestamptz,
    -- When a worker looks again; while one works, until when it may, and the number of that claim.
    due_at        timestamptz NOT NULL DEFAULT now(),
    paused_until  timestamptz,
    working_until timestamptz,
    fence         bigint      NOT NULL DEFAULT 0,
    failures      integer     NOT NULL DEFAULT 0 CHECK (failures >= 0),
    error         text,
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, channel_id),
    UNIQUE (cluster_id, member_id, code),
    FOREIGN KEY (cluster_id, member_id) REFERENCES members
);
CREATE INDEX channels_by_id ON channels (channel_id);
CREATE INDEX channels_due ON channels (due_at) WHERE active;
ALTER TABLE channels ENABLE ROW LEVEL SECURITY;
ALTER TABLE channels FORCE ROW LEVEL SECURITY;
CREATE POLICY channels_own ON channels
    USING (cluster_id = (SELECT app_cluster()) AND ((SELECT app_role()) = 'system' OR member_id = (SELECT app_member())))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND ((SELECT app_role()) = 'system' OR member_id = (SELECT app_member())));
-- A shop that knocks names no cluster, and workers serve all of them.
CREATE POLICY channels_of_all_read ON channels FOR SELECT
    USING ((SELECT app_role()) = 'system' AND (SELECT app_cluster()) IS NULL);
CREATE POLICY channels_of_all ON channels FOR UPDATE
    USING ((SELECT app_role()) = 'system' AND (SELECT app_cluster()) IS NULL)
    WITH CHECK ((SELECT app_role()) = 'system' AND (SELECT app_cluster()) IS NULL);
GRANT SELECT, INSERT, UPDATE, DELETE ON channels TO cluster_app;

-- One order of a shop is one row, whoever tells of it and however often: that is what makes it arrive once.
CREATE TABLE channel_orders (
    cluster_id    uuid        NOT NULL,
    order_id      uuid        NOT NULL,
    member_id     uuid        NOT NULL,
    channel_id    uuid        NOT NULL,
    external_id   text        NOT NULL CHECK (length(external_id) BETWEEN 1 AND 100),
    number        text        NOT NULL CHECK (length(number) BETWEEN 1 AND 100),
    state         text        NOT NULL DEFAULT 'received'
                  CHECK (state IN ('received', 'unpaid', 'booked', 'cancelled', 'skipped', 'faulty', 'exception', 'erased')),
    via           text        NOT NULL CHECK (via IN ('webhook', 'poll')),
    -- What the shop said last, and when it was so there. No payment data, and nothing that a booking does not need.
    told_at       timestamptz NOT NULL,
    digest        bytea       CHECK (length(digest) = 32),
    content       jsonb,
    -- to_fetch: the shop must be asked. pending: what was told has not been acted upon.
    to_fetch      boolean     NOT NULL DEFAULT false,
    pending       boolean     NOT NULL DEFAULT false,
    retry_at      timestamptz,
    mend          jsonb,
    faults        jsonb       NOT NULL DEFAULT '[]',
    shipment_id   uuid,
    booked_digest bytea       CHECK (length(booked_digest) = 32),
    -- What the shop was told: 0 nothing, 1 planned, 2 dispatched, 3 delivered.
    told_stage    smallint    NOT NULL DEFAULT 0 CHECK (told_stage BETWEEN 0 AND 3),
    tell_at       timestamptz,
    tell_failures integer     NOT NULL DEFAULT 0 CHECK (tell_failures >= 0),
    tell_error    text,
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, order_id),
    UNIQUE (cluster_id, channel_id, external_id),
    FOREIGN KEY (cluster_id, channel_id) REFERENCES channels ON DELETE CASCADE,
    FOREIGN KEY (cluster_id, shipment_id) REFERENCES shipments
);
CREATE INDEX channel_orders_channel ON channel_orders (cluster_id, channel_id, order_id);
CREATE INDEX channel_orders_work ON channel_orders (cluster_id, channel_id) WHERE pending OR to_fetch;
CREATE INDEX channel_orders_to_tell ON channel_orders (cluster_id, channel_id, shipment_id) WHERE told_stage < 3;
CREATE INDEX channel_orders_shipment ON channel_orders (cluster_id, shipment_id);
ALTER TABLE channel_orders ENABLE ROW LEVEL SECURITY;
ALTER TABLE channel_orders FORCE ROW LEVEL SECURITY;
CREATE POLICY channel_orders_own ON channel_orders
    USING (cluster_id = (SELECT app_cluster()) AND ((SELECT app_role()) = 'system' OR member_id = (SELECT app_member())))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND ((SELECT app_role()) = 'system' OR member_id = (SELECT app_member())));
CREATE POLICY channel_orders_housekeeping_read ON channel_orders FOR SELECT
    USING ((SELECT app_role()) = 'system' AND (SELECT app_cluster()) IS NULL);
CREATE POLICY channel_orders_housekeeping ON channel_orders FOR UPDATE
    USING ((SELECT app_role()) = 'system' AND (SELECT app_cluster()) IS NULL)
    WITH CHECK ((SELECT app_role()) = 'system' AND (SELECT app_cluster()) IS NULL);
GRANT SELECT, INSERT, UPDATE, DELETE ON channel_orders TO cluster_app;

-- What is in a shipment's handling units changes when the shop's order does.
GRANT DELETE ON unit_contents TO cluster_app;
