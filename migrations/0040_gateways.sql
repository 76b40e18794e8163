-- Gateways: carriers' own systems, to which orders go out. A member's account there is its own business, as its shops are;
-- those without a member are the cluster's, for the neutral side.
CREATE TABLE gateways (
    cluster_id    uuid        NOT NULL REFERENCES clusters,
    gateway_id    uuid        NOT NULL,
    member_id     uuid,
    -- Whose tours and offers are exchanged as files; none where orders are of shipments.
    carrier_id    uuid,
    code          text        NOT NULL CHECK (length(code) BETWEEN 1 AND 64),
    kind          text        NOT NULL CHECK (kind IN ('karrio', 'lalamove', 'ghn', 'sftp', 'folder')),
    base_url      text        CHECK (length(base_url) BETWEEN 8 AND 2000),
    -- Credentials, encrypted for this row; none once it is removed.
    sealed        bytea,
    token_digest  bytea       NOT NULL CHECK (length(token_digest) = 32),
    settings      jsonb       NOT NULL,
    version       bigint      NOT NULL DEFAULT 1 CHECK (version > 0),
    active        boolean     NOT NULL DEFAULT true,
    -- Files: when a worker looks again; while one works, until when it may, and the number of that claim.
    due_at        timestamptz NOT NULL DEFAULT now(),
    working_until timestamptz,
    fence         bigint      NOT NULL DEFAULT 0,
    looked_at     timestamptz,
    failures      integer     NOT NULL DEFAULT 0 CHECK (failures >= 0),
    error         text,
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now(),
    removed_at    timestamptz,
    PRIMARY KEY (cluster_id, gateway_id),
    FOREIGN KEY (cluster_id, member_id) REFERENCES members,
    FOREIGN KEY (cluster_id, carrier_id) REFERENCES carriers,
    CHECK ((kind IN ('sftp', 'folder')) = (carrier_id IS NOT NULL)),
    CHECK (carrier_id IS NULL OR member_id IS NULL),
    CHECK ((sealed IS NULL) = (removed_at IS NOT NULL))
);
CREATE UNIQUE INDEX gateways_code ON gateways (cluster_id, member_id, code) NULLS NOT DISTINCT WHERE removed_at IS NULL;
CREATE INDEX gateways_by_id ON gateways (gateway_id);
CREATE INDEX gateways_due ON gateways (due_at) WHERE active AND carrier_id IS NOT NULL AND removed_at IS NULL;
ALTER TABLE gateways ENABLE ROW LEVEL SECURITY;
ALTER TABLE gateways FORCE ROW LEVEL SECURITY;
CREATE POLICY gateways_own ON gateways
    USING (cluster_id = (SELECT app_cluster())
           AND ((SELECT app_role()) = 'system' OR member_id = (SELECT app_member())
                OR (member_id IS NULL AND (SELECT app_neutral()))))
    WITH CHECK (cluster_id = (SELECT app_cluster())
                AND ((SELECT app_role()) = 'system' OR member_id = (SELECT app_member())
                     OR (member_id IS NULL AND (SELECT app_neutral()))));
-- A carrier's system that knocks names no cluster, and workers serve all of them.
CREATE POLICY gateways_of_all_read ON gateways FOR SELECT
    USING ((SELECT app_role()) = 'system' AND (SELECT app_cluster()) IS NULL);
CREATE POLICY gateways_of_all ON gateways FOR UPDATE
    USING ((SELECT app_role()) = 'system' AND (SELECT app_cluster()) IS NULL)
    WITH CHECK ((SELECT app_role()) = 'system' AND (SELECT app_cluster()) IS NULL);
GRANT SELECT, INSERT, UPDATE ON gateways TO cluster_app;

-- One order at a carrier's system. The row is there before anybody is asked, and its identifier is the reference by which
-- it is found again: an order whose answer was lost is looked for, never simply placed again.
CREATE TABLE gateway_orders (
    cluster_id      uuid        NOT NULL,
    order_id        uuid        NOT NULL,
    gateway_id      uuid        NOT NULL,
    -- Whose gateway it is: none, the cluster's.
    member_id       uuid,
    shipment_id     uuid        NOT NULL,
    service         text        CHECK (length(service) BETWEEN 1 AND 100),
    options         jsonb       NOT NULL,
    price_max_minor bigint      CHECK (price_max_minor >= 0),
    state           text        NOT NULL DEFAULT 'placing'
                    CHECK (state IN ('placing', 'placed', 'unclear', 'refused', 'cancelling', 'cancelled', 'done')),
    -- Since when the carrier's system may know of it; none: it does not.
    asked_at        timestamptz,
    external_id     text,
    tracking_number text,
    tracking_url    text,
    label_ref       text,
    price_minor     bigint      CHECK (price_minor >= 0),
    currency        text,
    -- The last word of the carrier's system, in its own codes.
    foreign_code    text,
    foreign_at      timestamptz,
    error           text,
    detail          text,
    -- Numbers that the carrier's system told of, one of which may be an order whose answer was lost.
    hints           text[]      NOT NULL DEFAULT '{}' CHECK (cardinality(hints) <= 20),
    due_at          timestamptz DEFAULT now(),
    working_until   timestamptz,
    fence           bigint      NOT NULL DEFAULT 0,
    failures        integer     NOT NULL DEFAULT 0 CHECK (failures >= 0),
    version         bigint      NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, order_id),
    FOREIGN KEY (cluster_id, gateway_id) REFERENCES gateways,
    FOREIGN KEY (cluster_id, shipment_id) REFERENCES shipments,
    CHECK (external_id IS NOT NULL OR state IN ('placing', 'unclear', 'refused', 'cancelled'))
);
-- A shipment is given away once at a time.
CREATE UNIQUE INDEX gateway_orders_shipment ON gateway_orders (cluster_id, shipment_id)
    WHERE state IN ('placing', 'placed', 'unclear', 'cancelling');
CREATE INDEX gateway_orders_of_shipment ON gateway_orders (cluster_id, shipment_id, order_id);
CREATE INDEX gateway_orders_gateway ON gateway_orders (cluster_id, gateway_id, order_id);
CREATE INDEX gateway_orders_external ON gateway_orders (cluster_id, gateway_id, external_id);
CREATE INDEX gateway_orders_due ON gateway_orders (due_at) WHERE due_at IS NOT NULL;
ALTER TABLE gateway_orders ENABLE ROW LEVEL SECURITY;
ALTER TABLE gateway_orders FORCE ROW LEVEL SECURITY;
CREATE POLICY gateway_orders_own ON gateway_orders
    USING (cluster_id = (SELECT app_cluster())
           AND ((SELECT app_role()) = 'system' OR member_id = (SELECT app_member())
                OR (member_id IS NULL AND (SELECT app_neutral()))))
    WITH CHECK (cluster_id = (SELECT app_cluster())
                AND ((SELECT app_role()) = 'system' OR member_id = (SELECT app_member())
                     OR (member_id IS NULL AND (SELECT app_neutral()))));
CREATE POLICY gateway_orders_of_all_read ON gateway_orders FOR SELECT
    USING ((SELECT app_role()) = 'system' AND (SELECT app_cluster()) IS NULL);
CREATE POLICY gateway_orders_of_all ON gateway_orders FOR UPDATE
    USING ((SELECT app_role()) = 'system' AND (SELECT app_cluster()) IS NULL)
    WITH CHECK ((SELECT app_role()) = 'system' AND (SELECT app_cluster()) IS NULL);
GRANT SELECT, INSERT, UPDATE ON gateway_orders TO cluster_app;

-- Files that were exchanged with a carrier: what went out once for each version of a tour or offer, what came in once for
-- each content under a name, and what became of every line.
CREATE TABLE gateway_files (
    cluster_id  uuid        NOT NULL,
    file_id     uuid        NOT NULL,
    gateway_id  uuid        NOT NULL,
    direction   text        NOT NULL CHECK (direction IN ('out', 'in')),
    name        text        NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    digest      bytea       NOT NULL CHECK (length(digest) = 32),
    lines       integer     NOT NULL CHECK (lines >= 0),
    refused     integer     NOT NULL CHECK (refused BETWEEN 0 AND lines),
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cluster_id, file_id),
    FOREIGN KEY (cluster_id, gateway_id) REFERENCES gateways
);
CREATE UNIQUE INDEX gateway_files_once ON gateway_files (cluster_id, gateway_id, direction, name, digest);
CREATE INDEX gateway_files_gateway ON gateway_files (cluster_id, gateway_id, file_id);
ALTER TABLE gateway_files ENABLE ROW LEVEL SECURITY;
ALTER TABLE gateway_files FORCE ROW LEVEL SECURITY;
CREATE POLICY gateway_files_neutral ON gateway_files
    USING (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()))
    WITH CHECK (cluster_id = (SELECT app_cluster()) AND (SELECT app_neutral()));
GRANT SELECT, INSERT ON gateway_files TO cluster_app;
